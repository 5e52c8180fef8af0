"""The checks that ran over a material when it was submitted: signed with it, told in its manifest.

What stands in approved modules was judged in their own review, so a finding there is recorded and
stops nothing. A personalisation value is nobody's approved wording: one that reads like a claim
does stop the material (R-707).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
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
    library = _library(session, version)
    result = check("\n\n".join(texts[code] for code in _in_order(version, texts)), library)
    packs = ", ".join(applied_packs(library))
    label = version.frame["label"]
    return [{"name": CHECKER, "version": f"{packs}; label {label}", "result": _told(result)}]


def value_objections(session: Session, version: MaterialVersion) -> Iterator[Objection]:
    """Why a personalisation value cannot be printed: it holds a claim, or something near one."""
    library = _library(session, version, companions=False)
    for name, value in version.tokens.items():
        # each line by itself: the agenda is a list, and no sentence
        for line in str(value).split("\n"):
            yield from _line_objections(name, line, library)


def _line_objections(name: str, line: str, library: Library) -> Iterator[Objection]:
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


class Alike:
    """The checks of versions that have the same parts and differ in values of the account alone.

    What is the same is checked once. The modules that print a value are checked for each version;
    where their answer is another than for the first version, the whole text is.
    """

    def __init__(self, session: Session, first: MaterialVersion) -> None:
        self.session = session
        self.whole = run(session, first)
        modules = part_versions(session, first)
        claims = pinned_claims(session, modules.values())
        texts = _texts(session, first)
        self.library = _library(session, first)
        self.of_values = _library(session, first, companions=False)
        by_code = {module.code: module for module in modules.values()}
        varying = [by_code[code] for code in _in_order(first, texts) if _prints(by_code[code])]
        self.varying = [(module, wording_of(module, claims)) for module in varying]
        self.answer = self._answer(first.tokens)
        self._known: dict[tuple[str, str], list[Objection]] = {}

    def run(self, version: MaterialVersion) -> list[dict[str, Any]]:
        """As ``run`` of this module."""
        same = self._answer(version.tokens) == self.answer
        return self.whole if same else run(self.session, version)

    def value_objections(self, tokens: Mapping[str, str]) -> Iterator[Objection]:
        """As ``value_objections`` of this module, of a version with these values."""
        for name, value in tokens.items():
            for line in str(value).split("\n"):
                if (name, line) not in self._known:
                    found = _line_objections(name, line, self.of_values)
                    self._known[name, line] = list(found)
                yield from self._known[name, line]

    def _answer(self, tokens: Mapping[str, str]) -> object:
        """What is found in the modules that print a value, wherever it stands in them."""

        def field(name: str) -> str:
            return _in_paragraphs(tokens.get(name, ""))

        texts = [content.spelled_out(each.body, words, field) for each, words in self.varying]
        if not texts:
            return ()
        result = check("\n\n".join(texts), self.library, whole=False)
        return (
            [(each.severity, each.verdict, each.rule, each.claim) for each in result.findings],
            [(each.claim, each.kind) for each in result.matches],
            len(result.sentences),
        )


def _prints(module: ModuleVersion) -> bool:
    return bool(set(content.field_names(module.body)) & set(FROM_THE_ACCOUNT))


def _stops(finding: Finding, name: str) -> bool:
    """Names are no sentences: Helen Newberry Joy Hospital promises nobody joy.

    What a name may not hold is judged word by word (``exports.tokens``); here only what comes near
    an approved claim or an unapproved use stops it.
    """
    of_account = name in FROM_THE_ACCOUNT and finding.verdict is Verdict.UNSUPPORTED
    return finding.severity is Severity.BLOCK and not of_account


def _library(session: Session, version: MaterialVersion, *, companions: bool = True) -> Library:
    use = use_of(version.material)
    passages = list(_companions(session, version)) if companions else []
    return compiled(
        session,
        version.material.product,
        at=clock.now(),
        market=use.market,
        audience=use.audience,
        channel=use.channel,
        passages=passages,
    )


def _companions(session: Session, version: MaterialVersion) -> Iterator[Passage]:
    """What stands in places that only companions fill: safety information and footnotes."""
    frame = of_json(version.template_version.frame)
    places = {slot.name for slot in frame.slots if slot.companions_only}
    apart = {part["module"] for part in version.parts if part["slot"] in places}
    modules = part_versions(session, version)
    claims = pinned_claims(session, modules.values())
    for module in modules.values():
        if module.code in apart:
            text = content.plain_text(module.body, wording_of(module, claims), _nothing)
            yield Passage(module.code, text)


def _nothing(_name: str) -> str:
    return ""


def _texts(session: Session, version: MaterialVersion) -> dict[str, str]:
    modules = part_versions(session, version)
    claims = pinned_claims(session, modules.values())

    def field(name: str) -> str:
        return _in_paragraphs(version.tokens.get(name, ""))

    def text(module: ModuleVersion) -> str:
        return content.spelled_out(module.body, wording_of(module, claims), field)

    return {module.code: text(module) for module in modules.values()}


def _in_paragraphs(value: object) -> str:
    """A value of several lines, such as an agenda, as that many paragraphs."""
    return str(value).replace("\n", "\n\n")


def _in_order(version: MaterialVersion, texts: dict[str, str]) -> list[str]:
    return [part["module"] for part in version.parts if part["module"] in texts]


def _told(result: Result) -> str:
    counts = Counter(finding.severity for finding in result.findings)
    found = [f"{counts[severity]} {severity.value}" for severity in Severity if counts[severity]]
    verbatim = f"{len(result.matches)} passages of approved wording"
    return f"{verbatim}; {', '.join(found) or 'no finding'}"
