"""The checks that ran over a material when it was submitted: signed with it, told in its manifest.

What stands in approved modules was judged in their own review, so a finding there is recorded and
stops nothing. A personalisation value is nobody's approved wording: one that reads like a claim
does stop the material (R-707).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from claims_library.checking import check
from claims_library.compiling import Library, Passage
from claims_library.detecting import applied_packs
from claims_library.findings import Finding, Result, Severity, Verdict
from claims_library.library import compiled
from exports.frame import of_json
from exports.models import MaterialVersion
from exports.personalising import FROM_THE_ACCOUNT
from exports.validity import part_versions, use_of
from modules import content
from modules.models import ModuleVersion
from modules.pinning import pinned_claims, wording_of
from records import clock
from records.errors import Objection

CHECKER = "claims checker"


def run(session: Session, version: MaterialVersion) -> list[dict[str, Any]]:
    """Check the whole text as it will be printed: name, version and result of each check."""
    texts = _texts(session, version)
    library = _library(session, version, texts)
    result = check("\n\n".join(texts[code] for code in _in_order(version, texts)), library)
    packs = ", ".join(applied_packs(library))
    label = version.frame["label"]
    return [{"name": CHECKER, "version": f"{packs}; label {label}", "result": _told(result)}]


def value_objections(session: Session, version: MaterialVersion) -> Iterator[Objection]:
    """Why a personalisation value cannot be printed: it holds a claim, or something near one."""
    library = _library(session, version, {})
    for name, value in version.tokens.items():
        # each line by itself: the agenda is a list, and no sentence
        for line in str(value).split("\n"):
            result = check(line, library, whole=False)
            blocking = [each for each in result.findings if _stops(each, name)]
            if result.matches or blocking:
                why = blocking[0].message if blocking else "It is the wording of a claim."
                yield Objection(
                    "token-claim",
                    f"The value of {{{{{name}}}}} cannot be printed: {why}",
                    where=name,
                    instead="Claims are printed from modules only.",
                )


def _stops(finding: Finding, name: str) -> bool:
    """Names are no sentences: Helen Newberry Joy Hospital promises nobody joy.

    What a name may not hold is judged word by word (``exports.tokens``); here only what comes near
    an approved claim or an unapproved use stops it.
    """
    of_account = name in FROM_THE_ACCOUNT and finding.verdict is Verdict.UNSUPPORTED
    return finding.severity is Severity.BLOCK and not of_account


def _library(session: Session, version: MaterialVersion, texts: dict[str, str]) -> Library:
    use = use_of(version.material)
    apart = _companions(version)
    passages = [Passage(code, text) for code, text in texts.items() if code in apart]
    return compiled(
        session,
        version.material.product,
        at=clock.now(),
        market=use.market,
        audience=use.audience,
        channel=use.channel,
        passages=passages,
    )


def _companions(version: MaterialVersion) -> set[str]:
    """What stands in places that only companions fill: safety information and footnotes."""
    frame = of_json(version.template_version.frame)
    places = {slot.name for slot in frame.slots if slot.companions_only}
    return {part["module"] for part in version.parts if part["slot"] in places}


def _texts(session: Session, version: MaterialVersion) -> dict[str, str]:
    modules = part_versions(session, version)
    claims = pinned_claims(session, modules.values())

    def field(name: str) -> str:
        return str(version.tokens.get(name, ""))

    def text(module: ModuleVersion) -> str:
        return content.plain_text(module.body, wording_of(module, claims), field)

    return {module.code: text(module) for module in modules.values()}


def _in_order(version: MaterialVersion, texts: dict[str, str]) -> list[str]:
    return [part["module"] for part in version.parts if part["module"] in texts]


def _told(result: Result) -> str:
    counts = Counter(finding.severity for finding in result.findings)
    found = [f"{counts[severity]} {severity.value}" for severity in Severity if counts[severity]]
    verbatim = f"{len(result.matches)} passages of approved wording"
    return f"{verbatim}; {', '.join(found) or 'no finding'}"
