"""The review task with its signing dialog, and the queue."""

from __future__ import annotations

from tests.pages.preview.samples.modules import BODY
from tests.pages.preview.words import HASH, NOW, at, pill, some, steps

_SAME = "same"

BLOCKS = [
    some(
        kind="h2",
        shape="",
        delta=[(_SAME, "Response and duration of response in MERIDIAN-1")],
        change=None,
        claims=[],
        threads=[],
    ),
    some(
        kind="p",
        change=None,
        claims=[("HAL-0029", "supported")],
        threads=[],
        shape="",
        delta=[
            (
                _SAME,
                (
                    "MERIDIAN-1 was a single-arm, open-label trial of HALVORYN® (ostavatinib) 160"
                    " mg once daily in 150 adults with locally advanced or metastatic"
                    " RXA2-fusion-positive NSCLC."
                ),
            )
        ],
    ),
    some(
        kind="p",
        change=1,
        claims=[("HAL-0032", "supported")],
        threads=[],
        shape="",
        delta=[
            (_SAME, "Among the 86 patients who responded, median duration of response was "),
            ("del", "14.7 months (95% CI, 11.2–18.9)"),
            ("ins", "16.1 months (95% CI, 12.9–20.3)"),
            (_SAME, ", at a median follow-up of "),
            ("del", "18.2"),
            ("ins", "24.6"),
            (_SAME, " months. "),
            ("ins", "Of the 86 responders, 65% were still in response at 12 months."),
        ],
    ),
    some(
        kind="row",
        change=2,
        claims=[],
        threads=[],
        shape="",
        delta=[
            (_SAME, "Median duration of response, months (95% CI)   "),
            ("del", "14.7 (11.2–18.9)"),
            ("ins", "16.1 (12.9–20.3)"),
        ],
    ),
    some(
        kind="fn",
        change=None,
        claims=[],
        threads=[],
        shape="",
        delta=[
            (_SAME, "Accelerated approval. This indication is approved under accelerated approval.")
        ],
    ),
]

EVIDENCE = [
    some(
        code="HAL-0032",
        url="#",
        wording="16.1 months (95% CI, 12.9–20.3)",
        state="supported",
        label="Label version 06, 12 Nov 2026",
        locator="14.1 clinical studies, paragraph 3",
        before="Tumor assessments were performed every 8 weeks. ",
        quote=(
            "Among the 86 responding patients, the median duration of response was 16.1 months (95%"
            " CI: 12.9, 20.3)"
        ),
        after="; an observed 65% of responders had a duration of response of 12 months or longer.",
        label_url="#",
        note=None,
    ),
    some(
        code="HAL-0029",
        url="#",
        wording="150 adults with locally advanced NSCLC",
        state="supported",
        label="Label version 06, 12 Nov 2026",
        locator="14.1 clinical studies, paragraph 2",
        before="",
        quote="The trial enrolled 150 adults with locally advanced or metastatic NSCLC.",
        after="",
        label_url="#",
        note="Moved from paragraph 1, same words.",
    ),
]


def _finding(severity: str, title: str, detail: str = "") -> object:
    return some(
        severity=severity,
        title=title,
        detail=detail,
        where="",
        rule="",
        url="",
        link="",
        start=None,
        end=None,
    )


VERDICTS = [
    some(
        value="approve",
        label="Approve",
        needs_comment=False,
        meaning=(
            "I have reviewed this version and approve it as medically accurate, balanced and"
            " supported by the evidence cited."
        ),
    ),
    some(
        value="approve-with-changes",
        label="Approve with changes",
        needs_comment=True,
        meaning="I approve it with the changes named below; I need not see it again.",
    ),
    some(
        value="amend-and-return",
        label="Return",
        needs_comment=True,
        meaning="It must be changed as named below and come back to me.",
    ),
    some(
        value="reject",
        label="Reject",
        needs_comment=True,
        meaning="It may not be used; this version ends here.",
    ),
]


def _row(number: int, title: str, due: str | None, *, chosen: bool = False) -> object:
    return some(
        id=number,
        title=title,
        code="HAL-M-0142",
        version="2.1",
        words=38,
        due_at=at(11, 24, 22),
        due=due,
        chosen=chosen,
    )


QUEUE = [
    _row(1, "Hepatic monitoring: what the label asks for", "late"),
    _row(2, "Response and duration of response in MERIDIAN-1", "due", chosen=True),
    _row(3, "Account brief: Riverside Valley, pharmacy director", None),
]


def thread(number: int, kind: str, *, is_open: bool = True, **values: object) -> object:
    """An annotation with one answer."""
    usual = {
        "id": number,
        "kind": kind,
        "label": "Must be fixed" if kind == "must-fix" else "Suggestion",
        "quote": "65% were still in response",
        "text": "Name it as observed.",
        "author": "Regulatory reviewer",
        "part": "regulatory",
        "at": at(11, 20, 10, 32),
        "replies": [some(author="A writer", text="Agreed.", at=at(11, 20, 13, 6))],
        "open": is_open,
        "circulation": None if is_open else 1,
        "resolved_by": "" if is_open else "Regulatory reviewer",
        "resolved_at": None if is_open else at(11, 21),
        "may_resolve": True,
        "may_reply": True,
        "reply_url": "#",
        "settle_url": "#",
        "key": "k",
    }
    return some(**{**usual, **values})


THREADS = [thread(1, "must-fix"), thread(2, "suggestion", replies=[])]


