"""Refresh the bundled IBM Plex fonts from the npm packages that carry the complete files.

Run by hand, seldom: ``python tools/fonts.py FOLDER``, where FOLDER holds the ``node_modules`` of
``npm install --ignore-scripts @ibm/plex-sans @ibm/plex-serif``. The web gets the files as they
are; the PDF engine gets the same fonts unpacked, because Pango reads TrueType files only. The
conversion changes the container and nothing else, so the reserved name may stay.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "cms" / "static" / "fonts"
PRINT = ROOT / "exports" / "fonts"

# Characters that pharmaceutical copy cannot do without. A font that lacks one would be replaced
# by another font in the middle of a word, without a warning.
REQUIRED = (
    "≥≤≠≈<>±×÷°‰%†‡§¶*®™©µμαβγδκλΔ½¼¾·•…–—→‘’“”«»"
    "\u00a0\u2011\u2009\u202f\u2002"  # spaces and the hyphen that do not break, thin space
)

# style name in the file name -> also served to browsers
SANS = {"Regular": True, "Italic": True, "Medium": True, "SemiBold": True, "Bold": False}
SERIF = {"Regular": True, "Italic": True, "Medium": True, "SemiBold": True}
FAMILIES = {"plex-sans": ("IBMPlexSans", SANS), "plex-serif": ("IBMPlexSerif", SERIF)}


def missing_characters(font: TTFont) -> str:
    """Return those of the required characters that the font has no glyph for."""
    covered = font.getBestCmap()
    return "".join(character for character in REQUIRED if ord(character) not in covered)


def refresh(source: Path, name: str, *, on_the_web: bool) -> None:
    """Convert one font file and, where browsers use it, copy it as it is."""
    font = TTFont(source, recalcTimestamp=False)
    if missing := missing_characters(font):
        raise SystemExit(f"{source.name} has no glyph for: {missing}")
    font.flavor = None
    font.save(PRINT / f"{name}.ttf")
    if on_the_web:
        shutil.copyfile(source, WEB / f"{name}.woff2")


def main(folder: Path) -> None:
    """Refresh every font and the licence beside it."""
    for directory in (WEB, PRINT):
        directory.mkdir(parents=True, exist_ok=True)
    for package, (family, styles) in FAMILIES.items():
        home = folder / "node_modules" / "@ibm" / package
        for style, on_the_web in styles.items():
            name = f"{family}-{style}"
            refresh(
                home / "fonts" / "complete" / "woff2" / f"{name}.woff2", name, on_the_web=on_the_web
            )
        for directory in (WEB, PRINT):
            shutil.copyfile(home / "LICENSE.txt", directory / "OFL.txt")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python tools/fonts.py FOLDER_WITH_NODE_MODULES")
    main(Path(sys.argv[1]))
