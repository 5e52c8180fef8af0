"""Personalisation: typed values in fixed fields, checked so that none can become a claim (R-707).

A name may hold what organisations are called after (Roswell Park Cancer Institute, Hospital
District 1, Safe Haven Hospital), a city is a place (Superior, Wisconsin), and the agenda holds
lines of the approved template. None may hold a result, a product's name, an address or markup.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from records.errors import Objection

NAMES = ("account.name", "account.city", "account.care_setting", "meeting.date", "agenda")
WORDS = {
    "account.name": "the account's name",
    "account.city": "the account's city",
    "account.care_setting": "the account's care setting",
    "meeting.date": "the date of the meeting",
    "agenda": "lines of the agenda",
}
LONGEST = {
    "account.name": 200,
    "account.city": 100,
    "account.care_setting": 120,
    "agenda": 120,
    "person": 120,
}

_MARKUP = re.compile(r"[<>{}\[\]`\\~^]|\*\*|__|\$\$")
_ADDRESS = re.compile(
    r"\bhttps?\b|www\.|://|@|\bmailto\b|\.(?:com|org|net|info|biz|health|example)\b", re.IGNORECASE
)
_RESULT = re.compile(
    r"[%‰±≤≥=]|\bper\s?cent\b|\bpercentage\b|\d\s*[.,:]\s*\d+\s*(?:mg|%|to)|\bp\s*[<=>]"
    r"|\b(?:hr|or|rr|ci|n)\s*[:=]?\s*\d+\.\d"
    r"|\d\s*-?\s*(?:mg|mcg|µg|kg|ml|months?|weeks?|days?|years?|fold|times|patients?|people|women"
    r"|men|adults|cases|responders?|reactions?)\b",
    re.IGNORECASE,
)
# words that speak of an effect wherever they stand
_EFFECT = re.compile(
    r"\b(?:efficac\w*|effective(?:ly|ness)?|ineffective|superior (?:to|in|results?|efficacy)"
    r"|non-?inferior\w*|better (?:than|results?|outcomes?)|best (?:in|results?|outcomes?|choice)"
    r"|safe(?:r|st|ly)|safe and|proven|proves?|prolong(?:s|ed|ing)?|extends?|improv(?:es?|ed|ing)"
    r"|reduc(?:es?|ed|ing|tions?)|increas(?:es?|ed|ing)|decreas(?:es?|ed|ing)|lower(?:s|ed)"
    r"|prevents?|surviv(?:al|es?|ed)|response rates?|responded|cures?|cured|curing|treats|treated"
    r"|treating|toler(?:able|ability|ated)|benefits? (?:of|from|over)|benefited|first[- ]line"
    r"|second[- ]line|indicated|approved (?:for|to|by)|recommend(?:s|ed|ation)|prefers|preferred"
    r"|breakthrough|guarantee\w*|remissions?|progression|hazard ratios?|placebo|versus"
    r"|side effects?|adverse|risks?|clinically|outperforms?|works)\b",
    re.IGNORECASE,
)
# words that would speak of an effect in a line of text, but are parts of many names
_PRAISE = re.compile(
    r"\b(?:superior(?:ity)?|better|best|safe|safety|extended|benefits?|only|unique|leading"
    r"|treatment|therapy|response|new)\b",
    re.IGNORECASE,
)
_DISEASES = re.compile(
    r"\b(?:cancers?|carcinomas?|tumou?rs?|leuka?emias?|lymphomas?|melanomas?|sarcomas?|myelomas?"
    r"|nsclc|sclc|metasta\w+|oncogen\w*|diabet\w+|psoria\w+|arthrit\w+|asthma|depressi\w+"
    r"|schizophreni\w+|hypertensi\w+|heart failure|stroke|hepatitis|fibrosis|diseases?|disorders?"
    r")\b",
    re.IGNORECASE,
)
_INSTITUTION = re.compile(
    r"\b(?:hospitals?|hsptl|hosp|cent(?:er|re)s?|ctr|institut\w*|inst|clinics?|practices?|programs?"
    r"|programmes?|foundation|alliance|network|system|group|care|medical|universit\w*|college"
    r"|associates|department|ward|unit|pharmacy|plan)\b",
    re.IGNORECASE,
)
_LOOK_ALIKES = str.maketrans("013457@$!|", "oieastasil")
_LEAST_WORD = 4


@dataclass(frozen=True)
class Forbidden:
    """Words no value may hold: the names of products (``words``), and diseases."""

    words: tuple[str, ...] = ()
    diseases: tuple[str, ...] = ()

    def found(self, text: str) -> str | None:
        """The first product name in a text, also spaced out or spelled with look-alikes."""
        plain = _folded(text)
        squeezed = re.sub(r"[^a-z]", "", plain.translate(_LOOK_ALIKES))
        for word in self.words:
            folded = _folded(word)
            if re.search(rf"\b{re.escape(folded)}\b", plain):
                return word
            if len(folded) > 5 and re.sub(r"[^a-z]", "", folded) in squeezed:
                return word
        return None

    def disease(self, text: str) -> str | None:
        """The first name of a disease in a text."""
        if general := _DISEASES.search(text):
            return general.group(0)
        plain = _folded(text)
        held = (word for word in self.diseases if re.search(rf"\b{re.escape(word)}\b", plain))
        return next(held, None)


def _folded(text: str) -> str:
    """Lower case without accents, for comparing."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()


