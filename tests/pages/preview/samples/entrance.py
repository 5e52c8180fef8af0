"""Sign-in and library."""

from __future__ import annotations

from tests.pages.preview.words import at, pill, some, tab

_REFUSED = some(
    title="The password does not match this address.",
    body="4 attempts remain before a pause of 15 minutes.",
)


def _sign_in(**values: object) -> dict[str, object]:
    usual = {"email": "", "next": "", "refused": None, "ended": False}
    return {
        "page": some(**{**usual, **values}, organisation="Northlight Oncology", release="0.1.0")
    }


def _row(
    code: str,
    title: list[tuple[str, bool]],
    line: list[tuple[str, bool]],
    state: str,
    flag: str | None,
    standing: str,
) -> object:
    return some(
        code=code,
        title=title,
        line=line,
        state=state,
        version="2.0" if state == "approved" else "1.1",
        flag=flag,
        standing=standing,
        tags=["Clinical differentiation", "Evidence review", "Pharmacy director", "Strategic"],
        materials=14 if state == "approved" else 0,
        owner="A writer",
        updated_at=at(11, 17),
    )


ROWS = [
    _row(
        "HAL-M-0142",
        [
            ("Response", True),
            (" and duration of ", False),
            ("response", True),
            (" in MERIDIAN-1", False),
        ],
        [
            ("…the overall ", False),
            ("response", True),
            (" rate was 57% (95% CI, 49–65) among 150 patients with ", False),
            ("RXA2", True),
            ("-fusion-positive NSCLC who had received at least one prior systemic therapy…", False),
        ],
        "approved",
        "at-risk",
        "may be issued until 12 Dec 2026; label 06 changed 1 quote",
    ),
    _row(
        "HAL-M-0144",
        [("Intracranial ", False), ("response", True), (", measured by RANO-BM", False)],
        [
            ("…intracranial ", False),
            ("response", True),
            (" in 21 of 38 patients with measurable…", False),
        ],
        "approved",
        None,
        "valid until 2 Jun 2027",
    ),
    _row(
        "HAL-M-0160",
        [("Why test for ", False), ("RXA2", True), (" before first progression", False)],
        [
            ("…broad panel testing reported ", False),
            ("RXA2", True),
            (" fusions that single-gene…", False),
        ],
        "approved",
        "expiring",
        "valid until 11 Dec 2026, 17 days",
    ),
    _row(
        "HAL-M-0147",
        [("Time to ", False), ("response", True), (": first scan at week 8", False)],
        [
            ("…of the patients who ", False),
            ("responded", True),
            (", 71 of 86 did so by the first…", False),
        ],
        "in-review",
        None,
        "1.0 stays valid until 30 Jan 2027",
    ),
    _row(
        "HAL-M-0149",
        [("Response", True), (" by prior therapy, descriptive", False)],
        [
            ("…subgroups were not powered; ", False),
            ("response", True),
            (" rates are shown with…", False),
        ],
        "changes-requested",
        None,
        "not yet approved",
    ),
    _row(
        "HAL-M-0150",
        [("Dosing at a glance", False)],
        [("160 mg once daily, with or without food.", False)],
        "draft",
        None,
        "never submitted",
    ),
    _row(
        "HAL-M-0133",
        [("Response", True), (" assessment in routine care", False)],
        [
            ("…a worksheet for recording ", False),
            ("response", True),
            (" at weeks 8, 16 and 24…", False),
        ],
        "withdrawn",
        None,
        "since 2 Oct 2026: reference retracted",
    ),
]


def _facet(name: str, label: str, *options: tuple[str, int, bool], shut: bool = False) -> object:
    made = [
        some(value=word.lower().replace(" ", "-"), label=word, count=count, chosen=chosen)
        for word, count, chosen in options
    ]
    return some(name=name, label=label, options=made, open=not shut)


