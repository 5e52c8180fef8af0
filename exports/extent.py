"""How many pages or slides a draft will have: estimated from its text, counted once printed.

The estimate counts lines as layouts set them: a paragraph, an item or a row of a table takes as
many as its letters need. What a line takes of a page is in ``_SHARES``, fitted to printed
materials of each kind. Nothing is parsed and nothing printed for it, so that a page may ask at
every change. A draft that is left alone for a moment is printed in the background; from then on
its pages are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from sqlalchemy.orm import Session

from exports.frame import of_json
from exports.kinds import DECKS, MAILED, kind_of
from exports.models import MaterialVersion
from exports.preflight import results_as_printed
from exports.review import PRINT
from modules import content
from modules.models import ModuleVersion
from modules.pinning import pinned_claims, wording_of
from records import clock, errands
from records.lifecycle import EDITABLE
from records.vocabulary import ModuleKind

JOB = "exports.count"
REST = timedelta(seconds=15)  # a draft that nobody touched for so long is printed and counted
_WIDE = 88  # letters of a line of running text
_SMALL = frozenset([ModuleKind.ISI, ModuleKind.FOOTNOTE])
_MARKUP = re.compile(r"[*_`\\]|^\s*>\s?")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class Extent:
    """Pages or slides of a material, whether they were counted, and the most there may be."""

    count: int
    unit: str
    measured: bool
    most: int | None = None

    @property
    def words(self) -> str:
        """``about 4 pages``, ``3 pages, at most 2``, ``12 slides``."""
        unit = self.unit if self.count == 1 else f"{self.unit}s"
        most = f", at most {self.most}" if self.most is not None else ""
        return f"{'' if self.measured else 'about '}{self.count} {unit}{most}"


@dataclass(frozen=True, slots=True)
class _Share:
    """Pages of one kind: cover, references and imprint; a line of text, of small print; a block."""

    first: float
    text: float
    small: float
    block: float = 0.0


# least squares over printed materials of the demonstration, short and long: in nine of ten the
# pages are met, and in the others missed by one; slides are missed by one in half of the decks
_SHARES: Mapping[str, _Share] = {
    "brief": _Share(0.67, 0.0206, 0.0234),
    "leave-behind": _Share(0.44, 0.0133, 0.0138),
    "faq-sheet": _Share(0.22, 0.0276, 0.0224),
    "meeting-prep": _Share(0.76, 0.0276, 0.0208),
    "talk-track": _Share(0.76, 0.0276, 0.0208),
    "hand-off": _Share(1.91, 0.0143, 0.0192),
    "deck": _Share(2.5, 0.0465, 0.0623, 0.368),
}


def extent_of(
    session: Session, version: MaterialVersion, modules: Mapping[int, ModuleVersion]
) -> Extent | None:
    """The extent of a material as it stands; None for what has no pages.

    ``modules`` are its pinned module versions by id (``exports.validity.part_versions``).
    """
    if kind_of(version) in MAILED or not version.parts:
        return None
    found = counted(session, version)
    return found or _of(version, _estimate(session, version, modules), measured=False)


def counted(session: Session, version: MaterialVersion) -> Extent | None:
    """The extent as it was counted on the pages; None while they have not been printed."""
    for each in results_as_printed(session, version):
        pages = each.get("measured", {}).get("pages")
        if each["name"] == "print: pages" and pages is not None:
            return _of(version, int(pages), measured=True)
    return None


def _of(version: MaterialVersion, count: int, *, measured: bool) -> Extent:
    unit = "slide" if kind_of(version) in DECKS else "page"
    most = of_json(version.template_version.frame).most_pages
    return Extent(count, unit, measured=measured, most=most)


def count_when_rested(session: Session, version: MaterialVersion) -> None:
    """Have a draft printed and its pages counted, unless somebody changes it before that."""
    if kind_of(version) not in MAILED:
        session.flush()
        when = clock.now() + REST
        errands.schedule(session, JOB, when, version=version.id, revision=version.revision)


@errands.job(JOB)
def _count(session: Session, *, version: int, revision: int) -> None:
    found = session.get_one(MaterialVersion, version)
    if found.revision == revision and found.state in EDITABLE and found.parts:
        errands.enqueue(session, PRINT, version=version, format="pdf")


def _estimate(
    session: Session, version: MaterialVersion, modules: Mapping[int, ModuleVersion]
) -> int:
    kind = kind_of(version)
    share = _SHARES.get(kind, _SHARES["brief"])
    claims = pinned_claims(session, modules.values())
    size = share.first
    for module in modules.values():
        body = content.spelled_out(
            module.body, wording_of(module, claims), lambda name: str(version.tokens.get(name, ""))
        )
        line = share.small if module.kind in _SMALL else share.text
        size += share.block + line * lines_of(body)
    return max(1, round(size) if kind in DECKS else ceil(size))


def lines_of(body: str) -> float:
    """How many lines a body takes, the room around its paragraphs counted in."""
    return sum(_lines(stretch) for stretch in _stretches(body))


def _stretches(body: str) -> Iterator[str]:
    """Paragraphs, items, headings and rows of a body; soft breaks go on."""
    waiting: list[str] = []
    for written in body.split("\n"):
        line = _MARKUP.sub("", written)
        alone = line.startswith(("#", "|")) or _ITEM.match(line)
        if waiting and (alone or not line.strip() or waiting[0].startswith(("#", "|"))):
            yield " ".join(waiting)
            waiting = []
        if line.strip():
            waiting.append(line)
    if waiting:
        yield " ".join(waiting)


def _lines(stretch: str) -> float:
    if stretch.startswith("#"):
        return 2.0
    if stretch.startswith("|"):
        cells = [cell.strip() for cell in stretch.strip("| ").split("|")]
        ruled = not any(cell.strip("-: ") for cell in cells)
        longest = max(len(cell) for cell in cells)
        return 0.0 if ruled else ceil(longest * len(cells) / _WIDE) + 0.6
    if _ITEM.match(stretch):
        return ceil(len(stretch) / (_WIDE - 4)) + 0.2
    return ceil(len(stretch) / _WIDE) + 0.6
