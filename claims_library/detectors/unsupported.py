"""Does a sentence claim something about the product, and what speaks for it?

By the rules, a sentence that names the product states something about it unless it is shown to be
neutral (a title, pointer, request, reference, account fact), and one that does not name it is
neutral unless words speak for a claim. Then all words together are weighed: where they speak
plainly for the other side, they are followed. R-110, R-111, R-118.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from claims_library.detectors import kinds
from claims_library.detectors.apart import Apart
from claims_library.detectors.apparatus import is_glossary, is_reference
from claims_library.detectors.asking import asks_openly, asserts, only_asks, praises
from claims_library.detectors.asserting import Assertion, assertion, is_chat, verb_of
from claims_library.detectors.backgrounds import is_background
from claims_library.detectors.clearing import is_set, points, tells_of
from claims_library.detectors.naming import is_label, is_title, names_product
from claims_library.detectors.papers import PAPERS, explains_term, is_of_papers
from claims_library.detectors.patterns import Hit
from claims_library.detectors.reading import Line
from claims_library.detectors.results import result
from claims_library.detectors.subjects import ASKING, names_subject, speaks
from claims_library.detectors.weighing import Weights
from claims_library.findings import Finding, Sentence, Verdict, verdict_finding

# what an answer of the rules weighs beside the words, in hundredths of a unit of log odds; what
# a customer's own patterns say is not weighed
EXEMPT, SILENT, TOLD, PLAIN, OWN = -450, 0, 100, 450, 1_000_000
_OF_CLASS = (
    ("safety", "safety"),
    ("outcome", "efficacy"),
    ("body", "efficacy"),
    ("pk", "mechanism"),
)
_SAYS = {
    "statement": "states something about the product",
    "weighed": "reads like a claim about a product",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a sentence is taken for a claim: its kind and the words that speak for it."""

    kind: str
    words: str
    start: int
    end: int


class Unsupported:
    """The judge of claim-bearing sentences, with the sentence that says what each kind does."""

    def __init__(self, sentences: Mapping[str, str], weights: Weights) -> None:
        self._sentences = sentences
        self._weights = weights

    def finding(self, line: Line, reason: Reason) -> Finding:
        """The finding on a sentence that claims something no approved claim says."""
        return self._finding(line.sentence, f"This {self._says(reason)} (“{reason.words}”)")

    def of_parts(self, part: Apart, reason: Reason) -> Finding:
        """The finding on figures that claim something with the words they stand beside."""
        told = f"Read with what stands beside it, “{part.figures}” {self._says(reason)}"
        return self._finding(part, told)

    def _says(self, reason: Reason) -> str:
        return self._sentences.get(reason.kind) or _SAYS.get(reason.kind, _SAYS["statement"])

    @staticmethod
    def _finding(place: Sentence | Apart, told: str) -> Finding:
        return verdict_finding(
            Verdict.UNSUPPORTED,
            start=place.start,
            end=place.end,
            text=place.text,
            message=f"{told}, and no approved claim is near it. Use an approved claim, or submit "
            "this one with its reference.",
        )

    def reason(self, line: Line) -> Reason | None:
        """What makes the sentence a claim, by rules and words; None when nothing does."""
        told, weight = _by_rules(line)
        weighed = self._weights.weigh(line)
        if weighed is None:
            return told
        if weighed.score + weight <= 0:
            return None
        if told is not None or is_reference(line) or is_glossary(line):
            return told
        start, end = self._weights.loudest(line, weighed.view)
        return Reason(_kind_of(line), line.quote(start, end)[:80], start, end)

    def ruled(self, line: Line) -> Reason | None:
        """What makes the sentence a claim by the rules alone."""
        return _by_rules(line)[0]


def _by_rules(line: Line) -> tuple[Reason | None, int]:
    """What makes the sentence a claim, and how much that answer weighs."""
    strong = _hits(line, ":strong")
    own = [hit for hit in strong if hit.own]
    if own:
        return _reason(line, own), OWN
    if not line.words or _is_exempt(line, strong):
        return None, EXEMPT
    told = _of_product(line, strong) if names_product(line) else _of_others(line, strong)
    if told is None:
        return None, SILENT
    return told, PLAIN if any(hit.kind == told.kind for hit in strong) else TOLD


