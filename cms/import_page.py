"""The one import page of all rooms: a file, what is wrong in it, what it would do, confirm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import flash, redirect, render_template, request, url_for

from cms import uploads
from cms.pages import session
from records.problems import BadInput, Problem

SHOWN = 40
MOST_PROBLEMS = 200


class Report(Protocol):
    """What an import did or would do, by code or name."""

    @property
    def created(self) -> Sequence[str]: ...
    @property
    def changed(self) -> Sequence[str]: ...
    @property
    def unchanged(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class ImportPage:
    """What one room's import page says; ``room`` is the blueprint and the part of the menu."""

    room: str
    title: str
    lede: str
    accept: str
    hint: str
    one: str
    many: str
    columns: Sequence[str] = ()

    def answer(self, run: Callable[[uploads.Upload, bool], Report]) -> Any:
        """GET: the form. POST: try the file, then, confirmed, import it.

        ``run(upload, dry_run)`` is the room's operation; what it refuses in the file is shown by
        row and field, and nothing is changed.
        """
        if request.method == "GET":
            return self._page()
        try:
            upload = uploads.brought()
            confirmed = "key" in request.form
            report = run(upload, not confirmed)
        except BadInput as error:
            session().rollback()
            return self._page(problems=error.problems), 422
        if confirmed:
            uploads.drop(upload)
            flash(f"{upload.name} is imported: {self.counted(report)}.", "ok")
            return redirect(url_for(f"{self.room}.index"), 303)
        session().rollback()
        uploads.keep(upload)
        return self._page(upload=upload, report=report)

    def counted(self, report: Report) -> str:
        """``3 claims new, 1 changed, 30 as they were``."""
        new = len(report.created)
        noun = self.one if new == 1 else self.many
        changed, same = len(report.changed), len(report.unchanged)
        return f"{new:,} {noun} new, {changed:,} changed, {same:,} as before"

    def _page(
        self,
        *,
        problems: Sequence[Problem] = (),
        upload: uploads.Upload | None = None,
        report: Report | None = None,
    ) -> str:
        values = {
            "room": self.room,
            "title": self.title,
            "lede": self.lede,
            "accept": self.accept,
            "hint": self.hint,
            "columns": self.columns,
            "url": url_for(f"{self.room}.import_file"),
            "back_url": url_for(f"{self.room}.index"),
            "problems": problems[:MOST_PROBLEMS],
            "problems_total": len(problems),
            "tried": self._tried(upload, report) if upload and report else None,
        }
        return render_template("pages/imports/show.html", page=values)

    def _tried(self, upload: uploads.Upload, report: Report) -> dict[str, Any]:
        groups = (
            ("new", report.created),
            ("changed", report.changed),
            ("as before", report.unchanged),
        )
        return {
            "key": upload.key,
            "name": upload.name,
            "size": len(upload.data),
            "nothing": not report.created and not report.changed,
            "groups": [
                {"words": words, "count": len(codes), "codes": list(codes[:SHOWN])}
                for words, codes in groups
            ],
            "warnings": list(getattr(report, "warnings", ())),
        }
