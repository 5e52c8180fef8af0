"""Composer, its start, the list, one material."""

from __future__ import annotations

from markupsafe import Markup

from records import vocabulary
from records.errors import Objection
from tests.pages.preview.samples.editor import options
from tests.pages.preview.samples.entrance import FACETS
from tests.pages.preview.samples.modules import JOBS, TOLD, TRAIL
from tests.pages.preview.words import HASH, NOW, at, on, pill, some, tab


def _finding(severity: str, title: str, detail: str = "", url: str = "", link: str = "") -> object:
    return some(
        severity=severity,
        title=title,
        detail=detail,
        where="",
        rule="",
        url=url,
        link=link,
        start=None,
        end=None,
    )


def _offer(code: str, title: str, why: str, flag: str | None = None) -> object:
    return some(
        code=code,
        title=title,
        url="#",
        version="2.0",
        state="approved",
        flag=flag,
        until="18 Dec 2026" if flag else None,
        why=why,
    )


def _slot(
    number: int, kind: str, title: str, code: str = "", note: str = "", **values: object
) -> object:
    usual = {
        "id": number,
        "kind": kind,
        "code": code,
        "title": title,
        "url": "#" if code else None,
        "version": "2.0",
        "flag": None,
        "note": note,
        "place": number,
        "may_up": number > 2,
        "may_down": number < 8,
        "may_remove": True,
        "moved": False,
    }
    return some(**{**usual, **values})


SLOTS = [
    _slot(1, "fixed", "Cover and indication", note="fixed first by the template"),
    _slot(2, "module", "Who was in MERIDIAN-1", "HAL-M-0139"),
    _slot(
        3,
        "module",
        "Response and duration of response in MERIDIAN-1",
        "HAL-M-0142",
        flag="at-risk",
        moved=True,
    ),
    _slot(
        4, "companion", "Accelerated approval statement", "HAL-FN-AA", note="required by HAL-M-0142"
    ),
    _slot(5, "module", "Tolerability in MERIDIAN-1", "HAL-M-0115"),
    _slot(
        6,
        "empty",
        "Access and operations",
        note="Nothing chosen for this place. 2 offered modules fit.",
    ),
    _slot(7, "module", "Formulary and access at a glance", "HAL-M-0170"),
    _slot(
        8, "fixed", "Important Safety Information", "HAL-ISI", note="fixed last by the market pack"
    ),
]

_HEAD = some(
    code="BRF-0009",
    title="Account brief: Riverside Valley",
    channel="account brief",
    version="0.1",
    state_words="draft",
    account="Riverside Valley Health System",
    account_url="#",
    role="Pharmacy director",
    phase="Evidence review",
    tier="Strategic",
    market="US",
    template="Account brief US 1.0",
    revision=4,
    change_url="#",
)


def composer(**values: object) -> dict[str, object]:
    """The composer's page."""
    usual = {
        "material": _HEAD,
        "offered": [
            _offer("HAL-M-0171", "Budget impact over three years", "Role and phase match"),
            _offer(
                "HAL-M-0088", "Dose modification at a glance", "Role matches; any phase", "expiring"
            ),
            _offer(
                "HAL-M-0175", "Specialty pharmacy and site of care", "Role, phase and tier match"
            ),
        ],
        "offered_total": 11,
        "query": "",
        "unoffered": [
            some(
                code="HAL-M-0133",
                title="Response assessment in routine care",
                url="#",
                state="withdrawn",
                why="withdrawn on 2 Oct 2026",
                may_add=False,
            ),
            some(
                code="HAL-M-0161",
                title="Turnaround of results",
                url="#",
                state="draft",
                why="It is for the phase discovery, not evidence review.",
                may_add=True,
            ),
        ],
        "unoffered_total": 34,
        "slots": SLOTS,
        "modules": 4,
        "companions": 1,
        "objections": [
            Objection(
                "order",
                "“Response and duration” must follow “Who was in MERIDIAN-1”.",
                instead="Places 3 to 7 are free to it.",
            )
        ],
        "extent": some(words="about 6 pages", measured=False, url="#"),
        "undo": some(id=7, did="HAL-M-014 added, by Priya Raman"),
        "redo": None,
        "tokens": [
            some(
                name="meeting.date",
                label="Date of the meeting",
                kind="date",
                value="2026-12-02",
                options=[],
                error=None,
                hint=None,
            ),
            some(
                name="agenda",
                label="Agenda",
                kind="choices",
                value=["a1"],
                options=[("a1", "Formulary review, 30 minutes"), ("a2", "Open questions")],
                error=None,
                hint="From the approved list.",
            ),
        ],
        "preflight": [
            _finding(
                "risk",
                "A module is at risk",
                "HAL-M-0142 2.0 may be issued until 12 Dec 2026.",
                "#",
                "Open it",
            ),
            _finding("ok", "Safety information is there, at the size of the benefit text"),
            _finding("ok", "16 more checks pass"),
        ],
        "must_fix": 0,
        "passed": "18 of 19 pass",
        "preview_url": "/brief.html",
        "saved_at": at(11, 24, 14, 20),
        "reuse": 96,
        "may_submit": True,
        "submit_refused": "",
        "submit": some(open=False, note="", errors={}),
        "said": [],
        "asked": [some(**{**vars(TOLD), "url": "#"})],
        "signatures": "One regulatory signature is needed: every part is approved already.",
    }
    return {"page": some(**{**usual, **values})}


