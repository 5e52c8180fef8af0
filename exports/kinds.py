"""The kinds of material there are in print, and what each is called.

A kind is a layout with its frame; a channel is what a module is approved for. A question and
answer sheet is handed over like a leave-behind, so it holds what is approved for leave-behinds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exports.models import MaterialVersion

# by kind: what its first page says it is
TITLES = {
    "brief": "Account brief",
    "leave-behind": "Leave-behind",
    "faq-sheet": "Questions and answers",
    "meeting-prep": "Meeting-prep guide",
    "talk-track": "Talk track",
    "hand-off": "Hand-off checklist",
}
PRINTED = frozenset(TITLES)  # kinds with a layout in templates/documents that is printed


# kinds that are no print, as people call them
_OTHERS = {"email": "Approved email", "deck": "Presentation"}
MAILED = frozenset(["email"])  # kinds that are a message
DECKS = frozenset(["deck"])  # kinds that are slides


def title_of(kind: str) -> str:
    """What people call a kind of material."""
    return (TITLES | _OTHERS).get(kind, kind.replace("-", " ").capitalize())


def kind_of(version: MaterialVersion) -> str:
    """The kind of a material version, as its template says it."""
    return frame_kind(version.template_version.frame, version.material.channel.value)


def frame_kind(frame: dict[str, object], channel: str) -> str:
    """The kind a stored frame names; frames that name none are of their channel's kind."""
    return str(frame.get("kind") or channel)
