"""Rules on a text as a whole, which no single sentence decides.

They speak only when the text is a piece: several sentences that are not one approved wording. A
disclaimer or link never counts as risk text. R-101, R-105, R-108, R-109; what every piece must
carry is in ``statements``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from claims_library.compiling import Library
from claims_library.findings import Finding, Piece, Sentence, Severity
from claims_library.rules.model import Rule
from claims_library.statements import ALWAYS, STATEMENTS
from claims_library.tokens import tokenise

_WORDS = 45
_SENTENCES = 5
_OPENING = 40  # words of a companion by which it is recognised
_BENEFIT_TYPES = frozenset(["efficacy"])
_BENEFITS = frozenset(
    ["efficacy", "superiority", "comparison", "quality-of-life", "adherence", "promise"]
)
_RISK_TYPES = frozenset(["safety", "tolerability"])
_RISK = re.compile(
    r"\b(?:adverse (?:reactions?|events?)|side effects?|contraindicat\w+|warnings?|fatal|"
    r"serious (?:\w+ ){0,3}(?:reactions?|events?|infections?)|toxicity|hypersensitivity)\b",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"\b(?:see|visit|click|tap|refer|read|consult|report|www|available|enclosed|page|pages)\b|@",
    re.IGNORECASE,
)
_CONTRA = re.compile(r"\bcontraindicat\w+|\bdo not (?:take|use|give)\b", re.IGNORECASE)
_COMMON = re.compile(
    r"\b(?:most )?common(?:ly)? (?:\w+ ){0,3}(?:adverse|side|reaction|reported)|"
    r"adverse reactions? (?:\w+ ){0,6}(?:≥|>|at least|incidence|most)",
    re.IGNORECASE,
)
_LIMITS = re.compile(r"limitations? of use|not indicated|not recommended", re.IGNORECASE)


class Pieces:
    """Applies the rules on whole pieces for one library."""

    def __init__(self, rules: Sequence[Rule], library: Library) -> None:
        self._library = library
        self._rules = rules
        self._brand = library.product.brand.lower()
        self._generic = library.product.generic.lower()
        self._openings = {
            passage.code: " ".join(tokenise(passage.text).words[:_OPENING])
            for passage in library.passages
            if passage.text
        }
        self._boxed = library.product.boxed_warning or _has(library, "boxed_warning")
        self._contra = _tells(library, "contraindications", r"contraindicated|known|hypersens")
        self._common = _has(library, "adverse_reactions")
        self._judges: Mapping[str, Callable[[Piece, Rule], str | None]] = {
            "established-name": self._established_name,
            "fair-balance": self._fair_balance,
            "risk-complete": self._risk_complete,
            "risk-proportion": self._risk_proportion,
            "companions": self._companions,
            "limits-of-use": self._limits_of_use,
        }

    def findings(self, piece: Piece, said: Sequence[str]) -> Iterable[Finding]:
        """What is to say about the whole.

        Args:
            piece: the text with its sentences and matches.
            said: for each sentence, the kind of claim it makes without approval, or ``""``.
        """
        if not is_piece(piece):
            return
        self._said = said
        promotes = self._promotes(piece)
        for rule in self._rules:
            if not (promotes or rule.judge in ALWAYS):
                continue
            missing = self._missing(rule, piece)
            if missing is None:
                continue
            found = _finding(rule, piece, missing)
            # an agenda that names the brand alone is looked at, not stopped
            lenient = rule.judge == "established-name" and not promotes
            yield replace(found, severity=Severity.WARN) if lenient else found

    def _missing(self, rule: Rule, piece: Piece) -> str | None:
        if own := self._judges.get(rule.judge):
            return own(piece, rule)
        stated = STATEMENTS.get(rule.judge)
        return stated(piece, self._library) if stated else None

    def _promotes(self, piece: Piece) -> bool:
        """Whether the piece says anything of the product: a claim, approved or not."""
        return any(self._said) or any(not match.passage for match in piece.matches)

    def _types(self, piece: Piece) -> set[str]:
        claims = self._library.claims
        return {claims[m.claim].type for m in piece.matches if m.claim in claims}

    def _established_name(self, piece: Piece, _rule: Rule) -> str | None:
        low = piece.text.lower()
        if not self._brand or not self._generic or self._brand not in low:
            return None
        reach = len(self._brand) + len(self._generic) + 40
        beside = any(
            self._generic in low[found.start() : found.start() + reach]
            for found in re.finditer(re.escape(self._brand), low)
        )
        return None if beside or self._generic == self._brand else ""

    def _fair_balance(self, piece: Piece, rule: Rule) -> str | None:
        if not self._has_benefit(piece):
            return None
        told = len(self._risk_text(piece).splitlines())
        return None if told >= rule.limit("risk-statements", 1) else ""

    def _risk_proportion(self, piece: Piece, rule: Rule) -> str | None:
        """How many words tell of risks, where they are few beside those that tell of benefits."""
        if self._has_safety_information(piece):
            return None
        risk = len(self._risk_text(piece).split())
        benefit = sum(
            len(sentence.words)
            for sentence, kind in zip(piece.sentences, self._said, strict=True)
            if kind in _BENEFITS or self._tells_benefit(sentence, piece)
        )
        few = 0 < risk < rule.limit("risk-to-benefit", 0.25) * benefit
        return f"{risk} words of risk beside {benefit} of benefit" if few else None

    def _tells_benefit(self, sentence: Sentence, piece: Piece) -> bool:
        claims = self._library.claims
        return any(
            match.start <= sentence.start < match.end
            for match in piece.matches
            if match.claim in claims and claims[match.claim].type in _BENEFIT_TYPES
        )

    def _has_safety_information(self, piece: Piece) -> bool:
        return any(match.passage and match.claim.endswith("ISI") for match in piece.matches)

    def _has_benefit(self, piece: Piece) -> bool:
        return bool(self._types(piece) & _BENEFIT_TYPES) or not _BENEFITS.isdisjoint(self._said)

    def _risk_text(self, piece: Piece) -> str:
        """The sentences that state a risk; pointers and headings are none."""
        spans = [
            (match.start, match.end)
            for match in piece.matches
            if match.claim in self._library.claims
            and self._library.claims[match.claim].type in _RISK_TYPES
        ]
        told = [
            " ".join(sentence.text.split())
            for sentence in piece.sentences
            if any(start <= sentence.start < end for start, end in spans) or _states_risk(sentence)
        ]
        return "\n".join(told)

    def _risk_complete(self, piece: Piece, _rule: Rule) -> str | None:
        """What of boxed warning, contraindications and common reactions is missing."""
        risk = self._risk_text(piece)
        if not risk or not self._has_benefit(piece):
            return None
        if self._has_safety_information(piece):
            return None
        missing = []
        if self._boxed and not re.search(
            r"boxed warning|^#* ?warning:", piece.text, re.IGNORECASE | re.MULTILINE
        ):
            missing.append("the boxed warning")
        if self._contra and not _CONTRA.search(risk):
            missing.append("the contraindications")
        if self._common and not _COMMON.search(risk):
            missing.append("the most common adverse reactions")
        return ", ".join(missing) or None

    def _companions(self, piece: Piece, _rule: Rule) -> str | None:
        """The first companion of a claim whose approved text is known and not in the piece."""
        known = {passage.code for passage in self._library.passages}
        there = self._there(piece)
        for match in piece.matches:
            claim = self._library.claims.get(match.claim)
            for code in claim.companions if claim else ():
                codes = {own for own in known if own == code or own.endswith(f"-{code}")}
                if codes and not codes & there:
                    return f"{match.claim}|{min(codes)}"
        return None

    def _there(self, piece: Piece) -> set[str]:
        """The approved passages in the piece, also where a claim has the same words."""
        there = {match.claim for match in piece.matches if match.passage}
        text = " ".join(word for sentence in piece.sentences for word in sentence.words)
        return there | {code for code, opening in self._openings.items() if opening in text}

    def _limits_of_use(self, piece: Piece, _rule: Rule) -> str | None:
        label = self._library.label
        if label is None or "indicated" not in piece.text.lower():
            return None
        own = label.text_of("indications_and_usage", "")
        if not re.search(r"limitations? of use", own, re.IGNORECASE) or _LIMITS.search(piece.text):
            return None
        return ""


def is_piece(piece: Piece) -> bool:
    """Whether a text is more than a fragment or one approved wording."""
    words = sum(len(sentence.words) for sentence in piece.sentences)
    headed = any(sentence.heading for sentence in piece.sentences)
    if words < _WORDS or len(piece.sentences) < (3 if headed else _SENTENCES):
        return False
    return not any(
        match.start <= piece.sentences[0].start and match.end >= piece.sentences[-1].end - 1
        for match in piece.matches
    )


def _states_risk(sentence: Sentence) -> bool:
    if sentence.heading or len(sentence.words) < 6 or not _RISK.search(sentence.text):
        return False
    return not _POINTER.search(sentence.text)


def _has(library: Library, name: str) -> bool:
    return library.label is not None and bool(library.label.parts_of(name, ""))


def _tells(library: Library, name: str, pattern: str) -> bool:
    """Whether a section says something (``None.`` is how a label says nothing)."""
    if library.label is None:
        return False
    return bool(re.search(pattern, library.label.text_of(name, ""), re.IGNORECASE))


def _finding(rule: Rule, piece: Piece, missing: str) -> Finding:
    """A finding on the first sentence, where a reader of the report starts."""
    first = piece.sentences[0]
    claim, _, what = missing.rpartition("|")
    message = (rule.message or rule.sentence).replace("{missing}", what).replace("{claim}", claim)
    return Finding(
        rule=rule.id,
        name=rule.name,
        severity=rule.severity,
        start=first.start,
        end=first.end,
        text=first.text,
        message=message,
        claim=claim or None,
        regulation=rule.regulation,
    )
