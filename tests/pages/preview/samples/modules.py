"""One module: as approved, its versions, two compared, its tabs."""

from __future__ import annotations

from markupsafe import Markup

from tests.pages.preview.words import HASH, NOW, at, on, some, steps, tab

BODY = Markup("""
<h2>Response and duration of response in MERIDIAN-1</h2>
<p>MERIDIAN-1 was a single-arm, open-label trial of HALVORYN® (ostavatinib) 160 mg once daily in 150
adults with locally advanced or metastatic RXA2-fusion-positive NSCLC who had received at least one
prior systemic therapy.<sup>1</sup></p>
<p>The overall response rate was <a class="claim" href="#claim-HAL-0031">57% (95% CI, 49–65)</a> by
blinded independent central review, with a complete response in 5 patients (3%).<sup>1</sup> Among
the 86 patients who responded, median duration of response was
<a class="claim" href="#claim-HAL-0032">14.7 months (95% CI, 11.2–18.9)</a>, at a median follow-up
of 18.2 months.<sup>1,2</sup></p>
<table><thead><tr><th>By independent review</th><th>n = 150</th></tr></thead><tbody>
<tr><td>Overall response rate (95% CI)</td><td>57% (49–65)</td></tr>
<tr><td>Complete response</td><td>5 (3%)</td></tr>
<tr><td>Partial response</td><td>81 (54%)</td></tr>
<tr><td>Median duration of response, months (95% CI)</td><td>14.7 (11.2–18.9)</td></tr>
</tbody></table>
<p class="fn"><b>Accelerated approval.</b> This indication is approved under accelerated approval
based on overall response rate and duration of response.</p>
""")

_SIGNATURES = [
    some(
        discipline=word,
        name=f"{word.capitalize()} reviewer",
        at=at(3, 3, 16, 41),
        meaning="Approved",
        verdict="approve-with-changes" if word == "legal" else "approve",
    )
    for word in ("medical", "legal", "regulatory")
]

VERSIONS = [
    some(
        number="2.1",
        state="in-review",
        words="in review",
        at=at(11, 17),
        url="#",
        note="3 numbers, 1 sentence changed",
        steps=steps("with-them", "approve", "with-them"),
        signatures=[],
    ),
    some(
        number="2.0",
        state="approved",
        words="approved",
        at=at(3, 4),
        url="#",
        note="1 circulation, 2 days",
        steps=[],
        signatures=_SIGNATURES,
    ),
    some(
        number="1.0",
        state="superseded",
        words="superseded by 2.0",
        at=at(6, 17, year=2025),
        url="#",
        note=None,
        steps=[],
        signatures=_SIGNATURES,
    ),
]

CLAIMS = [
    some(
        code="HAL-0031",
        url="#",
        wording="57% (95% CI, 49–65)",
        reference="Label 06",
        locator="14.1 clinical studies",
        note="quote found in 05 and 06",
        state="supported",
    ),
    some(
        code="HAL-0032",
        url="#",
        wording="14.7 months (95% CI, 11.2–18.9)",
        reference="Label 05",
        locator="14.1 clinical studies",
        note="label 06 says 16.1",
        state="quote-changed",
    ),
]

TABS = [
    tab("text", "Approved version"),
    tab("versions", "Versions", count=3),
    tab("compare", "Compare"),
    tab("claims", "Claims and evidence", count=4),
    tab("used", "Where used", count=14),
    tab("reviews", "Reviews", count=3),
    tab("trail", "Trail"),
]


def _use(title: str, channel: str, copies: int) -> object:
    return some(
        code="BRF-0009",
        url="#",
        title=title,
        channel=channel,
        version="1.0",
        state="approved",
        flag=None,
        account="Riverside Valley Health System",
        role="Pharmacy director",
        copies=copies,
    )


USED = [
    _use("Riverside Valley, pharmacy director", "account brief", 11),
    _use("Lakeshore, medical director", "account brief", 1),
]

RISK = some(
    title="One quote changed in label version 06 (12 Nov 2026).",
    body="Median duration of response is now 16.1 months; 2.0 says 14.7.",
    links=[("See the change", "#"), ("Open 2.1", "#")],
)

TOLD = some(
    id=1,
    kind="must-fix",
    label="Must be fixed",
    quote="65% were still in response",
    text="Name it as observed.",
    author="Regulatory reviewer",
    part="regulatory",
    at=at(11, 20, 10, 32),
    replies=[some(author="A writer", text="Agreed.", at=at(11, 20, 13, 6))],
    open=False,
    resolved_by="Regulatory reviewer",
)

JOBS = [
    some(
        id=4,
        version="2.1",
        state="open",
        circulation=1,
        opened_at=at(11, 17),
        opened_by="A writer",
        closed_at=None,
        may_recall=True,
        threads=[],
        tasks=[
            some(
                discipline="medical",
                state="with-them",
                person=None,
                at=None,
                comment="",
                meaning="",
            ),
            some(
                discipline="legal",
                state="approve",
                person="Legal reviewer",
                at=at(11, 18),
                comment="No objection to the shorter wording.",
                meaning="Reviewed and approved as fair, balanced and not misleading.",
            ),
        ],
    )
]

