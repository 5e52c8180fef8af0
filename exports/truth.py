"""Print-truth: what the printed pages really show, measured and judged. Pure: runs in, answers out.

The sources are 21 CFR 202.1 for prominence and balance (R-101, R-102, R-108, R-126, R-127) and the
ABPI Code's legibility of prescribing information for the United Kingdom: a letter x of at least
one millimetre and at most 100 characters in a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from exports.brand import Brand, contrast
from exports.document import Block, Document
from exports.finding import Found, locate, says_where
from exports.kinds import DECKS, title_of
from exports.printed import letters
from exports.typeset import SHADED, Run

VERSION = "1"
INTERNAL = "Internal use only"
_BENEFIT = frozenset(["efficacy", "mechanism"])
_RISK = frozenset(["safety", "tolerability"])
WEIGHED = _BENEFIT | _RISK  # claims whose blocks are counted where benefit and risk are compared
_PROMINENT = 1.25  # times the size of the text
_BESIDE = 120  # letters within which the established name must follow
_MILLIMETRE = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Rules:
    """What a market asks of a page; sizes in points, lengths in millimetres or characters."""

    safety_share: float = 0.8
    name_share: float = 0.5
    contrast: float = 4.5
    longest_line: int = 115
    least_x: float = 0.0
    risk_share: float = 0.3


MARKETS = {"US": Rules(), "UK": Rules(longest_line=100, least_x=1.0), "EU": Rules()}


@dataclass(frozen=True, slots=True)
class Measured:
    """One check with its answer: what was found, in words and in numbers."""

    name: str
    severity: Literal["pass", "warn", "block"]
    sentence: str
    numbers: tuple[tuple[str, float], ...] = ()

    @property
    def result(self) -> str:
        """As the manifest tells it."""
        word = {"pass": "passed", "warn": "note", "block": "failed"}[self.severity]
        return f"{word}: {self.sentence}"


def rules_of(document: Document, brand: Brand) -> Rules:
    """The market's rules; a company may ask for larger safety information than they do."""
    market = MARKETS.get(document.market, Rules())
    return replace(market, safety_share=max(market.safety_share, brand.safety_share))


def measure(
    runs: Sequence[Run], document: Document, *, brand: Brand, x_height: float, faces: Sequence[str]
) -> tuple[Measured, ...]:
    """Measure a printed document.

    Args:
        runs: what is set on its pages (``exports.typeset``).
        document: the very document that was printed.
        brand: the look it was printed in.
        x_height: height of a letter x, as a share of the size, of the lowest face.
        faces: the families that may be used, as the file names them.
    """
    rules = rules_of(document, brand)
    found = locate(runs, document)
    return (
        _words(found),
        _pages(runs, document),
        *_internal(runs, document),
        *_names(runs, document, found, rules),
        *_safety(found, rules),
        *_after_signature(found),
        *_balance(found, document, rules),
        *_pointers(runs, found, document),
        _contrast(runs, brand, rules),
        *_line_length(found, document, rules),
        *_x_height(found, rules, x_height),
        _glyphs(runs, faces),
    )


def _words(found: Found) -> Measured:
    lost, total = len(found.lost), found.texts
    numbers = (("texts", float(total)), ("lost", float(lost)))
    if lost:
        sentence = f"{lost} of {total} texts are not on the pages, first “{found.lost[0][:80]}”."
        return Measured("words", "block", sentence, numbers)
    sentence = f"Every word of {total} texts is found again on the pages."
    return Measured("words", "pass", sentence, numbers)


def _pages(runs: Sequence[Run], document: Document) -> Measured:
    count = max((run.page for run in runs), default=0)
    most, numbers = document.most_pages, (("pages", float(count)),)
    if most is not None and count > most:
        what = title_of(document.kind)
        sentence = f"{what}: the content fills {count} pages, and there is room for {most}."
        return Measured("pages", "block", f"{sentence} Take a module out.", numbers)
    return Measured("pages", "pass", f"{count} pages.", numbers)


def _internal(runs: Sequence[Run], document: Document) -> Iterator[Measured]:
    """What is for our own people says so on every page."""
    if document.audience != "internal":
        return
    pages = {run.page for run in runs}
    marked = {run.page for run in runs if INTERNAL in run.text}
    numbers = (("pages", float(len(pages))), ("marked", float(len(marked))))
    if pages - marked:
        sentence = f"Page {min(pages - marked)} does not say that it is for internal use."
        yield Measured("internal mark", "block", sentence, numbers)
    else:
        yield Measured("internal mark", "pass", "Every page is marked for internal use.", numbers)


