"""What the editor shows: the text as typed, what was found in it, what is still missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import url_for

from claims_library.extracting import Extract
from claims_library.findings import Finding, Result, Severity
from claims_library.reporting import Report, as_json
from cms.formatting import clock as time_of_day
from cms.formatting import plural
from cms.pages import session, viewer
from cms.threads import asked_of
from cms.web.module_form import LISTS, Choices, Typed
from cms.web.module_values import Values, printed
from mlr import engine
from mlr.comparing import count_words
from modules import content, history
from modules.checking import Checked, check_draft
from modules.draft import ModuleDraft
from modules.models import Module, ModuleVersion
from modules.module_file import write_module
from modules.offering import Offer, offered_claims
from records import clock
from records.errors import Objection
from records.lifecycle import EDITABLE, VersionState
from records.roles import Permission, may

OFFERED = 50
_OFFERS = {
    "pillar": "pillars",
    "phases": "phase_options",
    "roles": "role_options",
    "tiers": "tier_options",
    "channels": "channel_options",
}
# each part of a module: the words when nothing is missing there
_PARTS = {
    "title": "It has a title",
    "body": "It has text, and all that must be fixed in it is",
    "phases": "Journey phases chosen",
    "roles": "Roles chosen",
    "tiers": "Tiers chosen",
    "channels": "Channels chosen",
    "requires": "All that must accompany it exists",
    "excludes": "Its rules agree with each other",
    "valid_until": "Its last day is in the future",
}
_IN_TEXT = {"reference", "field", "unknown-claim", "markup"}


@dataclass(frozen=True)
class Screen:
    """How the editor was left: what went wrong, and what must not be lost."""

    errors: Mapping[str, str] = field(default_factory=dict)
    conflict: Values | None = None
    submit_open: bool = False
    note: str = ""
    submit_errors: Mapping[str, str] = field(default_factory=dict)


FRESH = Screen()


def revision_of(version: ModuleVersion) -> str:
    """What the form sends back, so that nobody saves over somebody else's text."""
    return f"{version.version}-{version.revision}"


def draft_number(latest: ModuleVersion) -> str:
    """The number of the draft one edits: the open one, or the next."""
    if latest.state in EDITABLE:
        return latest.version
    return f"{latest.major}.{latest.minor + 1}"


def editor(module: Module, typed: Typed, screen: Screen = FRESH) -> Values:
    """The whole page."""
    latest = history.latest_of(module)
    saved = ModuleDraft.of(latest)
    draft, wrong = typed.read(saved)
    checked = check_draft(session(), draft, module.product)
    claims = offered_claims(session(), module.product, limit=OFFERED)
    lost = screen.conflict or screen.errors
    refused = _submit_refused(latest, checked, wrong, saved=typed == Typed.of_draft(saved))
    return {
        **asdict(typed),
        **LISTS,
        "code": module.code,
        "title": typed.title,
        "number": draft_number(latest),
        "started_from": _started_from(latest),
        "revision": revision_of(latest),
        "errors": screen.errors,
        "claims": [_offer(claim) for claim in claims],
        "saved_at": None if lost or latest.state not in EDITABLE else latest.updated_at,
        "may_submit": not refused,
        "submit_refused": refused,
        "submit": {"open": screen.submit_open, "note": screen.note, "errors": screen.submit_errors},
        "review": _review(latest),
        **asked_of(session(), latest),
        "check_url": url_for("modules.check", code=module.code),
        "panels_url": url_for("modules.panels", code=module.code),
        "claims_url": url_for("modules.claims", code=module.code),
        "conflict": screen.conflict,
        "now": clock.now(),
        **parts(module, draft, checked, wrong),
    }


def parts(
    module: Module, draft: ModuleDraft, checked: Checked, wrong: Sequence[Objection]
) -> Values:
    """The parts that follow the text while somebody types: findings, what is missing, preview."""
    wordings = {
        (pin["claim"], pin["variation"]): checked.pinned.versions[pin["claim"]].wording(
            pin["variation"]
        )
        for pin in checked.pinned.pins
    }

    def wording(claim: str, variation: int) -> str:
        return wordings.get((claim, variation), "")

    number = draft_number(history.latest_of(module))
    words = count_words(content.plain_text(draft.body, wording))
    return {
        "findings": [_finding(each, draft.body) for each in checked.findings],
        "must_fix": checked.blocking,
        "checked": _checked(checked, words),
        "missing": _missing(checked, wrong),
        "preview": printed(draft.body, wordings),
        "footer": f"{draft.code} {number}, draft",
        "words": words,
        "panels_url": url_for("modules.panels", code=module.code),
    }


