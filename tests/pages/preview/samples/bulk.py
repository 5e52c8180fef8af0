"""Bulk runs: the list, the order with what it comes to, a run at each step."""

from __future__ import annotations

from cms.review_page import Form
from records.errors import Objection
from tests.pages.preview.words import HASH, NOW, at, pill, some

_ROLES = [
    ("medical-director", "Medical director"),
    ("pharmacy-and-therapeutics", "Pharmacy and therapeutics"),
    ("pharmacy-director", "Pharmacy director"),
    ("payer", "Payer"),
]
_LACKING = (
    "No approved module for the role Payer fits this template. "
    "Choose another role, or have such a module approved."
)
_STATE = "No field representative has WY in their territory."


def _row(number: int, state: str, words: str, issued: int, refused: int) -> object:
    return some(
        code=f"BULK-{number:04d}",
        url="#",
        title="Brief for HALVORYN",
        scope="3 roles; tier=strategic state=WI,MN",
        state=state,
        words=words,
        documents=10_240,
        issued=issued,
        refused=refused,
        by="Library keeper",
        at=at(11, 24),
    )


def _order(**values: object) -> dict[str, object]:
    typed = dict.fromkeys(("journey", "meeting", "like", "purpose", "holder"), "")
    tiers = [
        some(value="strategic", label="Strategic", count=412, chosen=True),
        some(value="growth", label="Growth", count=1_980, chosen=False),
    ]
    states = [some(value=each, label=each, count=20, chosen=False) for each in ("MN", "WI", "WY")]
    shown = {
        "typed": {"product": "HALVORYN", "template": "", **typed},
        "errors": {},
        "refused": (),
        "objections": (),
        "query": "",
        "facets": [
            some(name="tier", label="Tier", options=tiers, open=True),
            some(name="phase", label="Journey phase", options=[], open=True),
            some(name="state", label="State", options=states, open=False),
        ],
        "accounts": 412,
        "products": [("HALVORYN", "HALVORYN (ostavatinib)")],
        "templates": [("TPL-BRIEF-US", "Account brief, United States, 1.0")],
        "roles": _ROLES,
        "chosen_roles": (),
        "phases": [("discovery", "Discovery")],
        "holders": [("rep@example.org", "Field representative")],
        "plan": None,
        "may_start": True,
        "why_not": "",
        "start_url": "#",
        "seen": "",
        "key": "k",
    }
    return {"page": some(**shown | values)}


_PLAN = some(
    accounts=412,
    documents=1_214,
    compositions=18,
    refused=22,
    reasons=[
        some(reason=_LACKING, count=19, examples=["Riverside Clinic", "Elm Hospital"], more=17),
        some(reason=_STATE, count=3, examples=["Ten Sleep Clinic"], more=0),
    ],
    more_reasons=0,
)


def _document(place: int, state: str, words: str, **values: object) -> object:
    shown = {
        "account": "Riverside Valley Health System",
        "number": f"ACC-{place:05d}",
        "role": "Pharmacy and therapeutics",
        "material": f"BRF-{place:04d}",
        "url": "#",
        "number_of_copy": None,
        "way": "",
        "reason": "",
    }
    return some(place=place, state=state, words=words, **shown | values)