def _names(
    runs: Sequence[Run], document: Document, found: Found, rules: Rules
) -> Iterator[Measured]:
    """Where the brand name is set large first on a page, its established name stands beside it."""
    brand, generic = (letters(text).casefold() for text in _product(document))
    least = found.body_size * _PROMINENT
    ratios, alone, featured = [], [], 0
    for page in sorted({run.page for run in runs}):
        held = [run for run in runs if run.page == page and not run.running]
        first = next(
            (at for at, run in enumerate(held) if run.size >= least and _says(run, brand)), None
        )
        if first is None:
            continue
        featured += 1
        beside = _beside(held[first:], brand, generic)
        if beside is None:
            alone.append(page)
        else:
            ratios.append(beside.size / held[first].size)
    numbers = (("pages", float(featured)), ("least size share", round(min(ratios, default=1), 2)))
    yield _named(document, alone, min(ratios, default=1), rules, numbers)


def _named(
    document: Document,
    alone: Sequence[int],
    share: float,
    rules: Rules,
    numbers: tuple[tuple[str, float], ...],
) -> Measured:
    brand, generic = _product(document)
    if alone:
        sentence = f"On page {alone[0]}, {brand} is set large and {generic} does not follow it."
        severity: Literal["warn", "block"] = "block" if alone[0] == 1 else "warn"
        return Measured("established name", severity, sentence, numbers)
    if round(share, 2) < rules.name_share:  # sizes in the file are rounded
        sentence = f"{generic} is set at {share:.0%} of the size of {brand}."
        return Measured("established name", "warn", sentence, numbers)
    sentence = f"{generic} follows {brand} wherever it is set large first."
    return Measured("established name", "pass", sentence, numbers)


def _product(document: Document) -> tuple[str, str]:
    return document.product.brand, document.product.generic


def _says(run: Run, word: str) -> bool:
    return word in letters(run.text).casefold()


def _beside(runs: Sequence[Run], brand: str, generic: str) -> Run | None:
    """The run that names the established name soon after the brand."""
    text = letters(runs[0].text).casefold()
    passed = -(text.index(brand) + len(brand))
    for run in runs:
        text = letters(run.text).casefold()
        if generic in text:
            return run
        passed += len(text)
        if passed > _BESIDE:
            return None
    return None


def _safety(found: Found, rules: Rules) -> Iterator[Measured]:
    """Safety information is not set in small type (R-126)."""
    if not found.safety:
        return
    smallest = min(run.size for run in found.safety)
    share = smallest / found.body_size if found.body_size else 1
    numbers = (
        ("safety points", round(smallest, 1)),
        ("text points", round(found.body_size, 1)),
        ("share", round(share, 2)),
    )
    said = f"Safety information is set in {smallest:.1f} points, the text in {found.body_size:.1f}"
    if share < rules.safety_share - 0.005:
        sentence = f"{said}; at least {rules.safety_share:.0%} is asked for."
        yield Measured("safety size", "block", sentence, numbers)
    else:
        yield Measured("safety size", "pass", f"{said} ({share:.0%}).", numbers)


def _after_signature(found: Found) -> Iterator[Measured]:
    """Nothing of the safety information comes after the block that ends the document (R-126)."""
    if not found.safety or not found.imprint:
        return
    last = max(found.safety, key=_place)
    first = min(found.imprint, key=_place)
    numbers = (("safety ends on page", float(last.page)), ("imprint on page", float(first.page)))
    if _place(last) > _place(first):
        sentence = "Safety information stands after the imprint, where nobody looks for it."
        yield Measured("safety place", "block", sentence, numbers)
    else:
        sentence = f"Safety information ends on page {last.page}, before the imprint."
        yield Measured("safety place", "pass", sentence, numbers)


def _place(run: Run) -> tuple[int, float]:
    return run.page, run.y


def _balance(found: Found, document: Document, rules: Rules) -> Iterator[Measured]:
    """Benefit and risk side by side: words, area and where each begins (R-108)."""
    benefit = _of_types(found, document, _BENEFIT)
    if not benefit:
        return
    risk = [*_of_types(found, document, _RISK), *found.safety_runs]
    words = [_count(benefit), _count(risk)]
    areas = [sum(run.area for run in runs) for runs in (benefit, risk)]
    share = words[1] / max(sum(words), 1)
    numbers = (
        ("benefit words", float(words[0])),
        ("risk words", float(words[1])),
        ("benefit cm2", round(areas[0], 1)),
        ("risk cm2", round(areas[1], 1)),
        ("risk share", round(share, 2)),
        ("benefit from page", float(min(run.page for run in benefit))),
        ("risk from page", float(min((run.page for run in risk), default=0))),
    )
    sentence = (
        f"Risk has {words[1]} words on {areas[1]:.0f} cm², benefit {words[0]} on {areas[0]:.0f}"
        f" cm² ({share:.0%} risk)."
    )
    low = share < rules.risk_share or not risk
    yield Measured("balance", "warn" if low else "pass", sentence, numbers)


