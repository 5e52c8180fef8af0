"""Rows of the trail in words: what was done, and the page of the thing it was done to."""

from __future__ import annotations

from typing import Any

from cms.addresses import link
from records.actions import Action
from records.models import AuditRow, Person
from records.roles import Permission, may

_WHOLE = {Action.SIGNATURE_FAILED: "failed to sign", Action.COPY_RECALL: "called back"}
# verbs whose past is not made by adding "ed" or "d"
_PAST = {
    "submit": "submitted",
    "withdraw": "withdrawn",
    "give": "signed",
    "keep": "kept",
    "forget": "forgotten",
    "reply": "answered",
    "rest-anew": "rested on a newer label",
    "make": "made",
    "send": "sent",
    "sign": "signed",
    "stop": "stopped",
    "cancel": "cancelled",
    "supersede": "superseded",
    "verdict": "decided",
    "hold": "given to a reviewer",
    "end": "ended",
    "render": "printed",
    "fail": "failed",
    "lose": "said to be lost",
    "open": "opened",
    "notify": "told by email",
    "queue": "put in the queue",
    "attempt": "handed to the mail server",
    "doubt": "sent, with no answer",
    "bounce": "came back undelivered",
    "suppress": "suppressed",
    "sign-in": "signed in",
    "sign-in-failed": "failed to sign in",
    "sign-out": "signed out",
    "set-password": "given a new password",
    "set-password-failed": "failed to set a password",
    "locked": "locked out",
    "refused": "was refused",
    "failed": "failed",
}


def in_past(action: Action) -> str:
    """What was done, as a participle: "approved", "signed in"."""
    if action in _WHOLE:
        return _WHOLE[action]
    verb = action.value.rpartition(":")[2]
    if verb in _PAST:
        return _PAST[verb]
    return f"{verb}d" if verb.endswith("e") else f"{verb}ed"


def subject_url(row: AuditRow, viewer: Person) -> str | None:
    """The page of what a row is about, if it has one that the viewer may open."""
    if row.subject_kind == "person":
        known = may(viewer, Permission.READ_PEOPLE)
        return link("people.show", person_id=row.subject_id) if known else None
    if not may(viewer, Permission.READ_LIBRARY):
        return None
    # a version has another number once it is approved, the code before it stays
    code = row.subject_label.rpartition(" ")[0]
    material = code.rpartition(" ")[2]
    rooms: dict[str, tuple[str, dict[str, Any]]] = {
        "module_version": ("modules.show", {"code": code}),
        "claim_version": ("claims.show", {"claim_id": code}),
        "material_version": ("materials.show", {"code": code}),
        "copy": ("materials.show", {"code": material, "tab": "copies"}),
        "review_task": ("reviews.task", {"task_id": row.subject_id}),
        "account": ("accounts.show", {"account_id": row.subject_id}),
        "bulk_run": ("bulk.show", {"code": row.subject_label}),
        "deputy": ("deputies.index", {}),
        "recall": ("recalls.show", {"recall_id": row.subject_id}),
    }
    found = rooms.get(row.subject_kind)
    return link(found[0], **found[1]) if found else None