_START = some(
    typed={"account": "140010", "role": "pharmacy-director"},
    errors={},
    objections=[],
    products=[("1", "Halvoryn (ostavatinib)")],
    roles=options(vocabulary.Role),
    phases=options(vocabulary.Phase),
    templates=[("brief", "Account brief, US 1.0")],
    accounts=[("140010", "Riverside Valley Health System, Madison, WI")],
    account=some(
        code="140010",
        name="Riverside Valley Health System",
        city="Madison",
        state="WI",
        care_setting="Academic centre",
        tier="Strategic",
        phase="Evidence review",
        stakeholders=[("Pharmacy director", ""), ("Medical director", "")],
    ),
    preview=some(
        modules=[
            ("HAL-M-0139", "Who was in MERIDIAN-1", "Role and phase match"),
            ("HAL-M-0142", "Response and duration of response", "Role and phase match"),
        ],
        unoffered=34,
        not_carried=[("HAL-M-0151", "Formulary questions", "It is written for payers.")],
    ),
)


def _row(code: str, state: str, flag: str | None, standing: str) -> object:
    return some(
        code=code,
        title="Account brief: pharmacy director",
        channel="account brief",
        version="1.0",
        state=state,
        flag=flag,
        standing=standing,
        account="Riverside Valley Health System",
        role="Pharmacy director",
        product="Halvoryn",
        owner="A writer",
        updated_at=at(11, 17),
        copies=11 if state == "approved" else 0,
    )


def _list(**values: object) -> dict[str, object]:
    usual = {
        "query": "",
        "facets": FACETS[:2],
        "total": 3,
        "first": 1,
        "last": 3,
        "back_url": None,
        "next_url": None,
        "rows": [
            _row("BRF-0009", "approved", "at-risk", "valid until 12 Dec 2026"),
            _row("BRF-0010", "in-review", None, "first version"),
            _row("BRF-0011", "draft", None, "first version"),
        ],
        "pills": [pill("State: approved")],
        "clear_url": "#",
        "may_assemble": True,
    }
    return {"page": some(**{**usual, **values})}


_COPY = {
    "purpose": "Meeting of the formulary committee",
    "issued_at": at(11, 20, 13, 15),
    "format": "PDF",
    "note": None,
    "url": None,
    "holder": "Field representative",
    "issued_by": "Field representative",
}

_CERTIFICATE = some(
    version="1.0",
    words=(
        "The signatories named have examined the final form of this material and certify it for"
        " distribution in the United States to the role stated."
    ),
    signatures=[
        some(
            discipline="regulatory",
            name="Regulatory reviewer",
            at=at(3, 11, 18, 58),
            meaning="Reviewed and approved for use",
        )
    ],
    sha256=HASH,
    valid_until=on(12, 12),
    validity_code="7KQ4-M2XD",
    validity_url="/v/7KQ4-M2XD",
    qr=Markup(
        '<svg viewBox="0 0 29 29" role="img"><title>QR code to the public page</title><path d="M4'
        ' 4h7v7H4zM18 4h7v7h-7zM4 18h7v7H4zM14 14h4v4h-4z" fill="#0c2138"/></svg>'
    ),
)