def review(**values: object) -> dict[str, object]:
    """The task's page."""
    usual = {
        "task": some(
            id=2,
            discipline="medical",
            code="HAL-M-0142",
            kind="module",
            version="2.1",
            becomes="3.0",
            title="Response and duration of response in MERIDIAN-1",
            url="#",
            circulation=1,
            opened_at=at(11, 19),
            due_at=at(11, 24, 22),
            due="due",
            author="A writer",
            note="New figures of label 06; nothing else changed.",
            content_sha256=HASH,
            state="open",
        ),
        "compared": some(version="2.0", signed_at=at(3, 3)),
        "steps": steps("with-them", "approve", "with-them"),
        "view": "changes",
        "views": [pill("Changes", 2, chosen=True), pill("Clean"), pill("2.0")],
        "blocks": [*BLOCKS[:-1], some(**{**vars(BLOCKS[-1]), "threads": THREADS})],
        "html": BODY,
        "facts": [some(what="Valid until", before="4 Mar 2027", after="12 Nov 2027")],
        "words_changed": 38,
        "words_total": 184,
        "changes": 3,
        "document_url": None,
        "evidence": EVIDENCE,
        "checks": [
            _finding("ok", "4 numbers match their claims"),
            _finding("warn", "Follow-up is not in the label", "Data on file NL-DOF-0231 gives it."),
        ],
        "loose": [thread(3, "suggestion", is_open=False, quote="")],
        "annotations": {"must_fix": 1, "suggestions": 1},
        "annotate": some(
            url="#",
            kinds=[("suggestion", "Suggestion", "worth a thought"), ("must-fix", "Must", "first")],
            key="k",
            longest=600,
        ),
        "earlier": [
            some(
                discipline="legal",
                state="approve",
                person="Legal reviewer",
                at=at(11, 20),
                comment="No objection.",
            )
        ],
        "queue_title": "My tasks",
        "queue_url": "#",
        "queue": QUEUE,
        "queue_total": 7,
        "prev_url": "#",
        "next_url": "#",
        "must_fix_of_part": 1,
        "may_decide": True,
        "refused": "",
        "decided": None,
        "verdicts": VERDICTS,
        "form": some(open=False, verdict="approve", comment="", errors={}, objections=[]),
        "key": "k",
        "may_recall": False,
        "hold": None,
        "deputy_of": "",
        "job_id": 4,
        "now": NOW,
    }
    return {"page": some(**{**usual, **values})}


def task_row(title: str, kind: str, due: str | None, changed: int, *states: str) -> object:
    """A row of the desk."""
    return some(
        id=1,
        url="/reviews/tasks/1",
        title=title,
        kind=kind,
        product="Halvoryn",
        code="HAL-M-0097",
        version="3.1",
        news_head="Changed.",
        news="3 numbers and 1 sentence since 2.0, which you signed on 3 Mar 2026",
        words_changed=changed,
        words_total=188,
        steps=steps(*states),
        steps_note="legal in parallel",
        due_at=at(11, 20),
        due=due,
        since=at(11, 17),
    )


GROUPS = [
    some(
        state="late",
        words="Late",
        rows=[
            task_row(
                "Hepatic monitoring: what the label asks for",
                "module",
                "late",
                46,
                "with-them",
                "approve",
                "approve",
            )
        ],
    ),
    some(
        state="due",
        words="Due today",
        rows=[
            task_row(
                "Response and duration of response in MERIDIAN-1",
                "module",
                "due",
                38,
                "with-them",
                "approve",
                "with-them",
            ),
            task_row(
                "Account brief: Riverside Valley, pharmacy director",
                "material",
                "due",
                121,
                "with-them",
                "waiting",
                "waiting",
            ),
        ],
    ),
    some(
        state=None,
        words="This week",
        rows=[
            task_row(
                "“More than half of patients responded”",
                "claim",
                None,
                6,
                "with-them",
                "approve",
                "approve",
            )
        ],
    ),
]

_QUEUE = some(
    headline="Seven tasks wait for medical",
    lede=None,
    start_url="#",
    first=1,
    last=4,
    total=7,
    back_url=None,
    next_url="#",
    filters=[pill("Mine", 7, chosen=True), pill("All disciplines", 19), pill("Decided by me", 212)],
    groups=GROUPS,
)

_SIGNING = some(
    open=True,
    verdict="amend-and-return",
    comment="Name it as observed.",
    objections=[],
    errors={"password": "The password is not yours. 4 attempts remain before a pause."},
)

_WITHDRAW = some(
    kind="module",
    code="HAL-M-0142",
    version="2.0",
    title="Response and duration of response in MERIDIAN-1",
    state="approved",
    may=True,
    url="#",
    post_url="#",
    withdraw=some(
        reason="The label changed.",
        errors={"password": "The password is not right. Nothing was signed; 4 attempts are left."},
        modules=2,
        materials=3,
        copies=41,
        holders=12,
    ),
    now=NOW,
)

PAGES = {
    "withdraw": ("pages/reviews/withdraw.html", {"page": _WITHDRAW}),
    "review": ("pages/reviews/task.html", review()),
    "review-signing": ("pages/reviews/task.html", review(form=_SIGNING)),
    "review-own": (
        "pages/reviews/task.html",
        review(
            may_decide=False,
            refused="You wrote this version, so somebody else must decide it.",
            may_recall=True,
            view="clean",
        ),
    ),
    "review-decided": (
        "pages/reviews/task.html",
        review(
            may_decide=False,
            decided=some(
                state="approve",
                person="Medical reviewer",
                at=NOW,
                meaning="Reviewed and approved.",
                comment="",
            ),
        ),
    ),
    "queue": ("pages/reviews/queue.html", {"page": _QUEUE}),
}