def _of_types(found: Found, document: Document, types: frozenset[str]) -> list[Run]:
    """Runs of the blocks whose claims are mostly of these types; each run once."""
    held = [run for block in document.blocks if _is(block, types) for run in found.of(block)]
    return list(dict.fromkeys(held))


def _is(block: Block, types: frozenset[str]) -> bool:
    return any(use.type in types for use in block.claims) and not (
        types is _RISK and any(use.type in _BENEFIT for use in block.claims)
    )


def _count(runs: Sequence[Run]) -> int:
    return sum(len(run.text.split()) for run in runs)


def _pointers(runs: Sequence[Run], found: Found, document: Document) -> Iterator[Measured]:
    """Each page without safety information says on which page it begins, rightly (R-127)."""
    if not found.safety:
        return
    begins = min(run.page for run in found.safety_runs)
    pages = {run.page for run in runs}
    holding = {run.page for run in found.safety_runs}
    what, shown = "page", [run for run in runs if run.running]
    if document.kind in DECKS:
        what, shown = "slide", list(runs)
        holding.add(1)  # the first slide holds nothing but title, product and account
    told = {page for page in pages if says_where(shown, page, what, begins)}
    silent = pages - told - holding
    numbers = (("safety from page", float(begins)), ("pages that say so", float(len(told))))
    if silent:
        place = f"{what.capitalize()} {min(silent)}"
        sentence = f"{place} does not say that safety information is on {what} {begins}."
        yield Measured("safety pointer", "warn", sentence, numbers)
    else:
        sentence = f"Every {what} has safety information or points to {what} {begins}."
        yield Measured("safety pointer", "pass", sentence, numbers)


def _contrast(runs: Sequence[Run], brand: Brand, rules: Rules) -> Measured:
    shown = [run for run in runs if run.text.strip()]
    lowest = min(shown, key=lambda run: _least(run, brand), default=None)
    found = _least(lowest, brand) if lowest is not None else 21
    numbers = (("lowest", round(found, 1)),)
    if lowest is not None and found < rules.contrast:
        sentence = f"“{lowest.text[:40]}” on page {lowest.page} has a contrast of {found:.1f}:1."
        return Measured("contrast", "block", sentence, numbers)
    return Measured("contrast", "pass", f"The lowest contrast of text is {found:.1f}:1.", numbers)


def _least(run: Run, brand: Brand) -> float:
    """On a gradient, the contrast at its worse end."""
    if run.ground == SHADED:
        return min(contrast(run.colour, end) for end in (brand.cover, brand.cover_end))
    return contrast(run.colour, run.ground)


def _line_length(found: Found, document: Document, rules: Rules) -> Iterator[Measured]:
    """How long the lines of running text are; slides have none, and are read from afar."""
    if document.kind in DECKS:
        return
    longest = max(found.lines, key=len, default="")
    numbers = (("longest line", float(len(longest))),)
    sentence = f"The longest line has {len(longest)} characters."
    long = len(longest) > rules.longest_line
    yield Measured("line length", "warn" if long else "pass", sentence, numbers)


def _x_height(found: Found, rules: Rules, x_height: float) -> Iterator[Measured]:
    if not rules.least_x or not found.safety:
        return
    least = min(run.size for run in found.safety) * x_height / _MILLIMETRE
    numbers = (("millimetres", round(least, 2)),)
    sentence = f"A letter x of the prescribing information is {least:.2f} mm high."
    low = least < rules.least_x
    yield Measured("x-height", "block" if low else "pass", sentence, numbers)


def _glyphs(runs: Sequence[Run], faces: Sequence[str]) -> Measured:
    missing = [run for run in runs if run.missing]
    foreign = sorted({run.font for run in runs if not run.font.startswith(tuple(faces))})
    numbers = (("missing", float(sum(run.missing for run in runs))),)
    if missing:
        sentence = f"“{missing[0].text[:40]}” on page {missing[0].page} has a sign without a glyph."
        return Measured("glyphs", "block", sentence, numbers)
    if foreign:
        return Measured("glyphs", "block", f"{foreign[0]} is not a font of the house.", numbers)
    count = len({run.font for run in runs})
    return Measured("glyphs", "pass", f"Every sign is in the {count} fonts of the house.", numbers)
