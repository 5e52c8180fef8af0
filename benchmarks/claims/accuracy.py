"""How right the check is: labelled cases, alterations made by rule, text that must pass."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.claims.mutations import mutations
from claims_library.checking import check
from claims_library.compiling import ClaimText, Library, Passage, ProductFacts, compile_library
from claims_library.findings import Result, Severity, Verdict, verdict_of
from claims_library.label_document import LabelDocument
from claims_library.labels import read_label
from claims_library.segmenting import sentences
from claims_library.tokens import tokenise

PASSING = frozenset(["verbatim", "variation", "none"])
_STATES = re.compile(r"\b(?:is|was|were|are|should|may|can|reported|occurred|received)\b")
_POPULATION = re.compile(
    r"\b(?:in|with|for) (?:adult |pediatric )?(?:patients|women|men) (?:with|who|receiving) "
    r"[a-z -]{5,60}"
)
_SECTIONS = frozenset(
    [
        *("indications_and_usage", "dosage_and_administration", "warnings_and_cautions"),
        *("adverse_reactions", "clinical_studies", "use_in_specific_populations"),
        *("drug_interactions", "warnings", "precautions"),
    ]
)


@dataclass
class Tally:
    """Counts by name: how many, how many exact, found at all, passed although altered."""

    total: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)


def products(shared: Path) -> list[str]:
    """The products with labelled cases."""
    return sorted(path.parent.name for path in (shared / "data/products").glob("*/cases.jsonl"))


def library_of(shared: Path, name: str, *, passages: bool = False) -> Library:
    """The library of a product as its files say."""
    folder = shared / "data/products" / name
    label_file = next((shared / "data/labels").glob(f"{name}_*.json"))
    label = read_label(label_file.read_bytes(), filename=label_file.name)
    with (folder / "claims.csv").open(encoding="utf-8", newline="") as file:
        claims = [_claim(row) for row in csv.DictReader(file)]
    texts = _modules(folder) if passages else []
    return compile_library(_facts(label), claims, label=label, passages=texts)


def _facts(label: LabelDocument) -> ProductFacts:
    boxed = any(section.name == "boxed_warning" for section in label.sections)
    return ProductFacts(label.brand_name, label.generic_name, boxed)


def _modules(folder: Path) -> list[Passage]:
    return [
        Passage(path.stem, path.read_text("utf-8").split("---\n", 2)[2])
        for path in sorted((folder / "modules").glob("*.md"))
    ]


def _claim(row: dict[str, str]) -> ClaimText:
    def parts(name: str, sign: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in row[name].split(sign) if part.strip())

    return ClaimText(
        code=row["claim_id"],
        text=row["text"],
        variations=parts("variations", "||"),
        type=row["type"],
        indication=row["indication"],
        population=row["population"],
        qualifiers=parts("qualifiers", "||"),
        companions=parts("companions", ";"),
        reference=row["reference"],
        locator=row["locator"],
        excerpt=row["excerpt"],
    )


def cases(shared: Path, name: str, library: Library) -> Tally:
    """The labelled cases of a product against a library."""
    tally = Tally()
    path = shared / "data/products" / name / "cases.jsonl"
    for line in path.read_text("utf-8").splitlines():
        case = json.loads(line)
        result = check(case["text"], library)
        _count(tally, case["verdict"], result, case["id"], case["claim"])
    return tally


def _count(tally: Tally, wanted: str, result: Result, id: str, claim: str | None) -> None:
    verdict = verdict_of(result).value
    blocked = any(finding.severity is Severity.BLOCK for finding in result.findings)
    clean = wanted in PASSING
    tally.total[wanted] += 1
    good = verdict == wanted and not (clean and blocked)
    tally.exact[wanted] += good
    tally.found[wanted] += blocked
    if clean:
        codes = {match.claim for match in result.matches}
        tally.named[wanted] += claim is None or codes == {claim}
    else:
        tally.passed[wanted] += verdict in PASSING
        lead = next((f.claim for f in result.findings if f.verdict is not None), None)
        tally.named[wanted] += claim is None or lead == claim
    if not good:
        tally.misses.append(f"{id}: {wanted} → {verdict}")


def altered(library: Library) -> Tally:
    """Every alteration of every claim of a library."""
    tally = Tally()
    own = {_keys(w.text) for shelf in library.shelves for w in shelf.wordings}
    for claim in library.claims.values():
        for mutation in mutations(claim):
            if _keys(mutation.text) in own:
                continue
            result = check(mutation.text, library, whole=False)
            verdict = verdict_of(result)
            tally.total[mutation.kind] += 1
            # an altered biomarker may be off-label first; then the difference is named too
            verdicts = {finding.verdict for finding in result.findings}
            off_label = verdict is Verdict.OFF_LABEL and mutation.verdict in verdicts
            tally.exact[mutation.kind] += off_label or verdict is mutation.verdict
            tally.passed[mutation.kind] += verdict.passes
            tally.named[mutation.kind] += mutation.claim in {f.claim for f in result.findings}
            if verdict.passes:
                tally.misses.append(f"{mutation.claim}: {mutation.kind}, {mutation.detail}")
    return tally


def _keys(text: str) -> tuple[str, ...]:
    keys = tokenise(text).keys
    while keys and keys[-1] == ".":
        keys.pop()
    return tuple(keys)


def verbatim(library: Library) -> tuple[int, int]:
    """How many wordings there are, and how many are not recognised as they stand."""
    bad = 0
    wordings = [(c.code, c.wording(n)) for c in library.claims.values() for n in _numbers(c)]
    for code, text in wordings:
        result = check(text, library, whole=False)
        blocked = any(finding.severity is Severity.BLOCK for finding in result.findings)
        bad += blocked or code not in {match.claim for match in result.matches}
    return len(wordings), bad


def _numbers(claim: ClaimText) -> range:
    return range(len(claim.variations) + 1)


def neutral(shared: Path, name: str) -> tuple[int, list[str]]:
    """Sentences of a product's approved modules, and those that a finding blocks."""
    library = library_of(shared, name, passages=True)
    count = 0
    blocked: list[str] = []
    for passage in library.passages:
        result = check(passage.text, library, whole=False)
        count += len(result.sentences)
        blocked += [
            f"{passage.code}: {finding.name} “{' '.join(finding.text.split())[:80]}”"
            for finding in result.findings
            if finding.severity is Severity.BLOCK
        ]
    return count, blocked


