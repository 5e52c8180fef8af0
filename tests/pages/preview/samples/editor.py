"""The editor, a conflict in it, and a new module."""

from __future__ import annotations

from markupsafe import Markup

from records import vocabulary
from tests.pages.preview.samples.reviews import THREADS
from tests.pages.preview.words import NOW, at, some

TEXT = """## Response and duration of response in MERIDIAN-1

MERIDIAN-1 was a single-arm, open-label trial of HALVORYN® (ostavatinib) 160 mg once daily in
[[claim:HAL-0029]]

The overall response rate was 67% (95% CI, 49–65) by blinded independent central review, with
[[claim:HAL-0035]]

Among the 86 patients who responded, [[claim:HAL-0032]], a durable effect at {{account.name}}.
"""

PREVIEW = Markup("""<h2>Response and duration of response in MERIDIAN-1</h2>
<p>MERIDIAN-1 was a single-arm, open-label trial of HALVORYN® (ostavatinib) 160 mg once daily in
<a class="claim" href="#x">150 adults with locally advanced NSCLC</a>.<sup>1</sup></p>
<p>The overall response rate was <span class="bad">67% (95% CI, 49–65)</span>, a
<span class="hmm">durable</span> effect at <span class="token">account name</span>.</p>
<div class="isi"><p><b>Important Safety Information.</b> <b>Hepatotoxicity:</b> monitor ALT, AST and
bilirubin weekly for the first 4 weeks.</p></div>""")

FINDINGS = [
    some(
        severity="block",
        title="Number differs from claim HAL-0031",
        where="line 5",
        detail="67% must be 57%: “57% (95% CI, 49–65)”.",
        rule="C104",
        url="",
        link="",
        start=140,
        end=157,
    ),
    some(
        severity="warn",
        title="“durable” is a judgement",
        where="line 7",
        detail="No claim supports it. Say how long, or delete it.",
        rule="C301",
        url="",
        link="",
        start=230,
        end=237,
    ),
]


def options(words: type[vocabulary.Word]) -> list[tuple[str, str]]:
    """Choices of a closed list."""
    return [(word.value, word.label) for word in words]


def editor(**values: object) -> dict[str, object]:
    """The editor's page."""
    usual = {
        "code": "HAL-M-0142",
        "title": "Response and duration of response in MERIDIAN-1",
        "number": "2.2",
        "started_from": "started from 2.1, which is in review",
        "revision": 7,
        "kind": "text",
        "body": TEXT,
        "pillar": "clinical-differentiation",
        "phases": ["evidence-review"],
        "roles": [],
        "tiers": ["strategic"],
        "channels": ["brief"],
        "market": "US",
        "audience": "hcp",
        "requires": "HAL-M-ISI",
        "excludes": "",
        "valid_until": "",
        "errors": {},
        "kinds": options(vocabulary.ModuleKind),
        "pillars": options(vocabulary.Pillar),
        "phase_options": options(vocabulary.Phase),
        "role_options": options(vocabulary.Role),
        "tier_options": options(vocabulary.Tier),
        "channel_options": options(vocabulary.Channel),
        "markets": options(vocabulary.Market),
        "audiences": options(vocabulary.Audience),
        "said": [
            some(
                discipline="Legal",
                state="amend-and-return",
                person="Legal reviewer",
                comment="Say for how long patients were followed.",
                url="#",
            )
        ],
        "asked": [some(**{**vars(THREADS[0]), "url": "#"})],
        "findings": FINDINGS,
        "must_fix": 1,
        "checked": "5 claims and 6 numbers checked against label 06",
        "missing": [
            some(ok=True, words="Pillar, phase, tier, channel", field="", offers=[]),
            some(ok=True, words="Every claim of this text is approved", field="", offers=[]),
            some(ok=False, words="1 finding must be fixed", field="findings", offers=[]),
            some(
                ok=False,
                words="Role is missing",
                field="roles",
                offers=[
                    ("pharmacy-director", "Pharmacy director"),
                    ("medical-director", "Medical director"),
                ],
            ),
            some(ok=False, words="Valid until is missing", field="valid_until", offers=[]),
        ],
        "claims": [
            some(
                code="HAL-0031",
                text="The overall response rate was 57% (95% CI, 49–65).",
                variations=["More than half of patients responded."],
                reference="Label 06, 14.1",
            ),
        ],
        "preview": PREVIEW,
        "footer": "HAL-M-0142 · 2.2 · draft, not for use",
        "saved_at": at(11, 24, 19, 2),
        "words": 184,
        "may_submit": False,
        "submit_refused": "3 things left: 1 finding, role, valid until",
        "submit": some(open=False, note="", errors={}),
        "check_url": "/check",
        "panels_url": "/panels",
        "claims_url": "/offer",
        "conflict": None,
        "review": None,
        "now": NOW,
    }
    return {"page": some(**{**usual, **values})}


_CONFLICT = some(
    by="Another writer", at=at(11, 24, 19, 1), mine=TEXT, theirs=TEXT.replace("67%", "57%")
)

_NEW = some(
    typed={"title": "Dosing at a glance", "market": "US"},
    errors={"code": "HAL-M-0142 is taken. The next free code is HAL-M-0151."},
    products=[("1", "Halvoryn (ostavatinib)")],
    kinds=options(vocabulary.ModuleKind),
    pillars=options(vocabulary.Pillar),
    markets=options(vocabulary.Market),
    audiences=options(vocabulary.Audience),
)

PAGES = {
    "editor": ("pages/modules/edit.html", editor()),
    "editor-ready": (
        "pages/modules/edit.html",
        editor(
            may_submit=True, findings=[], must_fix=0, submit=some(open=True, note="", errors={})
        ),
    ),
    "editor-conflict": ("pages/modules/edit.html", editor(conflict=_CONFLICT)),
    "new-module": ("pages/modules/create.html", {"page": _NEW}),
}
