"""What may be written down about a person: plain values in, objections out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from zoneinfo import available_timezones

from records.errors import Objection
from records.roles import StaffRole

THEMES = ("", "light", "dark")
LONGEST = 200
_ADDRESS = re.compile(r"[^@\s<>]{1,64}@[^@\s<>]{1,189}")
_STATE = re.compile(r"[A-Z][A-Z .'-]{0,39}")


def address_objections(email: str) -> Iterator[Objection]:
    """An address to sign in with."""
    if not _ADDRESS.fullmatch(email):
        yield Objection("email", f"{email[:60]!r} is not an e-mail address.", where="email")


def theme_objections(theme: str) -> Iterator[Objection]:
    """Light, dark, or as the computer has it."""
    if theme not in THEMES:
        yield Objection("theme", f"{theme[:20]!r} is neither light nor dark.", where="theme")


def person_objections(
    name: str, title: str, held: set[StaffRole], states: Iterable[str]
) -> Iterator[Objection]:
    """Names are printed with signatures, so they are plain text; a person has some role."""
    if not name.strip():
        yield Objection("name", "A person needs a name.", where="name")
    for field, text in (("name", name), ("title", title)):
        if len(text) > LONGEST:
            yield Objection(field, f"At most {LONGEST} characters fit into a {field}.", where=field)
        elif not text.isprintable() or "<" in text or ">" in text:
            yield Objection(field, f"Only plain text is allowed in a {field}.", where=field)
    if not held:
        yield Objection("roles", "Choose at least one role.", where="roles")
    for state in states:
        if not _STATE.fullmatch(state):
            sentence = f"{state[:40]!r} is not a state such as WI."
            yield Objection("territory", sentence, where="territory")


def zone_objections(zone: str) -> Iterator[Objection]:
    """Time zones by their names in the IANA database."""
    if zone not in available_timezones():
        yield Objection("zone", f"{zone[:60]!r} is not a time zone.", where="zone")