FACETS = [
    _facet(
        "state",
        "State",
        ("Approved", 17, True),
        ("In review", 3, True),
        ("Draft", 4, False),
        ("Changes requested", 2, False),
        ("Withdrawn", 0, False),
    ),
    _facet(
        "pillar",
        "Message pillar",
        ("Clinical differentiation", 13, False),
        ("Patient selection and outcomes", 6, False),
        ("Safety and administration", 3, False),
        ("Operational fit", 2, False),
    ),
    _facet(
        "phase",
        "Journey phase",
        ("Discovery", 6, False),
        ("Evidence review", 12, False),
        ("Decision support", 6, False),
        ("Adoption support", 0, False),
    ),
    _facet("role", "Role", ("Medical director", 11, False), ("Pharmacy director", 7, False)),
    _facet("tier", "Tier", ("Strategic", 9, False), shut=True),
    _facet("channel", "Channel", ("Account brief", 9, False), shut=True),
]


def _library(**values: object) -> dict[str, object]:
    usual = {
        "query": "response RXA2",
        "sort": "match",
        "sorts": [pill("best match", chosen=True), pill("last change"), pill("title")],
        "views": [pill("All", 24, chosen=True), pill("Mine", 5), pill("Approved, never used", 31)],
        "kept": [
            some(name="At risk after label 06", url="#", chosen=True, forget_url="#"),
            some(name="Pharmacy, strategic", url="#", chosen=False, forget_url="#"),
        ],
        "keep": some(url="#", query="q=response+RXA2"),
        "facets": FACETS,
        "pills": [pill("Product: Halvoryn"), pill("Market: US")],
        "quick": [pill("Expiring", 1), pill("At risk", 3)],
        "rows": ROWS,
        "total": 24,
        "first": 1,
        "last": 7,
        "back_url": None,
        "next_url": "?after=HAL-M-0133",
        "clear_url": "/library",
        "advice": [],
        "may_write": True,
        "tabs": LIBRARY_TABS,
    }
    return {"page": some(**{**usual, **values})}


LIBRARY_TABS = [
    tab("modules", "Modules"),
    tab("coverage", "Coverage map"),
    tab("templates", "Templates"),
    tab("rules", "Rules"),
]


def _cell(phase: str, *counts: tuple[str, int]) -> object:
    total = sum(count for _, count in counts)
    return some(phase=phase, total=total, counts=list(counts), url="#", write_url="#")


_PHASES = ["Discovery", "Evidence review", "Decision support", "Adoption support"]

_COVERAGE = some(
    headline="What can we say to a pharmacy director at a strategic account?",
    lede="24 modules over 15 cells. One cell is empty.",
    tabs=LIBRARY_TABS,
    typed={"role": "pharmacy-director"},
    products=[("1", "Halvoryn")],
    roles=[("pharmacy-director", "Pharmacy director")],
    tiers=[("strategic", "Strategic")],
    phases=_PHASES,
    rows=[
        some(
            pillar=pillar,
            cells=[
                _cell(_PHASES[0], ("approved", 6)),
                _cell(_PHASES[1], ("approved", 3), ("in-review", 1), ("at-risk", 2)),
                _cell(_PHASES[2]),
                _cell(_PHASES[3], ("draft", 1)),
            ],
        )
        for pillar in ("Clinical differentiation", "Patient selection and outcomes")
    ],
)

PAGES = {
    "coverage": ("pages/library/coverage.html", {"page": _COVERAGE}),
    "sign-in": ("pages/session/sign_in.html", _sign_in()),
    "sign-in-refused": (
        "pages/session/sign_in.html",
        _sign_in(email="someone@northlight.example", refused=_REFUSED, next="/library"),
    ),
    "sign-in-ended": ("pages/session/sign_in.html", _sign_in(ended=True)),
    "library": ("pages/library/index.html", _library()),
    "library-empty": (
        "pages/library/index.html",
        _library(rows=[], total=0, advice=[pill("without Market: US", 8)], next_url=None),
    ),
}