def _run(**values: object) -> dict[str, object]:
    shown = {
        "code": "BULK-0003",
        "title": "Brief for HALVORYN",
        "state": "in-review",
        "words": "Being issued",
        "by": "Library keeper",
        "at": at(11, 24),
        "ended_at": None,
        "wish": [
            ("Accounts", "tier=strategic state=WI,MN"),
            ("Roles", "Medical director, Pharmacy and therapeutics, Payer"),
            ("Product", "HALVORYN"),
            ("Copies for", "each territory's representative"),
        ],
        "active": False,
        "halted": "",
        "total": 1_236,
        "whole": 1_214,
        "through": 871,
        "step": "",
        "counts": [pill("All", 1_236, chosen=True), pill("Refused", 22), pill("Issued", 871)],
        "reasons": [(_LACKING, 19), (_STATE, 3)],
        "more_reasons": 0,
        "compositions": [
            some(role="Medical director", tier="Strategic", phase="Evidence review", url="#",
                 documents=204, material="BRF-0001", account="Riverside Valley Health System"),
            some(role="Payer", tier="Strategic", phase="Discovery", url="#",
                 documents=120, material="BRF-0205", account="Elm Hospital"),
        ],
        "rows": [
            _document(1, "issued", "Issued", number_of_copy=31, way="from a plate"),
            _document(2, "making", "Being made", number_of_copy=32),
            _document(3, "rejected", "Refused", material=None, url=None, reason=_STATE),
        ],
        "first_url": None,
        "next_url": "#",
        "may_pause": False,
        "may_resume": False,
        "may_cancel": False,
        "may_take": False,
        "refused": (),
        "signing": None,
    }  # fmt: skip
    return {"page": some(**shown | values)}


def _signing(**values: object) -> object:
    shown = {
        "documents": 1_214,
        "discipline": "regulatory",
        "since": at(11, 24),
        "due_at": at(11, 27),
        "may_decide": True,
        "refused": "",
        "content_sha256": HASH,
        "verdicts": [
            some(value="approve", label="Approve", meaning="I approve it.", needs_comment=False),
            some(value="reject", label="Reject", meaning="I reject it.", needs_comment=True),
        ],
        "form": Form(),
        "key": "k",
        "now": NOW,
    }
    return some(**shown | values)


_WAITING = {"state": "due", "words": "Waits for a signature", "through": 0}

PAGES = {
    "bulk": (
        "pages/bulk/index.html",
        {
            "page": some(
                rows=[
                    _row(3, "in-review", "Being issued", 8_710, 0),
                    _row(2, "due", "Waits for a signature", 0, 22),
                    _row(1, "issued", "Finished", 10_240, 0),
                ],
                may_order=True,
                back_url=None,
                next_url="#",
            )
        },
    ),
    "bulk-none": (
        "pages/bulk/index.html",
        {"page": some(rows=[], may_order=True, back_url=None, next_url=None)},
    ),
    "bulk-new": ("pages/bulk/new.html", _order()),
    "bulk-new-plan": (
        "pages/bulk/new.html",
        _order(chosen_roles=("payer", "medical-director"), plan=_PLAN, seen="s"),
    ),
    "bulk-new-refused": (
        "pages/bulk/new.html",
        _order(
            errors={"role": "Choose at least one role."},
            refused=[Objection("stale", "Accounts have changed since you looked.")],
            objections=[Objection("format", "An email is sent, not printed.")],
        ),
    ),
    "bulk-new-writer": (
        "pages/bulk/new.html",
        _order(plan=_PLAN, may_start=False, why_not="Starting a run needs a librarian."),
    ),
    "bulk-run": (
        "pages/bulk/show.html",
        _run(active=True, step="issued", may_pause=True, may_resume=True, may_cancel=True),
    ),
    "bulk-run-halted": (
        "pages/bulk/show.html",
        _run(
            state="waiting", words="Paused", step="issued", may_resume=True, may_cancel=True,
            halted="Documents 751 to 1000: the disk is full.",
        ),
    ),
    "bulk-run-waiting": ("pages/bulk/show.html", _run(**_WAITING, signing=_signing())),
    "bulk-run-signing": (
        "pages/bulk/show.html",
        _run(
            **_WAITING,
            signing=_signing(form=Form(open=True, errors={"password": "It is not right."})),
        ),
    ),
    "bulk-run-author": (
        "pages/bulk/show.html",
        _run(
            **_WAITING, may_cancel=True, refused=[Objection("reason", "Say why.")],
            signing=_signing(may_decide=False, refused="A regulatory reviewer signs the batch."),
        ),
    ),
    "bulk-run-done": (
        "pages/bulk/show.html",
        _run(state="issued", words="Finished", through=1_214, ended_at=NOW, may_take=True),
    ),
}  # fmt: skip
