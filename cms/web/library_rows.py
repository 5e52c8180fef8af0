"""The rows of the library: where the words stand, how each module stands, where it is used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from cms.formatting import day, plural
from exports.where_used import count_by_module
from modules import search
from modules.catalogue import Standing
from modules.models import ModuleVersion
from modules.queries import Row, until_of
from modules.search_texts import bodies, written
from records.lifecycle import VersionState
from records.vocabulary import Phase, Role

_PREVIEW = 170
_MOST_ROLES = 2
_KEPT = 2_000
_GONE = {VersionState.WITHDRAWN, VersionState.REJECTED, VersionState.CANCELLED}
# what a version reads as, by the hash of its content: it cannot change behind that
_texts: dict[str, str] = {}
_openings: dict[str, str] = {}


def rows(session: Session, found: Sequence[Row], words: str) -> list[dict[str, Any]]:
    """One line for each found module."""
    asked = words if search.asks_something(words) else ""
    versions = [row.version for row in found]
    texts = plain(session, versions) if asked else openings(session, versions)
    used = count_by_module(session, [row.version.module_id for row in found])
    ends = until_of(session, found)
    return [
        _row(row, asked, texts[row.version.id], used, ends.get(row.version.module_id))
        for row in found
    ]


def plain(session: Session, versions: Iterable[ModuleVersion]) -> dict[int, str]:
    """The text of versions as people read it, by id."""
    return _remembered(session, list(versions), _texts)


def openings(session: Session, versions: Iterable[ModuleVersion]) -> dict[int, str]:
    """The beginnings of those texts, by id, without reading the rest."""
    versions = list(versions)
    longest = max((len(each.title) for each in versions), default=0)
    return _remembered(session, versions, _openings, opening=longest + 2 * _PREVIEW)


def _remembered(
    session: Session,
    versions: Sequence[ModuleVersion],
    known: dict[str, str],
    *,
    opening: int | None = None,
) -> dict[int, str]:
    found = {each.id: known.get(each.content_sha256) for each in versions}
    unknown = {each.id: each.content_sha256 for each in versions if found[each.id] is None}
    if unknown:
        if len(known) > _KEPT:
            known.clear()
        made = bodies(session, written(session, unknown), opening=opening)
        known.update({sha256: made[id] for id, sha256 in unknown.items()})
        found |= {id: made[id] for id in unknown}
    return {id: text or "" for id, text in found.items()}


def _row(
    row: Row, words: str, text: str, used: dict[int, int], until: date | None
) -> dict[str, Any]:
    version = row.version
    return {
        "code": version.code,
        "title": _marked(words, version.title) if words else [(version.title, False)],
        "line": _snippet(words, text) if words else [(_beginning(text, version.title), False)],
        "state": version.state.value,
        "version": version.version,
        "flag": _flag(row),
        "standing": _standing(row, until),
        "tags": _tags(version),
        "materials": used.get(version.module_id, 0),
        "owner": version.module.owner.name,
        "updated_at": version.updated_at,
    }


_marked = lru_cache(maxsize=250)(search.mark)
_snippet = lru_cache(maxsize=250)(search.snippet)


@lru_cache(maxsize=1_000)
def _beginning(text: str, title: str) -> str:
    """The first words of a text, without the heading that only repeats the title."""
    words = " ".join(text.removeprefix(f"{title}\n")[: 2 * _PREVIEW].split())
    if len(words) <= _PREVIEW:
        return words
    return words[:_PREVIEW].rpartition(" ")[0] + " …"


def _flag(row: Row) -> str | None:
    if row.version is not row.approved or row.standing in (None, Standing.VALID):
        return None
    return str(row.standing)


def _standing(row: Row, until: date | None) -> str:
    version, approved = row.version, row.approved
    if version.state in _GONE or version.state is VersionState.SUPERSEDED:
        return f"since {day(version.ended_at or version.updated_at)}"
    if approved is None:
        return "not yet approved"
    if until is None:
        return ""
    ended = row.standing is Standing.EXPIRED
    if approved is version:
        return f"since {day(until)}" if ended else f"may be used until {day(until)}"
    if ended:
        return f"{approved.version} has expired"
    return f"{approved.version} may be used until {day(until)}"


def _tags(version: ModuleVersion) -> list[str]:
    phases = [Phase(each).label for each in version.phases]
    roles = [Role(each).label for each in version.roles]
    if len(phases) == len(Phase):
        phases = ["All phases"]
    if len(roles) == len(Role):
        roles = ["All roles"]
    elif len(roles) > _MOST_ROLES:
        roles = [*roles[:_MOST_ROLES], plural(len(roles) - _MOST_ROLES, "more role")]
    return [version.pillar.label, *phases, *roles]
