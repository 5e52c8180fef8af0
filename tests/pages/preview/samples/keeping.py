"""Claims, labels, accounts, people, trail, profile, templates and refusals."""

from __future__ import annotations

from records import vocabulary
from records.errors import Objection
from records.problems import Problem
from tests.pages.preview.samples.editor import options
from tests.pages.preview.samples.entrance import FACETS, LIBRARY_TABS
from tests.pages.preview.samples.modules import JOBS, TRAIL, VERSIONS
from tests.pages.preview.words import HASH, NOW, at, on, pill, some

_PAGING = {"first": 1, "last": 2, "total": 212, "back_url": None, "next_url": "#"}


def _claim(number: int, state: str, flag: str | None) -> object:
    return some(
        id=number,
        code=f"HAL-00{number}",
        state=state,
        version="1.0",
        flag=flag,
        standing="valid until 12 Nov 2027",
        text=[
            ("The overall ", False),
            ("response", True),
            (" rate was 57% (95% CI, 49–65) by blinded independent central review.", False),
        ],
        tags=["Efficacy", "Clinical differentiation"],
        reference="Label 06",
        locator="14.1 clinical studies",
        modules=3,
    )


_CLAIMS = some(
    query="response",
    facets=FACETS[:2],
    pills=[],
    clear_url="#",
    rows=[
        _claim(31, "approved", None),
        _claim(32, "approved", "at-risk"),
        _claim(35, "in-review", None),
    ],
    tabs=LIBRARY_TABS,
    may_keep=True,
    import_url="#",
    submit=some(count=12, url="#", fields=[("q", "response"), ("state", "draft")]),
    **_PAGING,
)

_CLAIM = some(
    claim=some(
        id=31,
        code="HAL-0031",
        product="Halvoryn",
        state="approved",
        flag=None,
        version="1.0",
        revision=3,
        owner="A librarian",
        valid_from=on(3, 4),
        valid_until=on(11, 12, 2027),
        ended_at=None,
    ),
    risk=some(title="Label version 07 does not have these words any more.", body="Look.", url="#"),
    newer=some(number="1.1", words="draft", url="#"),
    text="The overall response rate was 57% (95% CI, 49–65) by blinded independent central review.",
    variations=[
        "57% of patients responded (95% CI, 49–65).",
        "More than half of patients responded.",
    ],
    intact=True,
    evidence=some(
        label="Label version 06, 12 Nov 2026",
        label_url="#",
        effective=on(11, 12),
        locator="14.1 clinical studies, paragraph 3",
        before="Tumor assessments were performed every 8 weeks. ",
        quote="The ORR was 57% (95% CI: 49, 65)",
        after=" by blinded independent central review.",
        state="supported",
        note=None,
        reference="Halvoryn Prescribing Information",
        digest=HASH,
    ),
    elsewhere=[
        some(label="Version 05", url="#", state="supported", note="same words, paragraph 2")
    ],
    scope=[
        ("Type", "Efficacy"),
        ("Message pillar", "Clinical differentiation"),
        ("Indication", "Second line NSCLC"),
        ("Population", "adults with RXA2 fusions"),
        ("Audiences", "Health care professional"),
        ("Channels", "Account brief, Deck"),
        ("Markets", "United States"),
    ],
    qualifiers=["95% CI, 49–65", "by blinded independent central review"],
    companions=[("ISI", "#"), ("FN-AA", None)],
    versions=VERSIONS,
    used=[
        some(
            code="HAL-M-0142",
            title="Response and duration of response",
            url="#",
            version="2.0",
            wording="text",
            state="approved",
            flag="at-risk",
        )
    ],
    used_total=3,
    jobs=JOBS,
    submit_url=None,
    submit_refused=None,
    withdraw_url="#",
    withdraw=some(open=False, reason="", errors={}, modules=3, materials=14),
    objections=[],
    now=NOW,
)

_LABELS = some(
    rows=[
        some(
            product="Halvoryn",
            generic="ostavatinib",
            set_id="abc",
            version=6,
            effective=on(11, 12),
            sections=84,
            claims=31,
            lost=2,
            changes_url="#",
            coming=[
                some(version=7, set_id="abc", effective=on(12, 30), lost=4, changes_url="#"),
            ],
            imported_at=at(11, 12),
            imported_by="A librarian",
            older=[(5, on(1, 14))],
        )
    ],
    tabs=LIBRARY_TABS,
    import_url="#",
)

