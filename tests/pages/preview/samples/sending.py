"""Sending an approved email, and the public way out of all mail."""

from __future__ import annotations

from records.errors import Objection
from tests.pages.preview.words import at, some


def _person(number: int, name: str, *objections: Objection) -> object:
    return some(
        id=number,
        name=name,
        title="Pharmacy lead" if number == 1 else "",
        role="Pharmacy and therapeutics",
        email=f"reader.{number}@riverside.example",
        basis="Congress form, 3 October 2026",
        chosen=not objections,
        objections=objections,
    )


def _letter(number: int, state: str, words: str, detail: str = "") -> object:
    return some(
        number=number,
        name=f"Reader {number}",
        email=f"reader.{number}@riverside.example",
        role="Pharmacy and therapeutics",
        state=state,
        words=words,
        detail=detail,
        sent_by=some(name="Field representative"),
        at=at(11, 24),
    )


def _send(**values: object) -> dict[str, object]:
    shown = {
        "code": "EML-0001",
        "title": "Information for the committee",
        "version": "1.0",
        "account": "Riverside Valley Health System",
        "back_url": "#",
        "stopping": (),
        "refused": (),
        "key": "k",
        "people": [],
        "rows": [],
        "waiting": 0,
        "send_url": "#",
        "again_url": "#",
    }
    return {"page": some(**shown | values)}


def _leaving(standing: str) -> dict[str, object]:
    asks = standing == "asks"
    return {
        "page": some(
            organisation="Clearcopy",
            standing=standing,
            address="" if standing == "unknown" else "a…s@riverside.example",
            leave_url="/u/1.a-signed-address" if asks else None,
        )
    }


_SUPPRESSED = Objection("suppressed", "Reader 3 asked for no more emails.")

PAGES = {
    "send": (
        "pages/sending/send.html",
        _send(
            people=[_person(1, "Reader 1"), _person(2, ""), _person(3, "Reader 3", _SUPPRESSED)],
            rows=[
                _letter(31, "approved", "sent"),
                _letter(32, "rejected", "came back", "550 No such mailbox"),
                _letter(33, "in-review", "waiting"),
            ],
            waiting=1,
        ),
    ),
    "send-nobody": ("pages/sending/send.html", _send()),
    "send-stopped": (
        "pages/sending/send.html",
        _send(
            people=[_person(1, "Reader 1")],
            stopping=[Objection("no-mail-server", "No mail server is set.")],
            refused=[Objection("nobody", "Nobody was chosen.")],
        ),
    ),
    "unsubscribe": ("pages/sending/unsubscribe.html", _leaving("asks")),
    "unsubscribe-done": ("pages/sending/unsubscribe.html", _leaving("done")),
    "unsubscribe-unknown": ("pages/sending/unsubscribe.html", _leaving("unknown")),
}