def _kind_of(line: Line) -> str:
    """What kind of claim a sentence makes that is one by its words' weight."""
    hits = [*_hits(line, ":strong"), *_hits(line, ":weak")]
    if hits:
        return _reason(line, hits).kind
    return next((kind for name, kind in _OF_CLASS if line.has(name)), "weighed")


def _is_exempt(line: Line, strong: list[Hit]) -> bool:
    """Whether it is of a kind that claims nothing."""
    return (
        _is_apparatus(line, strong)
        or tells_of(line, strong)
        or explains_term(line, strong)
        or is_background(line, verb_of(line), strong)
        or _asks_or_names(line, strong)
    )


def _asks_or_names(line: Line, strong: list[Hit]) -> bool:
    """Whether it is an open question, a title, or says what becomes of a paper."""
    said = _kinds_of(strong)
    if line.question and asks_openly(line, said):
        return True
    if names_subject(line, said | _kinds_of(_hits(line, ":weak"))):
        return True
    return not strong and is_of_papers(line)


def _is_apparatus(line: Line, strong: list[Hit]) -> bool:
    """Whether it is a reference, list of abbreviations, set phrase, pointer or mere name."""
    return (
        is_reference(line)
        or is_glossary(line)
        or is_set(line, strong)
        or points(line, strong)
        or _only_names(line, strong)
    )


def _only_names(line: Line, strong: list[Hit]) -> bool:
    """Whether a heading or label names a subject and states nothing of it (``Survival``)."""
    if not (line.sentence.heading or is_label(line)) or line.has("evaluative") or line.has("num"):
        return False
    telling = kinds.TELLING if line.sentence.heading else kinds.TELLING_LABELS
    return not any(hit.kind in telling for hit in strong)


def _of_product(line: Line, strong: list[Hit]) -> Reason | None:
    """A sentence that names the product is a claim, unless it is shown to be neutral."""
    asked = only_asks(line, strong)
    if strong and not asked:
        return _reason(line, strong)
    framed = _is_framed(line) and not _acts(line) and not line.question
    if framed or asked or is_title(line):
        return None
    weak = _hits(line, ":weak")
    if _is_done_by_others(line):
        weak = [hit for hit in weak if hit.kind not in kinds.OF_DOING]
    if weak:
        return _reason(line, weak)
    if line.has("organisation") and not line.has("outcome") and not _acts(line):
        return None
    if (line.sentence.heading and len(line.words) <= 8) or _is_headed(line):
        return None
    place = line.places("product")[0]
    return Reason("statement", line.quote(0, len(line.words))[:80], place, place + 1)


def _is_headed(line: Line) -> bool:
    """A title that says who or how after the name: ``PRODUCT: who to call``."""
    after = line.places("product")[0] + 1
    return after < len(line.words) and line.words[after] in ASKING


def _is_done_by_others(line: Line) -> bool:
    """Whether an account's people do something with the product (``The clinic will list …``)."""
    first = line.places("product")[0]
    clinical = any(line.has(name) for name in ("outcome", "safety", "human", "disease"))
    return not clinical and any(
        "organisation" in classes and "expert" not in classes for classes in line.classes[:first]
    )


def _acts(line: Line) -> bool:
    """Whether the product is said to do something (``PRODUCT holds up``)."""
    return any(
        line.words[place + 1 : place + 2] and line.words[place + 1] in kinds.DOING
        for place in line.places("product")
    )


def _is_framed(line: Line) -> bool:
    """Whether it is a request, pointer or the like.

    To end in a time frames only an agenda, and to be defined as something no share of patients.
    """
    return any(
        not hit.source.endswith("hours $") and not (" defined|" in hit.source and line.has("pct"))
        for hit in line.hits.get("frame", ())
    )