TRAIL = [
    some(
        at=at(11, 17),
        actor="A writer",
        action="module_version:submit",
        sentence="Submitted HAL-M-0142, version 2.1, for review",
        reason="New figures of label 06",
    )
]


def module(tab_key: str = "text", **values: object) -> dict[str, object]:
    """The whole page, all tabs' values at once."""
    usual = {
        "module": some(
            code="HAL-M-0142",
            title="Response and duration of response in MERIDIAN-1",
            product="Halvoryn",
            pillar="Clinical differentiation",
            owner="A writer",
            state="approved",
            flag="at-risk",
            version="2.0",
            valid_from=on(3, 4),
            valid_until=on(12, 12),
            ended_at=None,
        ),
        "risk": RISK,
        "replaced": None,
        "tabs": TABS,
        "tab": tab_key,
        "may_edit": True,
        "edit_label": "Edit 2.1",
        "use_url": "#",
        "use_refused": None,
        "download_url": "#",
        "withdraw_url": "#",
        "withdraw": some(open=False, reason="", errors={}, materials=14, copies=126, holders=19),
        "now": NOW,
        "intact": True,
        "shown": some(
            version="2.0",
            state="approved",
            html=BODY,
            over="Clinical differentiation",
            footer_left="HAL-M-0142 · 2.0",
            footer_right="1. Halvoryn Prescribing Information",
            sha256=HASH,
        ),
        "versions": VERSIONS,
        "versions_total": 4,
        "claims": CLAIMS,
        "used": USED,
        "used_total": 14,
        "copies_total": 126,
        "holders_total": 19,
        "used_url": "#",
        "tags": [
            "Clinical differentiation",
            "Evidence review",
            "Pharmacy director",
            "Strategic",
            "US",
        ],
        "rules": [
            some(words="requires", title="HAL-M-ISI", url="#"),
            some(words="never with", title="HAL-M-0149", url=None),
        ],
        "first": 1,
        "last": 2,
        "total": 14,
        "back_url": None,
        "next_url": "#",
        "jobs": JOBS,
        "trail": TRAIL,
        "trail_url": "/trail",
    }
    return {"page": some(**{**usual, **values})}


_PAIRS = [
    some(
        before=[("same", "MERIDIAN-1 was a single-arm, open-label trial in 150 adults.")] * 1,
        after=[("same", "MERIDIAN-1 was a single-arm, open-label trial in 150 adults.")],
        changed=False,
        shape="",
    ),
    some(
        before=[
            ("same", "Median duration of response was "),
            ("del", "14.7 months (95% CI, 11.2–18.9)"),
        ],
        after=[
            ("same", "Median duration of response was "),
            ("ins", "16.1 months (95% CI, 12.9–20.3)"),
        ],
        changed=True,
        shape="",
    ),
    some(
        before=None,
        after=[("ins", "Of the 86 responders, 65% were still in response at 12 months.")],
        changed=True,
        shape="parted",
    ),
]

_COMPARE = {
    "numbers": ["2.1", "2.0", "1.0"],
    "before": some(number="2.0", state="approved", at=at(3, 4), author="A writer"),
    "after": some(number="2.1", state="in-review", at=at(11, 17), author="A writer"),
    "paragraphs": _PAIRS,
    "facts": [
        some(what="Claim HAL-0032", before="version 1.0", after="version 2.0"),
        some(what="Valid until", before="4 Mar 2027", after="12 Nov 2027"),
        some(what="Role", before=None, after="Medical director"),
    ],
    "changes": 5,
    "words_changed": 38,
    "words_total": 184,
}

_DRAFT = some(
    code="HAL-M-0150",
    title="Dosing at a glance",
    product="Halvoryn",
    pillar="Safety and administration",
    owner="A writer",
    state="draft",
    flag=None,
    version="0.1",
    valid_from=None,
    valid_until=None,
    ended_at=None,
)

PAGES = {
    "module": ("pages/modules/show.html", module()),
    "module-draft": (
        "pages/modules/show.html",
        module(
            module=_DRAFT,
            risk=None,
            shown=None,
            claims=[],
            used=[],
            use_url=None,
            use_refused="No version is approved yet.",
            withdraw_url=None,
            rules=[],
        ),
    ),
    "module-versions": ("pages/modules/versions.html", module("versions")),
    "module-compare": ("pages/modules/compare.html", module("compare", **_COMPARE)),
    "module-claims": ("pages/modules/tab.html", module("claims")),
    "module-used": ("pages/modules/tab.html", module("used")),
    "module-reviews": ("pages/modules/tab.html", module("reviews")),
    "module-trail": ("pages/modules/tab.html", module("trail")),
}