def material(tab_key: str = "copies", **values: object) -> dict[str, object]:
    """One material's page."""
    usual = {
        "material": some(
            code="BRF-0009",
            title="An oral option after first progression",
            account="Riverside Valley Health System",
            account_url="#",
            role="Pharmacy director",
            phase="Evidence review",
            channel="account brief",
            product="Halvoryn",
            version="1.0",
            state="approved",
            flag="at-risk",
            pages="6 pages",
            prepared_on=on(3, 11),
            valid_until=on(12, 12),
            ended_at=None,
        ),
        "tabs": [
            tab("copies", "Renditions and copies"),
            tab("content", "Content, in order"),
            tab("provenance", "Provenance", count=31),
            tab("versions", "Versions", count=2),
            tab("reviews", "Reviews", count=2),
            tab("trail", "Trail"),
        ],
        "tab": tab_key,
        "risk": None,
        "intact": True,
        "objections": [],
        "renditions": [
            some(
                audience="Pharmacy director, to hand over",
                format="PDF, 6 pages, tagged",
                size=412_000,
                sha256=HASH,
                made_at=at(3, 11, 19),
                url="#",
            )
        ],
        "copies": [
            some(number=17, state="issued", **_COPY),
            some(
                number=12,
                state="recalled",
                **{**_COPY, "issued_by": "A librarian", "note": "old account facts on the cover"},
            ),
            some(number=9, state="acknowledged", **_COPY),
        ],
        "copies_total": 11,
        "copies_note": "11 issued: 9 current",
        "copies_url": "#",
        "certificate": _CERTIFICATE,
        "parts": [
            some(
                place=1,
                code="HAL-M-0139",
                title="Who was in MERIDIAN-1",
                url="#",
                version="2.0",
                kind="text",
                tied="",
                sha256=HASH,
                approved_at=at(3, 4),
                approvers="Medical reviewer (medical)",
                state="approved",
                flag=None,
            ),
            some(
                place=2,
                code="HAL-FN-AA",
                title="Accelerated approval statement",
                url="#",
                version="1.0",
                kind="footnote",
                tied="HAL-M-0142",
                sha256=HASH,
                approved_at=at(3, 4),
                approvers="Medical reviewer (medical)",
                state="superseded",
                flag=None,
            ),
        ],
        "provenance": [
            some(
                claim="HAL-0031",
                claim_url="#",
                version="1.0",
                wording="57% (95% CI, 49–65)",
                module="HAL-M-0142 · 2.0",
                reference="Label 06",
                locator="14.1 clinical studies",
                approvers="Medical reviewer, Legal reviewer, Regulatory reviewer",
            )
        ],
        "versions": [
            some(
                version="1.0",
                state="approved",
                url="#",
                author="A writer",
                at=at(3, 11),
                modules=9,
                approvers="Regulatory reviewer (regulatory)",
            )
        ],
        "refused": [],
        "jobs": JOBS,
        "trail": TRAIL,
        "trail_url": "#",
        "may_edit": True,
        "edit_url": None,
        "edit_label": "Start 1.1",
        "again_url": "#",
        "other_url": "#",
        "preview_url": "#",
        "cancel": some(revision=3, label="BRF-0009 1.1"),
        "may_issue": True,
        "issue": some(
            open=False,
            key="k",
            format="pdf",
            formats=[("pdf", "PDF, to hand over")],
            holder="",
            holders=[("rep@northlight.example", "Field representative")],
            purpose="",
            errors={},
            objections=[],
        ),
        "withdraw_url": "#",
        "withdraw": some(open=False, reason="", errors={}, copies=9, holders=3),
        "recall": some(
            tone="rsk",
            title="9 copies of version 1.0 are out",
            body="3 holders may not use them any more.",
            url="#",
            link="Call them back",
        ),
        "now": NOW,
    }
    return {"page": some(**{**usual, **values})}


_REFUSED = [
    Objection(
        "module-expired",
        "HAL-M-0142, version 2.0, ended on 12 Dec 2026.",
        where="HAL-M-0142",
        instead="Version 3.0 replaces it.",
    )
]

PAGES = {
    "composer": ("pages/materials/compose.html", composer()),
    "composer-blocked": (
        "pages/materials/compose.html",
        composer(
            objections=[],
            may_submit=False,
            submit_refused="1 thing must be fixed",
            must_fix=1,
            preflight=[
                _finding(
                    "block",
                    "Claim HAL-0032 is no longer approved",
                    "Remove the module, or take 3.0.",
                )
            ],
            preview_url=None,
        ),
    ),
    "start": ("pages/materials/start.html", {"page": _START}),
    "materials": ("pages/materials/index.html", _list()),
    "materials-empty": ("pages/materials/index.html", _list(rows=[], total=0, pills=[])),
    "material": ("pages/materials/show.html", material()),
    "material-refused": (
        "pages/materials/show.html",
        material(objections=_REFUSED, may_issue=False),
    ),
    "material-content": ("pages/materials/show.html", material("content")),
    "material-provenance": ("pages/materials/show.html", material("provenance")),
    "material-versions": ("pages/materials/show.html", material("versions")),
    "material-issue": (
        "pages/materials/show.html",
        material(
            issue=some(
                open=True,
                key="k",
                format="pdf",
                formats=[("pdf", "PDF, to hand over")],
                holder="",
                holders=[],
                purpose="",
                errors={"purpose": "Say what the copy is for."},
                objections=[],
            )
        ),
    ),
}