_LABEL = some(
    label=some(
        product="Halvoryn",
        generic="ostavatinib",
        set_id="5c9e-4b1a",
        version=6,
        effective=on(11, 12),
        coming=False,
        source="halvoryn-06.json",
        sha256=HASH,
        imported_at=at(11, 12),
        imported_by="A librarian",
    ),
    changes_url="#",
    lost=2,
    versions=[("6", "#", True), ("5", "#", False)],
    sections=[
        some(id=i, number=n, title=t, claims=c, chosen=i == 4, url="#")
        for i, n, t, c in [
            (1, "1", "Indications and usage", 2),
            (2, "2", "Dosage and administration", 3),
            (3, "5", "Warnings and precautions", 6),
            (4, "14.1", "Efficacy, MERIDIAN-1", 6),
            (5, "17", "Patient counselling information", 0),
        ]
    ],
    section=some(
        id=4,
        number="14.1",
        title="Efficacy, MERIDIAN-1",
        code="34092-7",
        name="clinical_studies",
        paragraphs=[
            some(
                number=1,
                pieces=[
                    some(
                        text=(
                            "The efficacy of HALVORYN was evaluated in MERIDIAN-1, a single-arm,"
                            " open-label trial."
                        ),
                        marked=False,
                        claims=[],
                    )
                ],
            ),
            some(
                number=2,
                pieces=[
                    some(
                        text=(
                            "The trial enrolled 150 adults with locally advanced or metastatic"
                            " NSCLC. "
                        ),
                        marked=False,
                        claims=[],
                    ),
                    some(
                        text="The ORR was 57% (95% CI: 49, 65)",
                        marked=True,
                        claims=[("HAL-0031", "#")],
                    ),
                    some(text=" by blinded independent central review.", marked=False, claims=[]),
                ],
            ),
        ],
    ),
    anchored=[
        some(
            code="HAL-0031",
            url="#",
            text="The overall response rate was 57% (95% CI, 49–65).",
            state="approved",
            flag=None,
            paragraph=2,
        )
    ],
    query="",
)


def _account(number: int, name: str, current: int) -> object:
    return some(
        id=number,
        code=f"14001{number}",
        name=name,
        place="Madison, WI",
        care_setting="Academic centre",
        type="",
        beds=592,
        tier="Strategic" if current else None,
        phase="Evidence review" if current else None,
        materials=current + 1,
        current=current,
    )


_ACCOUNTS = some(
    query="",
    facets=FACETS[-2:],
    pills=[],
    clear_url="#",
    rows=[_account(0, "Riverside Valley Health System", 3), _account(1, "St. Brennan Regional", 0)],
    import_url="#",
    **_PAGING,
)

_LINE = some(
    code="BRF-0009",
    title="An oral option after first progression",
    url="#",
    channel="Account brief",
    version="1.0",
    state="approved",
    flag="expiring",
    standing="valid until 12 Dec 2026",
)

_ACCOUNT = some(
    account=some(
        id=1,
        code="140010",
        name="Riverside Valley Health System",
        city="Madison",
        state="WI",
        type="Acute care hospital",
        care_setting="Academic centre",
        beds=592,
        tier="Strategic",
        tier_reason="Set by hand",
        phase="Evidence review",
        updated_at=at(11, 2),
        revision=3,
    ),
    facts=[("Oncology programme", "yes"), ("Patients per year", "214")],
    groups=[
        some(
            role="Pharmacy director",
            people=[some(name="", title="", remove_url="#")],
            materials=[_LINE],
            start_url="#",
        ),
        some(
            role="Medical director",
            people=[some(name="A physician", title="Chair", remove_url=None)],
            materials=[],
            start_url="#",
        ),
    ],
    may_keep=True,
    keep_url="#",
    tiers=options(vocabulary.Tier),
    phases=options(vocabulary.Phase),
    typed={"tier": "strategic", "journey_phase": "evidence-review"},
    errors={},
    start_url="#",
    stakeholder_url="#",
    roles=options(vocabulary.Role),
)

_ROLES = [
    ("writer", "Writer", "writes modules, assembles materials"),
    ("medical", "Medical reviewer", "gives and signs the medical verdict"),
    ("rep", "Field representative", "receives controlled copies"),
    ("administrator", "Administrator", "adds, changes and deactivates people"),
]

_PEOPLE = some(
    query="",
    filters=[pill("Active", 9, chosen=True), pill("Deactivated", 1)],
    may_keep=True,
    rows=[
        some(
            id=1,
            name="A writer",
            email="writer@northlight.example",
            roles="Writer",
            territory="",
            state="active",
            last_seen=at(11, 24),
        ),
        some(
            id=2,
            name="Field representative",
            email="rep@northlight.example",
            roles="Field representative",
            territory="WI, IL",
            state="locked",
            last_seen=None,
        ),
    ],
    **_PAGING,
)

_PERSON = some(
    person=some(
        id=1,
        name="A writer",
        title="Senior medical writer",
        email="writer@northlight.example",
        state="active",
        created_at=at(1, 4),
        last_seen=at(11, 24),
        signatures=0,
        locked_until=None,
        one_time=True,
        revision="5f1c",
    ),
    may_keep=True,
    typed={"name": "A writer", "email": "writer@northlight.example", "roles": ["writer"]},
    errors={},
    roles=_ROLES,
    save_url="#",
    password_url="#",
    deactivate_url="#",
    activate_url=None,
    held=[("Module drafts and versions in review", "module", 4)],
    trail=TRAIL,
    trail_url="#",
)

