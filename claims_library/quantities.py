"""Numbers as quantities: what makes two written numbers the same one.

``120 mg`` and ``0.12 g`` are equal, ``three weeks`` and ``21 days`` too. ``6.4`` and ``6.5`` are
not, nor are ``40.0`` and ``40``: a figure rounded is another figure. Months and years are no
number of days (52 weeks are not 12 months).
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
NUMBER_WORDS = {word: value for value, word in enumerate(_WORDS.split())} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
NUMBER_WORDS |= {
    f"{ten}-{one}": NUMBER_WORDS[ten] + NUMBER_WORDS[one]
    for ten in ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    for one in _WORDS.split()[1:10]
}
# unit -> (dimension, factor to the dimension's base)
UNITS: dict[str, tuple[str, Decimal]] = {}
for _dimension, _table in {
    "mg": "ng 0.000001, mcg 0.001, µg 0.001, μg 0.001, ug 0.001, mg 1, g 1000, kg 1000000, "
    "milligram 1, milligrams 1, gram 1000, grams 1000, microgram 0.001, micrograms 0.001",
    "ml": "μl 0.001, ml 1, dl 100, l 1000, milliliter 1, milliliters 1, millilitre 1, "
    "millilitres 1, liter 1000, liters 1000, litre 1000, litres 1000",
    "s": "ms 0.001, msec 0.001, millisecond 0.001, milliseconds 0.001, s 1, sec 1, second 1, "
    "seconds 1",
    "min": "min 1, mins 1, minute 1, minutes 1, h 60, hr 60, hrs 60, hour 60, hours 60",
    "day": "day 1, days 1, week 7, weeks 7, wk 7, wks 7",
    "month": "month 1, months 1, year 12, years 12, yr 12, yrs 12",
    "mm": "mm 1, cm 10, m 1000, μm 0.001, nm 0.000001",
    "%": "% 1, percent 1",
    "spoon": "teaspoon 1, teaspoons 1, teaspoonful 1, tsp 1, tablespoon 3, tablespoons 3, tbsp 3",
}.items():
    for _entry in _table.split(", "):
        _unit, _factor = _entry.split()
        UNITS[_unit] = (_dimension, Decimal(_factor))


# what stands in an interval or a result where a number would
NUMBER_LIKE = frozenset(["nr", "ne", "nc", "nd", "inf", "infinity", "∞"])
COMPARATORS = frozenset(["<", ">", "≤", "≥", "=", "≈", "±"])


@lru_cache(maxsize=16384)
def quantity(word: str, unit: str) -> str:
    """Return the key of a number with its unit, in the base unit of the dimension.

    Zeros at a decimal's end are kept in the key: they say how precisely a figure is known.
    """
    if word in NUMBER_WORDS:
        value = Decimal(NUMBER_WORDS[word])
    elif word.count(".") > 1 or (word[0] == "0" and word[1:2].isdecimal()):
        return "#" + word  # a version, a date, a slip of the pen: equal to itself only
    else:
        value = Decimal(word.replace(",", ""))
    dimension, factor = UNITS.get(unit, ("", Decimal(1)))
    return f"#{(value * factor).normalize():f}{_zeros(word)}{dimension}"


def _zeros(word: str) -> str:
    """``~1`` for ``40.0``, nothing for ``40`` and ``0.4``."""
    _, point, decimals = word.partition(".")
    count = len(decimals) - len(decimals.rstrip("0")) if point else 0
    return f"~{count}" if count else ""
