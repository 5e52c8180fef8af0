"""Numbers as quantities: values with equal units made equal, identifiers left alone.

120 mg and 0.12 g are the same quantity, six and 6 too; 6.4 and 6.5 are not. HER2, CYP3A4 and
MONALEESA-2 hold digits and no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

WORDS = {
    word: Decimal(value)
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {
    "thirty": Decimal(30),
    "forty": Decimal(40),
    "fifty": Decimal(50),
    "sixty": Decimal(60),
    "hundred": Decimal(100),
}

# unit -> (dimension, factor); months and years are not made equal to days
_UNITS: dict[str, tuple[str, Decimal]] = {}
for _dimension, _names in {
    "mass": {"mcg": "0.001", "µg": "0.001", "μg": "0.001", "mg": "1", "g": "1000", "kg": "1000000"},
    "volume": {"ml": "1", "l": "1000", "dl": "100"},
    "second": {"ms": "0.001", "msec": "0.001", "s": "1", "sec": "1", "seconds": "1", "second": "1"},
    "day": {"day": "1", "days": "1", "week": "7", "weeks": "7"},
    "hour": {"hour": "1", "hours": "1", "h": "1"},
    "month": {"month": "1", "months": "1", "year": "12", "years": "12"},
    "percent": {"%": "1", "percent": "1"},
}.items():
    for _name, _factor in _names.items():
        _UNITS[_name] = (_dimension, Decimal(_factor))

_UNIT = "|".join(sorted((re.escape(name) for name in _UNITS), key=len, reverse=True))
_NUMBER = re.compile(
    # not inside a word or identifier (HER2, CYP3A4, MONALEESA-2, CDK4/6)
    r"(?<![\w.])(?<![A-Za-z]-)(?<![A-Za-z]\d/)"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    rf"(?:[\s\u00a0-]?(?P<unit>{_UNIT})(?![A-Za-z]))?"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_WORD = re.compile(r"\b(" + "|".join(WORDS) + r")\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a text; ``value`` is in the dimension's base unit (mg, mL, s, days, months)."""

    value: Decimal
    dimension: str
    start: int
    end: int
    text: str

    @property
    def key(self) -> tuple[Decimal, str]:
        """What must be equal for two quantities to be the same."""
        return (self.value, self.dimension)


def quantities(text: str, *, words: bool = True) -> Iterator[Quantity]:
    """The numbers of ``text`` in order; number words only if ``words``."""
    found = [_quantity(match) for match in _NUMBER.finditer(text)]
    if words:
        found += [
            Quantity(WORDS[match.group(1).casefold()], "", match.start(), match.end(), match[0])
            for match in _WORD.finditer(text)
        ]
    yield from sorted(found, key=lambda quantity: quantity.start)


def _quantity(match: re.Match[str]) -> Quantity:
    value = Decimal(match["digits"].replace(",", ""))
    unit = (match["unit"] or "").casefold()
    dimension, factor = _UNITS.get(unit, ("", Decimal(1)))
    return Quantity(
        (value * factor).normalize(), dimension, match.start(), match.end(), match.group(0)
    )


def missing_numbers(text: str, evidence: str) -> list[str]:
    """Numbers of ``text`` that ``evidence`` does not hold, as they are written in ``text``.

    A number with a unit is also found without it (tables name the unit in their head), and the
    percent sign does not matter for the same reason.
    """
    there = {quantity.value for quantity in quantities(evidence)} | {
        Decimal(digits).normalize() for digits in re.findall(r"\d+(?:\.\d+)?", evidence)
    }
    bare = {
        match.start(): Decimal(match["digits"].replace(",", "")).normalize()
        for match in _NUMBER.finditer(text)
    }
    return [
        quantity.text
        for quantity in quantities(text, words=False)
        if quantity.value not in there and bare[quantity.start] not in there
    ]
