"""What somebody typed into a form, and what was said against it, by field."""

from __future__ import annotations

from flask import request

from cms.carried import LARGEST
from records.errors import Refused


def errors_of(error: Refused) -> dict[str, str]:
    """Objections by the field they are about; those about none stand under ``""``."""
    found: dict[str, list[str]] = {}
    for objection in error.objections:
        found.setdefault(objection.where, []).append(str(objection))
    return {where: " ".join(sentences) for where, sentences in found.items()}


def whole_number(text: str) -> int | None:
    """A whole number that a row can have, as somebody sent it; None for anything else."""
    found = int(text) if text.isdecimal() and len(text) <= len(str(LARGEST)) else None
    return found if found is not None and found <= LARGEST else None


def text(name: str) -> str:
    """A field of the form without white space around it; empty when it was not sent."""
    return request.form.get(name, "").strip()
