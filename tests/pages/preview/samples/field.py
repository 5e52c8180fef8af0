"""The rep's pages, the public page, the desks."""

from __future__ import annotations

from records.errors import Objection
from tests.pages.preview.samples.reviews import GROUPS
from tests.pages.preview.words import NOW, at, on, pill, some

_REFUSAL = some(
    head="You cannot download this.",
    objections=[
        Objection(
            "module-withdrawn",
            "A reference it relied on was retracted, so HAL-M-0133 was withdrawn. No copy may be"
            " shown or handed over.",
        )
    ],
    instead_url="#BRF-0010",
    instead="Time to response, first scan at week 8",
)


def _material(
    code: str, title: str, standing: str, days: int | None = None, refusal: object = None
) -> object:
    return some(
        code=code,
        title=title,
        url="#",
        channel="brief",
        version="1.0",
        note="6 pages, 412 kB",
        standing=standing,
        until=on(12, 12),
        days=days,
        key="k",
        formats=[("pdf", "PDF")],
        refusal=refusal,
    )


def _account(number: int, name: str, *counts: int, chosen: bool = False) -> object:
    current, expiring, withdrawn = counts
    return some(
        id=number,
        name=name,
        tier="Strategic",
        place="Madison, WI",
        roles=3,
        current=current,
        expiring=expiring,
        withdrawn=withdrawn,
        chosen=chosen,
    )


_ONE = some(
    name="Riverside Valley Health System",
    tier="Strategic",
    place="Madison, WI",
    care_setting="Academic centre",
    groups=[
        some(
            role="Pharmacy director",
            names="",
            rows=[
                _material("BRF-0009", "An oral option after first progression", "expiring", 18),
                _material("BRF-0010", "Time to response, first scan at week 8", "valid"),
            ],
        ),
        some(
            role="Medical director",
            names="",
            rows=[
                _material(
                    "BRF-0004", "Response assessment in routine care", "withdrawn", refusal=_REFUSAL
                )
            ],
        ),
    ],
)


def _field(account: object = None, **values: object) -> dict[str, object]:
    chosen = account is not None
    usual = {
        "today": on(11, 24),
        "query": "",
        "total": 4,
        "next_url": None,
        "account": account,
        "accounts": [
            _account(1, "Riverside Valley Health System", 1, 1, 1, chosen=chosen),
            _account(2, "Lakeshore Cancer Institute", 9, 0, 0),
            _account(3, "Prairie State Oncology Network", 4, 1, 0),
            _account(4, "St. Brennan Regional", 0, 0, 0),
        ],
        "alerts": [
            some(
                title="1 of your copies may no longer be used.",
                body="Copy 0012, Riverside Valley.",
                url="#",
                link="See what to do",
            )
        ],
    }
    return {"page": some(**{**usual, **values})}


def _answer(standing: str, **values: object) -> dict[str, object]:
    usual = {
        "standing": standing,
        "code": "7KQ4-M2XD",
        "organisation": "Northlight Oncology",
        "material": "BRF-0009",
        "version": "1.0",
        "prepared_on": on(3, 11),
        "valid_since": on(3, 11),
        "valid_until": on(12, 12),
        "ended_on": None,
        "called_back_by": None,
        "newer": None,
        "now": NOW,
    }
    return {"page": some(**{**usual, **values})}


_EMPTY = some(
    title="My drafts", note=None, url=None, link=None, empty="No draft of yours is open.", rows=[]
)


def _work(sign: str, title: str, state: str, flag: str | None, note: str) -> object:
    return some(
        sign=sign,
        title=title,
        url="#",
        serif=True,
        facts=["HAL-M-0142 · 2.1", "Halvoryn"],
        state=state,
        flag=flag,
        words=None,
        note=note,
    )


def _desk(**values: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "lede": None,
        "start": None,
        "more": [],
        "groups": None,
        "empty": "",
        "total": 0,
        "figures": [],
        "lists": [],
        "outro": None,
    }
    return {"page": some(**{**usual, **values})}


_WRITER = _desk(
    headline="Two drafts came back with changes",
    lede="One module of yours is at risk after label version 06.",
    start=("New material", "/materials/new"),
    more=[("New module", "/modules/new")],
    lists=[
        some(
            title="Came back with changes",
            note=None,
            url=None,
            link=None,
            empty="",
            rows=[
                _work(
                    "doc",
                    "Response by prior therapy, descriptive",
                    "changes-requested",
                    None,
                    "Regulatory reviewer: name it as observed.",
                )
            ],
        ),
        some(
            title="At risk or expiring",
            note=None,
            url="#",
            link="All of mine",
            empty="",
            rows=[
                _work(
                    "doc",
                    "Response and duration of response in MERIDIAN-1",
                    "approved",
                    "at-risk",
                    "may be used until 12 Dec 2026",
                ),
                _work("doc", "Why test for RXA2", "approved", "expiring", "17 days left"),
            ],
        ),
        _EMPTY,
    ],
)

_REVIEWER = _desk(
    headline="Seven things need your signature",
    lede="One is late and two are due today.",
    groups=GROUPS,
    total=7,
    start=("Start with the oldest", "/reviews/tasks/1"),
    outro="Your last 30 days: signed 31, returned 6.",
)

