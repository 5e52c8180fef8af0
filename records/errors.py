"""What an operation says when it does not do what was asked.

The roof turns these into 403, 404, 409 and 422 (pages) or exit status 1 and 2 (command line);
bad input files have their own exception in ``records.problems``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Objection:
    """One reason why something may not be done.

    ``code`` is stable and machine-readable, ``sentence`` is for people; ``where`` names the part
    (a module, claim or field) and ``instead`` what replaces it or what to do next.
    """

    code: str
    sentence: str
    where: str = ""
    instead: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.sentence, self.instead) if part)


class DomainError(Exception):
    """Base of all refusals; its text is one clear sentence."""


class NotAllowed(DomainError):
    """The person lacks the permission or the territory."""


class NotFound(DomainError):
    """There is no such thing, or none this person may know of."""


class Stale(DomainError):
    """Somebody else changed it since the screen was opened; nothing was overwritten."""


class NotReady(DomainError):
    """The installation cannot be used as it is: a key or tables are missing, or of another day."""


class Refused(DomainError):
    """The rules object; carries every objection, not only the first."""

    def __init__(self, objections: Iterable[Objection], *, intro: str = "") -> None:
        self.objections = tuple(objections)
        self.intro = intro
        text = " ".join(str(objection) for objection in self.objections)
        super().__init__(f"{intro} {text}".strip())


def refuse(objections: Iterable[Objection], *, intro: str = "") -> None:
    """Raise ``Refused`` if there is any objection."""
    found = tuple(objections)
    if found:
        raise Refused(found, intro=intro)