_NEW_PERSON = some(
    person=None,
    typed={"name": "A writer", "email": "writer@northlight.example"},
    errors={"email": "This address belongs to somebody else, who may be deactivated."},
    roles=_ROLES,
)

_GIVEN = some(
    name="A writer",
    email="writer@northlight.example",
    password="k7mqw-p3xha-tz9vd-2ncfu",
    added=True,
    url="#",
)

_OWN_PASSWORD = some(
    name="A writer",
    errors={"again": "The two new passwords are not the same."},
    rules="At least 12 characters.",
)

_PROFILE = some(
    name="Medical reviewer",
    email="medical@northlight.example",
    roles=[("Medical reviewer", "gives and signs the medical verdict")],
    territory="",
    typed={"zone": "America/New_York", "theme": "", "single_keys": True},
    zones=[("America/New_York", "New York"), ("UTC", "UTC")],
    errors={"current": "This is not your password now."},
    rules="At least 12 characters.",
    password_url="#",
    save_url="#",
)


def _row(number: int, action: str, sentence: str) -> object:
    return some(
        id=number,
        at=at(11, 24, 14, 23),
        actor="Medical reviewer",
        action=action,
        sentence=sentence,
        subject="HAL-M-0142 2.1",
        subject_url="#",
        reason="Reviewed and approved",
        sha256=HASH,
        previous=HASH[::-1],
        changes=[
            some(what="state", before="in-review", after="approved"),
            some(what="version", before="2.1", after="3.0"),
        ],
    )


_TRAIL = some(
    typed={},
    actors=[("1", "A writer")],
    actions=[("review_task:approve", "review_task:approve")],
    csv_url="#",
    reached=None,
    rows=[
        _row(10214, "review_task:approve", "Signed: approved HAL-M-0142, version 2.1"),
        _row(10213, "module_version:submit", "Submitted HAL-M-0142, version 2.1"),
    ],
    chain=some(state="passed", words="Chain unbroken, 10,214 rows", checked_at=NOW, url="#"),
    **_PAGING,
)

_TEMPLATES = some(
    rows=[
        some(
            code="TPL-BRIEF-US",
            title="Account brief, US",
            channel="Account brief",
            market="United States",
            version="1.0",
            state="approved",
            flag=None,
            standing="valid until 31 Dec 2027",
            slots=7,
            parts=["highlights", "indication", "messages", "safety"],
            objection="",
            materials=14,
            url=None,
        )
    ],
    tabs=LIBRARY_TABS,
)


def _failure(status: int, title: str, body: str, **values: object) -> dict[str, object]:
    usual = {
        "objections": [],
        "problems": [],
        "links": [("To my desk", "/"), ("Back", "#")],
        "written": [],
        "reference": None,
        "retry_after": None,
    }
    return {"failure": some(status=status, title=title, body=body, **{**usual, **values})}


_STALE = some(
    title="HAL-M-0142 was changed meanwhile",
    by="Another writer",
    at=NOW,
    url="#",
    fields=[
        some(label="Text", mine="67% of patients responded.", theirs="57% of patients responded.")
    ],
)

_IMPORT = some(
    room="claims",
    title="Import claims",
    lede="A file of claims of one product.",
    accept=".csv",
    hint="CSV in UTF-8 or XLSX, at most 20 MB.",
    columns=["claim_id", "product", "text"],
    url="#",
    back_url="#",
    problems=[],
    problems_total=0,
    tried=some(
        key="a" * 64,
        name="claims.csv",
        size=81_234,
        nothing=False,
        groups=[
            some(words="new", count=212, codes=["HAL-0031", "HAL-0032"]),
            some(words="changed", count=0, codes=[]),
        ],
        warnings=["A-1 keeps the tier strategic, which was set with a reason."],
    ),
)
_WRONG = some(
    **{
        **vars(_IMPORT),
        "tried": None,
        "problems_total": 1_312,
        "problems": [
            Problem("claims.csv", 14, "excerpt", "is not in section 14.1 of the label"),
            Problem("claims.csv", None, None, "has no header row"),
        ],
    }
)

