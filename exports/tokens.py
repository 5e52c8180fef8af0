"""Personalisation: typed values in fixed fields, checked so that none can become a claim (R-707)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from records.errors import Objection

NAMES = ("account.name", "account.city", "account.care_setting", "meeting.date", "agenda")
LONGEST = 200
_MARKUP = re.compile(r"[<>{}\[\]`|\\*_#]")
_ADDRESS = re.compile(r"https?:|www\.|://|@", re.IGNORECASE)
_STATISTIC = re.compile(
    r"%|\bpercent\b|\bp\s*[<=>]|\bhr\b|\bci\b|[≤≥<>=]|\d+[.,]\d|\d+\s*(mg|mcg|months?|weeks?|days?)\b",
    re.IGNORECASE,
)
_CLAIM_WORDS = re.compile(
    r"\b(safe(r|st|ly)?|effective(ly|ness)?|efficac\w*|superior\w*|better|best|proven|prolong\w*|"
    r"extend\w*|improv\w*|reduc\w*|surviv\w*|cure[sd]?|respon(se|ded|ds)\b|tolera\w*|benefit\w*|"
    r"first[- ]line|indicated|treats?|treatment of|approved for|recommend\w*|prefer\w*|only|"
    r"breakthrough|guarantee\w*)\b",
    re.IGNORECASE,
)
# words of organisations' own names that would otherwise read as claims
_OF_NAMES = re.compile(r"\b(best|response|only|treatment of)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Forbidden:
    """Words no value may hold: the product's names and its diseases."""

    words: tuple[str, ...] = ()

    def found(self, text: str) -> str | None:
        folded = text.casefold()
        for word in self.words:
            if word and re.search(rf"\b{re.escape(word.casefold())}\b", folded):
                return word
        return None


def normalised(value: str) -> str:
    """NFKC, single spaces, trimmed."""
    return " ".join(unicodedata.normalize("NFKC", value).split())


def value_objections(name: str, value: str, forbidden: Forbidden) -> Iterator[Objection]:
    """Why a value may not stand in the field ``name``."""
    if not value:
        yield Objection("token-empty", f"There is no value for {{{{{name}}}}}.", where=name)
        return
    if len(value) > LONGEST:
        yield _bad(name, f"it has more than {LONGEST} characters")
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs", "Cn") for sign in value):
        yield _bad(name, "it holds an invisible character")
    if _MARKUP.search(value):
        yield _bad(name, "it holds markup")
    if _ADDRESS.search(value):
        yield _bad(name, "it holds an address")
    if _STATISTIC.search(value):
        yield _bad(name, "it reads like a result")
    words = _OF_NAMES.sub("", value) if name == "account.name" else value
    if claim := _CLAIM_WORDS.search(words):
        yield _bad(name, f"“{claim.group(0)}” reads like a claim")
    if word := forbidden.found(value):
        yield _bad(name, f"it names “{word}”")


def _bad(name: str, why: str) -> Objection:
    return Objection(
        "token",
        f"The value of {{{{{name}}}}} cannot be printed: {why}.",
        where=name,
        instead="Personalisation may change names, places, dates and the agenda, never a claim.",
    )


def meeting_day(value: date) -> str:
    """A meeting date as it is printed: 4 December 2026."""
    return f"{value.day} {value:%B %Y}"


def objections(values: Mapping[str, str], forbidden: Forbidden) -> list[Objection]:
    """Objections to all values; unknown names too."""
    found = [
        Objection("token", f"{{{{{name}}}}} is not a personalisation field.", where=name)
        for name in values
        if name not in NAMES
    ]
    for name, value in values.items():
        # the agenda is put together from approved lines, each checked by itself
        for part in value.split("\n") if name == "agenda" else [value]:
            found += value_objections(name, part, forbidden)
    return found


def forbidden_words(brand: str, generic: str, diseases: Iterable[str]) -> Forbidden:
    """What no value may name: the product under any of its names, and its diseases."""
    names = [brand, *generic.replace(",", " ").split()]
    return Forbidden(tuple(word for word in (*names, *diseases) if len(word) > 3))