def normalised(value: str) -> str:
    """NFKC, single spaces, trimmed."""
    return " ".join(unicodedata.normalize("NFKC", value).split())


def value_objections(name: str, value: str, forbidden: Forbidden) -> Iterator[Objection]:
    """Why a value may not stand in the field ``name``."""
    if not value:
        what = WORDS.get(name, "one")
        sentence = f"There is no value for {{{{{name}}}}}: give {what}, or leave the module out."
        yield Objection("token-empty", sentence, where=name)
        return
    text = normalised(value)
    longest = LONGEST.get(name, 60)
    if len(value) > longest:
        yield _bad(name, f"it has more than {longest} characters")
    yield from (_bad(name, why) for why in _form(value, text))
    if _RESULT.search(text):
        yield _bad(name, "it reads like a result")
    if claim := _claim_word(name, text):
        yield _bad(name, f"“{claim}” reads like a claim")
    if word := forbidden.found(text):
        yield _bad(name, f"it names “{word}”")
    if (word := forbidden.disease(text)) and not _may_name_diseases(name, text):
        yield _bad(name, f"it names “{word}”")


def _form(value: str, text: str) -> Iterator[str]:
    """What is wrong with the signs of a value, whatever it says."""
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs", "Cn") for sign in value):
        yield "it holds an invisible character"
    if _MARKUP.search(text):
        yield "it holds markup"
    if _ADDRESS.search(text):
        yield "it holds an address"
    scripts = {unicodedata.name(sign, "?").split(" ")[0] for sign in text if sign.isalpha()}
    if len(scripts) > 1:
        yield "it mixes letters of several alphabets"


def _claim_word(name: str, text: str) -> str | None:
    found = _EFFECT.search(text)
    if found is None and name not in ("account.name", "account.city", "person"):
        found = _PRAISE.search(text)
    return found.group(0) if found else None


def _may_name_diseases(name: str, text: str) -> bool:
    """An institution may be called after what it treats; a place, a date, an agenda may not."""
    if name == "person":  # Chief of Breast Cancer Services is a title
        return True
    named = name in ("account.name", "account.care_setting")
    return named and _INSTITUTION.search(text) is not None


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


def forbidden_words(brand: str, generic: str, indications: Iterable[str]) -> Forbidden:
    """What no value may name: the product under any of its names, and its diseases."""
    names = [brand, *generic.replace(",", " ").split()]
    words = {
        word
        for text in indications
        for word in re.findall(r"[a-z][a-z-]{5,}", _folded(text))
        if word not in _NEUTRAL
    }
    return Forbidden(
        tuple(dict.fromkeys(word for word in names if len(word) >= _LEAST_WORD)),
        tuple(sorted(words)),
    )


# words of indications that are no disease
_NEUTRAL = frozenset(
    re.findall(
        r"\w+",
        """
        patients adults children treatment treated previously advanced locally therapy systemic
        combination initial positive negative receptor growth factor factors during following
        surgery medical hospital general disease center centre
        """,
    )
)
