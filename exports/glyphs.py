"""Every character must be in the bundled fonts: a missing glyph is refused, never substituted."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from exports.body import runs, words
from exports.brand import Brand
from exports.document import Document
from exports.engine import FONTS, own_fonts
from records.errors import Objection, refuse

# the families of the stylesheets; a character must be in each face that can set it
_FACES = (
    "IBMPlexSans-Regular",
    "IBMPlexSans-Italic",
    "IBMPlexSans-SemiBold",
    "IBMPlexSerif-Medium",
)
_SPACE = frozenset("\n\t")


@cache
def characters() -> frozenset[str]:
    """What all bundled faces can print."""
    from fontTools.ttLib import TTFont

    maps = [set(TTFont(FONTS / f"{face}.ttf", lazy=True).getBestCmap()) for face in _FACES]
    return frozenset(map(chr, set.intersection(*maps))) | _SPACE


def characters_of(brand: Brand) -> frozenset[str]:
    """What the faces of a brand can print, its own where it has some."""
    folder = own_fonts()
    if not brand.fonts or folder is None:
        return characters()
    return covered(folder, tuple(name for name, _ in brand.fonts))


@cache
def covered(folder: Path, names: tuple[str, ...]) -> frozenset[str]:
    """What all of these font files can print."""
    from fontTools.ttLib import TTFont

    maps = [set(TTFont(folder / name, lazy=True).getBestCmap()) for name in names]
    return frozenset(map(chr, set.intersection(*maps))) | _SPACE


def check(document: Document, *, brand: Brand) -> None:
    """Refuse a document with a character that no bundled font has.

    Raises:
        Refused: one objection for each part and character, with the character's name.
    """
    known = characters_of(brand)
    refuse(
        Objection(
            "glyph_missing",
            f"{where} contains {_described(character)}, which the document fonts cannot print.",
            where=where,
            instead="Use another character or spell it out.",
        )
        for where, text in _texts(document, brand)
        for character in sorted(set(text) - known)
    )


def _texts(document: Document, brand: Brand) -> Iterator[tuple[str, str]]:
    for block in document.parts:
        for run in runs(block.body):
            yield block.module, words(run)
    yield "The cover", _joined(_cover(document))
    yield "The agenda", _joined(document.agenda)
    yield "The checklist", _joined(document.checklist)
    people = (part for each in document.people for part in (each.role, each.name, each.title))
    yield "The list of people", _joined(people)
    yield "The reference list", _joined(_references(document))
    yield "The company's texts", _joined((brand.name, *brand.lines_for(document.market)))


def _cover(document: Document) -> Iterator[str]:
    account, copy, product = document.account, document.copy, document.product
    yield from (document.title, document.code, document.version, document.role, document.phase)
    yield from (account.name, account.city, account.state, account.care_setting)
    yield product.name
    yield from (account.tier or "", copy.number if copy else "", copy.issued_to if copy else "")
    yield document.validity.url if document.validity else ""
    yield from (block.pillar for block in document.blocks)


def _references(document: Document) -> Iterator[str]:
    for reference in document.references:
        yield from (reference.text, *reference.locators)


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _described(character: str) -> str:
    name = unicodedata.name(character, "a control character")
    shown = f"“{character}” " if character.isprintable() else ""
    return f"{shown}(U+{ord(character):04X}, {name.lower()})"
