"""The views of the library that somebody keeps, and the form to keep one more."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import url_for
from sqlalchemy.orm import Session

from cms.web.library_choice import Choice
from modules.views import views_of
from records.models import Person

Values = dict[str, Any]


def kept_views(session: Session, choice: Choice, person: Person) -> list[Values]:
    """What the viewer keeps under names of their own."""
    here = urlsplit(choice.url()).query
    return [
        {
            "name": each.name,
            "url": f"{url_for('library.index')}?{each.query}",
            "chosen": each.query == here,
            "forget_url": url_for("library.forget", view_id=each.id),
        }
        for each in views_of(session, person)
    ]


def keep_form(choice: Choice) -> Values | None:
    """The form that keeps what is chosen now; nothing chosen, nothing to keep."""
    query = urlsplit(choice.url()).query
    return {"url": url_for("library.keep"), "query": query} if query else None