def unseen(shared: Path, *, most: int = 40) -> Iterator[tuple[str, Library]]:
    """Libraries made of sentences of labels that nothing was ever tried on: (label, library)."""
    known = set(products(shared))
    by_brand: dict[str, list[str]] = defaultdict(list)
    folder = shared / "data/labels"
    for path in sorted([*folder.glob("*.json"), *folder.glob("spl/*.xml")]):
        if path.stem.partition("_")[0] in known:
            continue
        label = read_label(path.read_bytes(), filename=path.name)
        found = list(dict.fromkeys(_statements(label)))
        step = max(1, len(found) // most)
        by_brand[label.brand_name] += found[::step][:most]
        claims = [
            ClaimText(f"{label.brand_name[:3]}-{i:04}", text, qualifiers=_qualifiers(text))
            for i, text in enumerate(by_brand[label.brand_name])
        ]
        yield label.brand_name, compile_library(_facts(label), claims, label=label)


def _statements(label: LabelDocument) -> Iterator[str]:
    for section in label.sections:
        if section.name not in _SECTIONS:
            continue
        for paragraph in section.paragraphs:
            if "\t" in paragraph:
                continue
            tokens = tokenise(paragraph)
            for run in sentences(tokens):
                text = " ".join(tokens.text(run.start, run.end).split())
                if _is_statement(text):
                    yield text


def _is_statement(text: str) -> bool:
    return (
        60 < len(text) < 320
        and text.endswith(".")
        and text[0].isupper()
        and "[see" not in text
        and _STATES.search(text) is not None
    )


def _qualifiers(text: str) -> tuple[str, ...]:
    match = _POPULATION.search(text)
    return (match.group(),) if match else ()


def verdict_order() -> list[str]:
    """The verdicts in the order of the contract."""
    return [verdict.value for verdict in Verdict]