def _checked(checked: Checked, words: int) -> str:
    placed = len(checked.pinned.pins)
    what = f"{plural(words, 'word')} and {plural(placed, 'placed claim')}"
    return f"Checked at {time_of_day(clock.now())}: {what}."


def _finding(finding: Finding, body: str) -> Values:
    line = body.count("\n", 0, finding.start) + 1
    return {
        "severity": finding.severity.value if finding.severity is not Severity.RECORD else "info",
        "title": finding.name.replace("-", " ").capitalize(),
        "detail": finding.message,
        "where": f"line {line}{_opening(finding.text)}",
        "rule": finding.rule,
        "url": "",
        "link": "",
        "start": finding.start,
        "end": finding.end,
    }


def _opening(text: str, most: int = 48) -> str:
    """The first words of what a finding is about, to be recognised by."""
    words = " ".join(text.split())
    if not words:
        return ""
    return f", “{words}”" if len(words) <= most else f", “{words[:most].rpartition(' ')[0]} …”"


def _missing(checked: Checked, wrong: Sequence[Objection]) -> list[Values]:
    """Each part of the module: what is missing there, or that nothing is."""
    said: dict[str, list[str]] = {name: [] for name in _PARTS}
    for objection in (*wrong, *checked.objections):
        if objection.where != "body" or objection.code not in _IN_TEXT:
            said.setdefault(objection.where, []).append(str(objection))
    if checked.blocking:
        said["body"].append(f"{plural(checked.blocking, 'finding')} in the text must be fixed.")
    return [
        missing
        for name, sentences in said.items()
        for missing in (
            [_lacking(name, sentence) for sentence in dict.fromkeys(sentences)]
            or [{"ok": True, "words": _PARTS[name], "field": None, "offers": []}]
        )
    ]


def _lacking(name: str, sentence: str) -> Values:
    offers: Choices = LISTS[_OFFERS[name]] if name in _OFFERS else []
    anchor = name if name in _PARTS or name in LISTS or name in _OFFERS else None
    return {"ok": False, "words": sentence, "field": anchor, "offers": offers}


def _offer(claim: Offer) -> Values:
    return {
        "code": claim.code,
        "text": claim.text,
        "variations": claim.variations,
        "reference": evidence_of(claim),
    }


def evidence_of(claim: Offer) -> str:
    """Where the evidence of a claim is, in words."""
    return f"Label {claim.label:02d}, {claim.locator.replace('_', ' ')}"


def _started_from(latest: ModuleVersion) -> str:
    if latest.state in EDITABLE:
        return ""
    return f"started from {latest.version}, {latest.state.value}"


def _review(latest: ModuleVersion) -> Values | None:
    """The review that the next save would end."""
    if latest.state is not VersionState.IN_REVIEW:
        return None
    job = engine.open_job_of(session(), ModuleVersion.KIND, latest.id)
    return {"job_id": job.id, "opened_by": job.opened_by.name, "at": job.opened_at} if job else None


def _submit_refused(
    latest: ModuleVersion, checked: Checked, wrong: Sequence[Objection], *, saved: bool
) -> str:
    """Why it cannot be submitted now, or nothing."""
    if not may(viewer(), Permission.SUBMIT):
        return "You may write, but not submit."
    if latest.state is VersionState.IN_REVIEW:
        return "It is in review already."
    if latest.state not in EDITABLE:
        return "Nothing is changed yet."
    count = len([each for each in _missing(checked, wrong) if not each["ok"]])
    if count:
        return f"{plural(count, 'thing')} in the way"
    return "" if saved else "Save first"


def conflict_of(latest: ModuleVersion, mine: ModuleDraft) -> Values:
    """Both texts; with everything around them where that differs too."""
    theirs = ModuleDraft.of(latest)
    same_tags = Typed.of_draft(theirs).__dict__ | {"body": ""} == Typed.of_draft(mine).__dict__ | {
        "body": ""
    }

    def shown(draft: ModuleDraft) -> str:
        return draft.body if same_tags else write_module(draft).decode()

    return {
        "by": latest.author.name,
        "at": latest.updated_at,
        "mine": shown(mine),
        "theirs": shown(theirs),
    }


def answer_json(body: str, result: Result) -> dict[str, Any]:
    """The answer of the check contract, without what is only recorded."""
    told = tuple(each for each in result.findings if each.severity is not Severity.RECORD)
    return as_json(Report("", Extract(body), Result(told, result.matches)))
