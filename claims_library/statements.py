"""Statements that a whole piece must carry, or must carry differently, read off its text.

Each judge answers None where nothing is missing, else what is missing (or nothing, where the rule
says it all). R-117, R-118, R-149, R-402, R-501 to R-506, R-709.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from claims_library.compiling import Library
from claims_library.findings import Piece

Judge = Callable[[Piece, Library], str | None]

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = rf"(?:(?:\d{{1,2}} )?{_MONTH},? \d{{4}}|\d{{1,2}}/(?:\d{{1,2}}/)?\d{{4}}|\d{{4}}-\d{{2}})"
_AE = re.compile(
    r"report\w{0,5} (?:\w{1,20} ){0,2}(?:suspected|adverse|side)|"
    r"adverse events should (?:also )?be reported|yellow ?card",
    re.IGNORECASE,
)
_AE_AUTHORITY = re.compile(
    r"adverse events should (?:also )?be reported|report\w{0,5} (?:\w{1,20} ){0,2}side effects",
    re.IGNORECASE,
)
_AE_FORM = re.compile(r"yellow ?card|www\.|https?:|national reporting", re.IGNORECASE)
_AE_COMPANY = re.compile(
    r"also be reported to|or (?:contact|report\w{0,3} to) \w|drug ?safety|medical information|@",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\b[A-Z]{2,12}(?:-[A-Z0-9]{1,12}){0,5}-[A-Z]{0,8}\d{3,12}\b|\bmaterial (?:code|id)\b",
    re.IGNORECASE,
)
_PREPARED = re.compile(
    r"(?:date of (?:preparation|last revision|revision)|prepared|revised|drawn up)"
    rf"[\s:]{{1,4}}(?:in |on )?{_DAY}",
    re.IGNORECASE,
)
_PI = re.compile(
    r"prescribing information (?:\w{1,20} ){0,6}"
    r"(?:found|available|page|overleaf|below|end|here|link|on)"
    r"|^#* ?prescribing information",
    re.IGNORECASE | re.MULTILINE,
)
_FULL_PI = re.compile(
    r"\b(?:full |complete |us |accompanying |enclosed )*prescribing information\b|brief summary",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\b(?:my doctor|prescribed me|i (?:\w{1,20} ){0,2}(?:feel|felt|love|take|took|started)|"
    r"my journey|my experience|changed my life)\b",
    re.IGNORECASE,
)
_PAID = re.compile(
    r"#ad\b|#sponsored|paid partnership|sponsored|advertisement|compensated|paid by|"
    r"partnering with",
    re.IGNORECASE,
)
_ON_FILE = re.compile(r"\bdata on file\b", re.IGNORECASE)
_CITED = re.compile(r"\[\^?(\d{1,3})\]")
_LISTED = re.compile(r"^\s{0,8}(?:\[\^?(\d{1,3})\]:?|(\d{1,3})[.)])\s{1,8}\S", re.MULTILINE)
_REFERENCES = re.compile(r"^#{0,6} ?\**references?\**:?[ \t]{0,8}$", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(r"[“\"«]([^“”\"«»]{30,600})[”\"»]((?:[^\n]|\n(?!\n)){0,160})")
_SPEAKER = re.compile(
    r"\[\^?\d|\d{4}|[\u2014\u2013-] ?[A-Z][a-z]|\b(?:Dr|Prof|MD|PhD)\b|[¹²³⁴⁵⁶⁷⁸⁹]"
)


def _has(pattern: re.Pattern[str]) -> Judge:
    return lambda piece, _library: None if pattern.search(piece.text) else ""


def _holds(pattern: re.Pattern[str]) -> Judge:
    return lambda piece, _library: "" if pattern.search(piece.text) else None


def _ae_in_full(piece: Piece, _library: Library) -> str | None:
    """What the statement lacks: that events should be reported, where, and the company."""
    parts = {
        "that adverse events should be reported": _AE_AUTHORITY,
        "where the reporting forms are": _AE_FORM,
        "the company's contact": _AE_COMPANY,
    }
    missing = [what for what, pattern in parts.items() if not pattern.search(piece.text)]
    return ", ".join(missing) or None


def _black_triangle(piece: Piece, library: Library) -> str | None:
    """The sign stands beside the brand name at least once."""
    brand = re.escape(library.product.brand)
    beside = re.compile(rf"▼\s?{brand}|{brand}\s?[®™]?\s?\**▼", re.IGNORECASE)
    return None if beside.search(piece.text) else ""


def _references(piece: Piece, _library: Library) -> str | None:
    """The first number cited that no list of references has."""
    start = _REFERENCES.search(piece.text)
    body, listing = piece.text, ""
    if start is not None:
        body, listing = piece.text[: start.start()], piece.text[start.end() :]
    cited = {int(number) for number in _CITED.findall(body)}
    listed = {int(a or b) for a, b in _LISTED.findall(listing or body)}
    gone = sorted(cited - listed)
    return str(gone[0]) if gone else None


def _disclosure(piece: Piece, _library: Library) -> str | None:
    return "" if _PERSONAL.search(piece.text) and not _PAID.search(piece.text) else None


def _quotation(piece: Piece, _library: Library) -> str | None:
    """A longer quotation without speaker, date or number of a reference after it."""
    for found in _QUOTED.finditer(piece.text):
        if not _SPEAKER.search(found[2]):
            return " ".join(found[1].split())[:60]
    return None


STATEMENTS: Mapping[str, Judge] = {
    "ae-statement": _has(_AE),
    "ae-statement-in-full": _ae_in_full,
    "black-triangle": _black_triangle,
    "data-on-file": _holds(_ON_FILE),
    "disclosure": _disclosure,
    "full-prescribing-information": _has(_FULL_PI),
    "material-code": _has(_CODE),
    "pi-statement": _has(_PI),
    "preparation-date": _has(_PREPARED),
    "quotation": _quotation,
    "references": _references,
}
# asked of every piece, also of one that claims nothing
ALWAYS = frozenset(["established-name", "references", "disclosure", "data-on-file", "quotation"])