def _of_others(line: Line, strong: list[Hit]) -> Reason | None:
    """A sentence without the product's name is a claim if something speaks for it."""
    if only_asks(line, strong) or _is_lay(line, strong):
        return None
    account = line.has("slot") or any(
        "organisation" in classes and "expert" not in classes for classes in line.classes
    )
    telling = _telling(line, strong, account=account)
    if telling and not (line.has("frame") and not asserts(telling) and not praises(line, telling)):
        return _reason(line, telling)
    if not account and not line.has("frame"):
        said = None if line.sentence.heading else result(line)
        if said is not None:
            return _asserted(line, said)
        weak = _weak(line)
        if weak:
            return _reason(line, weak)
    said = assertion(line)
    return None if said is None else _asserted(line, said)


def _asserted(line: Line, said: Assertion) -> Reason:
    return Reason(said.kind, line.quote(said.start, said.end)[:80], said.start, said.end)


def _telling(line: Line, strong: list[Hit], *, account: bool) -> list[Hit]:
    """The hits that speak for a claim even beside an account's words and in a letter."""
    if is_chat(line):
        return [hit for hit in strong if hit.kind == "testimonial"]
    if account and not kinds.PAYING.isdisjoint(line.words):
        strong = [hit for hit in strong if hit.kind != "dosing"]
    if line.has("treatment") or line.has("drug"):
        return strong
    if not account:
        return [hit for hit in strong if hit.kind not in kinds.OF_WORK or _of_patients(line, hit)]
    printed = all(line.words[at] in PAPERS for at in line.places("organisation"))
    excused = _vague(line) and not (printed and praises(line, strong))
    barred = kinds.OF_ACCOUNTS | ({"efficacy", "safety"} if excused else set())
    if not any(line.has(name) for name in kinds.MEDICAL) and not line.has("outcome"):
        barred |= {"superiority"}
    return [hit for hit in strong if hit.kind not in barred]


def _of_patients(line: Line, hit: Hit) -> bool:
    """Whether ease or cost is that of a medicine: patients are named, or ``it``, or nobody."""
    if hit.start == 0 or line.words[0] in {"it", "this", "no", "just", "only"}:
        return True
    return any(
        "human" in classes and word not in kinds.ANYBODY
        for word, classes in zip(line.words, line.classes, strict=True)
    )


def _is_lay(line: Line, strong: list[Hit]) -> bool:
    """Whether it is chat, or so many words speak of nobody, no disease and no treatment."""
    if is_chat(line):
        return not any(hit.kind == "testimonial" for hit in strong)
    if len(line.words) <= kinds.LONG or any(line.has(name) for name in kinds.MEDICAL):
        return False
    if strong and not kinds.FOUND.isdisjoint(line.words):
        return False
    return not any(hit.kind in {"mechanism", "dosing"} for hit in strong)


def _weak(line: Line) -> list[Hit]:
    """Words that speak for a claim beside a treatment, if two kinds of them or people do."""
    if not (line.has("treatment") or line.has("drug")) or is_title(line):
        return []
    hits = [hit for hit in _hits(line, ":weak") if hit.kind != "dosing"]
    told = {hit.kind for hit in hits}
    enough = len(told) >= 2 or (bool(told - kinds.LAY) and line.has("human"))
    return hits if enough else []


def _hits(line: Line, strength: str) -> list[Hit]:
    return [
        hit
        for group, hits in line.hits.items()
        if group.startswith("claim:") and group.endswith(strength)
        for hit in hits
        if line.fresh(hit) and speaks(line, hit)
    ]


def _kinds_of(hits: list[Hit]) -> frozenset[str]:
    return frozenset(hit.kind for hit in hits)


def _reason(line: Line, hits: list[Hit]) -> Reason:
    """The kind that most words speak for; of equals the graver one."""
    weight: dict[str, int] = {}
    for hit in hits:
        weight[hit.kind] = max(weight.get(hit.kind, 0), hit.end - hit.start)
    kind = min(weight, key=lambda k: (kinds.RANK.get(k, 99), -weight[k]))
    best = max((h for h in hits if h.kind == kind), key=lambda h: (h.end - h.start, -h.start))
    return Reason(kind, line.quote(best.start, best.end), best.start, best.end)


def _vague(line: Line) -> bool:
    """Whether an outcome beside words of an account may just be the account's own figure."""
    return not (line.has("human") and line.has("disease"))