_COMPLIANCE = _desk(
    headline="Three modules are at risk, one material is still with holders",
    figures=[
        some(words="Approved modules", number=17, url="#", tone=None),
        some(words="At risk", number=3, url="#", tone="rsk"),
        some(words="Expiring in 60 days", number=5, url="#", tone="chg"),
        some(words="Reviews late", number=1, url="#", tone="rsk"),
        some(words="Copies out", number=1264, url="#", tone=None),
    ],
    lists=[
        some(
            title="At risk",
            note="oldest first",
            url="#",
            link="All 3",
            empty="",
            rows=[
                _work(
                    "doc",
                    "Response and duration of response in MERIDIAN-1",
                    "approved",
                    "at-risk",
                    "label 06 changed 1 quote",
                )
            ],
        )
    ],
)

_COPIES = some(
    mine=True,
    recalled=[
        some(
            number=12 + read,
            recall_id=3,
            title="Response assessment in routine care",
            label="BRF-0004 1.0",
            account="Riverside Valley",
            reason="A reference it relied on was retracted.",
            instead="BRF-0010",
            due_on=on(12, 12),
            late=False,
            read=read,
        )
        for read in (False, True)
    ],
    query="",
    show="",
    first=1,
    last=2,
    total=2,
    back_url=None,
    next_url=None,
    filters=[pill("All", 2, chosen=True), pill("No longer valid", 1)],
    rows=[
        some(
            number=17,
            title="An oral option after first progression",
            code="BRF-0009",
            url="#",
            version="1.0",
            account="Riverside Valley",
            holder="Field representative",
            purpose="Formulary committee",
            format="PDF",
            issued_at=at(11, 20),
            issued_by="Field representative",
            state="issued",
            standing="expiring",
            until=on(12, 12),
            may_download=True,
            refusal=None,
        ),
        some(
            number=12,
            title="Response assessment in routine care",
            code="BRF-0004",
            url=None,
            version="1.0",
            account="Riverside Valley",
            holder="Field representative",
            purpose="Formulary committee",
            format="PDF",
            issued_at=at(10, 14),
            issued_by="Field representative",
            state="issued",
            standing="withdrawn",
            until=on(10, 2),
            may_download=False,
            refusal="Destroy it and tell who has it.",
        ),
    ],
)

_ISSUED = some(
    state="issued",
    failure="",
    slow=False,
    again_url="#",
    number=17,
    code="BRF-0009",
    title="An oral option after first progression",
    version="1.0",
    valid_until=on(12, 12),
    holder="Field representative",
    account_url="#",
    file_name="BRF-0009-1.0-copy-0017.pdf",
    size=412_000,
)

_MAKING = some(**vars(_ISSUED) | {"state": "making", "size": None})
_FAILED = some(
    **vars(_ISSUED)
    | {
        "state": "failed",
        "size": None,
        "failure": "HAL-M-0142: no bundled font has the sign U+2AB0.",
    }
)

PAGES = {
    "rep": ("pages/field/accounts.html", _field()),
    "rep-account": ("pages/field/accounts.html", _field(_ONE)),
    "rep-empty": (
        "pages/field/accounts.html",
        _field(
            some(
                name="St. Brennan Regional",
                tier=None,
                place="Brennan, WI",
                care_setting="",
                groups=[],
            )
        ),
    ),
    "issued": ("pages/field/issued.html", {"page": _ISSUED}),
    "issued-making": ("pages/field/issued.html", {"page": _MAKING}),
    "issued-failed": ("pages/field/issued.html", {"page": _FAILED}),
    "copies": ("pages/field/copies.html", {"page": _COPIES}),
    "copies-everywhere": (
        "pages/field/copies.html",
        {
            "page": some(
                **{
                    **vars(_COPIES),
                    "mine": False,
                    "recalled": [],
                    "show": "out",
                    "query": "BRF",
                }
            )
        },
    ),
    "validity": ("pages/validity/show.html", _answer("valid")),
    "validity-withdrawn": (
        "pages/validity/show.html",
        _answer("withdrawn", valid_since=None, ended_on=on(10, 2), called_back_by=on(12, 1)),
    ),
    "validity-not-valid": ("pages/validity/show.html", _answer("not-valid", valid_since=None)),
    "validity-superseded": (
        "pages/validity/show.html",
        _answer("superseded", ended_on=on(10, 2), newer=some(code="8PL2-XC4B", url="/v/8PL2-XC4B")),
    ),
    "validity-expired": ("pages/validity/show.html", _answer("expired", ended_on=on(10, 2))),
    "validity-unknown": ("pages/validity/show.html", _answer("unknown", material="")),
    "desk-writer": ("pages/home/desk.html", _WRITER),
    "desk-reviewer": ("pages/home/desk.html", _REVIEWER),
    "desk-nothing": (
        "pages/home/desk.html",
        _desk(headline="Nothing waits for you", groups=[], empty="11 reviews are with others."),
    ),
    "desk-compliance": ("pages/home/desk.html", _COMPLIANCE),
}