_DECISION = some(
    label=some(product="Halvoryn", version=6),
    code="HAL-0032",
    version="1.0",
    url="#",
    back_url="#",
    label_url="#",
    fate="quote-changed",
    note="what stands around them is there, the words are not",
    moved=False,
    begun=None,
    former=5,
    was="The median duration of response was 14.7 months (95% CI: 11.2, 18.9).",
    where="14.1 clinical studies",
    found="14.1 clinical studies",
    delta=(
        ("same", "The median duration of response was "),
        ("del", "14.7"),
        ("ins", "16.1"),
        ("same", " months."),
    ),
    reach=some(modules=2, materials=3, copies=4, holders=2),
    typed=some(
        excerpt="The median duration of response was 16.1 months (95% CI: 12.9, 20.3).",
        locator="14.1 clinical_studies",
        text="Median duration of response was 14.7 months.",
        variations="",
        reference="Label 06",
        reason="",
        seen="7",
    ),
    errors={"text": "14.7 is not in the excerpt."},
    objections=[],
    may_send=True,
    withdraw_url="#",
)

_CHANGES = some(
    former=5,
    sections=[
        some(
            number="5.1",
            title="Hepatotoxicity",
            state="changed",
            words=2,
            lines=[
                some(delta=(), changed=False),
                some(delta=(("same", "Monitor ALT before the first dose."),), changed=False),
                some(
                    delta=(
                        ("same", "Weekly for "),
                        ("del", "2"),
                        ("ins", "4"),
                        ("same", " weeks."),
                    ),
                    changed=True,
                ),
            ],
        ),
        some(number="", title="Package label", state="gone", words=4, lines=[]),
    ],
    label=_LABEL.label,
    total=41,
    counts=[("gone", "not-found", 2), ("changed", "quote-changed", 5), ("moved", "supported", 0)],
    lost=7,
    decided=6,
    to_decide=8,
    settled=[
        some(
            code="HAL-0036",
            url="#",
            quote="Median follow-up was 18.2 months.",
            state="approved",
            version="2.0",
        )
    ],
    file_url="#",
    import_url="#",
    rows=[
        some(
            decision=decision,
            open=decision is None,
            withdraw_url=None if decision else "#",
            decide_url="#",
            code="HAL-0032",
            url="#",
            version="1.0",
            state="approved",
            quote="Among the 86 responding patients, the median duration was 14.7 months.",
            fate="quote-changed",
            words=None,
            note="what stands around them is there, the words are not",
            from_words="5: 14.1 clinical studies",
            from_url="#",
            to_words=None,
            to_url="#",
            modules=2,
        )
        for decision in (None, some(state="in-review", version="1.1"))
    ],
    rows_total=1,
    tabs=LIBRARY_TABS,
)

PAGES = {
    "label-changes": ("pages/labels/changes.html", {"page": _CHANGES}),
    "label-decision": ("pages/labels/decide.html", {"page": _DECISION}),
    "import": ("pages/imports/show.html", {"page": _IMPORT}),
    "import-wrong": ("pages/imports/show.html", {"page": _WRONG}),
    "claims": ("pages/claims/index.html", {"page": _CLAIMS}),
    "claim": ("pages/claims/show.html", {"page": _CLAIM}),
    "labels": ("pages/labels/index.html", {"page": _LABELS}),
    "label": ("pages/labels/show.html", {"page": _LABEL}),
    "accounts": ("pages/accounts/index.html", {"page": _ACCOUNTS}),
    "account": ("pages/accounts/show.html", {"page": _ACCOUNT}),
    "people": ("pages/people/index.html", {"page": _PEOPLE}),
    "person": ("pages/people/show.html", {"page": _PERSON}),
    "new-person": ("pages/people/create.html", {"page": _NEW_PERSON}),
    "given-password": ("pages/people/password.html", {"page": _GIVEN}),
    "own-password": ("pages/profile/password.html", {"page": _OWN_PASSWORD}),
    "profile": ("pages/profile/show.html", {"page": _PROFILE}),
    "trail": ("pages/trail/index.html", {"page": _TRAIL}),
    "templates": ("pages/templates/index.html", {"page": _TEMPLATES}),
    "error-404": (
        "pages/errors/failure.html",
        _failure(
            404,
            "There is nothing here",
            "The address is wrong, or the thing is not for your territory.",
        ),
    ),
    "error-422": (
        "pages/errors/failure.html",
        _failure(
            422,
            "The file could not be used",
            "Nothing was changed. Mend these rows and import it again.",
            problems=[
                Problem("claims.csv", 14, "excerpt", "is not in section 14.1 of the label"),
                Problem("claims.csv", 20, "text", "the number 67% is not in the excerpt"),
            ],
        ),
    ),
    "error-409": (
        "pages/errors/failure.html",
        _failure(
            409,
            "This cannot be done now",
            "",
            objections=[Objection("lifecycle", "A version that is withdrawn cannot be submitted.")],
        ),
    ),
    "error-500": (
        "pages/errors/failure_bare.html",
        _failure(
            500,
            "Something went wrong here",
            "Nothing was saved. It is on record, and it is not your doing.",
            reference="4F7A-21",
        ),
    ),
    "stale": ("pages/errors/stale.html", {"failure": _STALE}),
}
