"""Read a label from an openFDA drug label record (JSON)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from claims_library.label_document import LabelDocument, LabelSection
from claims_library.section_names import BY_NAME, is_subsection, place_of
from claims_library.subsections import Piece, split_section
from records.problems import BadInput, Problem, reject

_NO_SECTIONS = frozenset({"openfda", "set_id", "id", "version", "effective_time", "@id", "@epoch"})


def read_openfda(data: bytes, *, filename: str) -> LabelDocument:
    """Read one openFDA label, with or without its ``results`` wrapper.

    Raises:
        BadInput: not JSON, not one label, or a needed field is missing or malformed.
    """
    record = _record(data, filename)
    facts = _Facts(record, filename)
    sections = _sections(record)
    if not sections:
        facts.object_to("results", "The label has no section with text.")
    document = LabelDocument(
        set_id=facts.text("set_id", also="spl_set_id"),
        version=facts.version(),
        effective=facts.effective(),
        brand_name=facts.text("brand_name"),
        generic_name=facts.text("generic_name"),
        manufacturer=facts.text("manufacturer_name", needed=False),
        application_number=facts.text("application_number", needed=False),
        source_sha256=hashlib.sha256(data).hexdigest(),
        kind="openfda",
        sections=sections,
    )
    if facts.problems:
        raise BadInput(facts.problems)
    return document


def _record(data: bytes, filename: str) -> Mapping[str, Any]:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise reject(
            filename, f"The file is not UTF-8 text (byte {error.start}).", code="encoding"
        ) from None
    except json.JSONDecodeError as error:
        message = f"The file is not valid JSON: {error.msg} in line {error.lineno}."
        raise reject(filename, message, code="json") from None
    except (RecursionError, ValueError):
        raise reject(filename, "The JSON cannot be read: nested too deep.", code="json") from None
    results = document.get("results", document) if isinstance(document, dict) else document
    if isinstance(results, list):
        if len(results) != 1:
            message = f"The file holds {len(results)} labels; bring exactly one in each file."
            raise reject(filename, message, field="results", code="not-one-label")
        results = results[0]
    if not isinstance(results, dict):
        raise reject(filename, "There is no label in this JSON document.", code="no-label")
    return results


class _Facts:
    """Takes single facts from a record and keeps what is wrong with them."""

    def __init__(self, record: Mapping[str, Any], filename: str) -> None:
        self.record = record
        openfda = record.get("openfda")
        self.openfda = openfda if isinstance(openfda, dict) else {}
        self.filename = filename
        self.problems: list[Problem] = []

    def object_to(self, field: str, message: str) -> None:
        self.problems.append(Problem(self.filename, None, field, message, "label-fact"))

    def text(self, field: str, *, also: str = "", needed: bool = True) -> str:
        places = (self.record.get(field), self.openfda.get(field), self.openfda.get(also))
        for value in places:
            first = value[0] if isinstance(value, list) and value else value
            if isinstance(first, str) and first.strip():
                return " ".join(first.split())
        if needed:
            self.object_to(field, f"The label does not say its {field.replace('_', ' ')}.")
        return ""

    def version(self) -> int:
        value = str(self.record.get("version", "")).strip()
        if value.isascii() and value.isdigit() and 0 < len(value) <= 9:
            return int(value)
        self.object_to("version", "The label needs a version, a whole number.")
        return 0

    def effective(self) -> date:
        value = str(self.record.get("effective_time", "")).strip()
        try:
            return date.fromisoformat(value[:8])
        except ValueError:
            self.object_to("effective_time", "The label needs the day it took effect as YYYYMMDD.")
            return date.min


def _sections(record: Mapping[str, Any]) -> tuple[LabelSection, ...]:
    fields = [name for name in record if name not in _NO_SECTIONS and not name.endswith("_table")]
    fields.sort(key=lambda name: (place_of(name), name if name not in BY_NAME else ""))
    whole: list[tuple[str, Piece]] = []
    parts: list[tuple[str, Piece]] = []
    for name in fields:
        for text in dict.fromkeys(_strings(record[name])):
            pieces = split_section(text, name=name)
            target = parts if "." in pieces[0].number else whole
            target.extend((name, piece) for piece in pieces)
    kept = _merge(whole, parts)
    return tuple(_section(name, piece, position) for position, (name, piece) in enumerate(kept))


def _section(name: str, piece: Piece, position: int) -> LabelSection:
    known = BY_NAME.get(name)
    own = known is not None and ("." not in piece.number or is_subsection(name))
    return LabelSection(
        code=known.code if known and own else "",
        name=name,
        title=piece.title or (known.title if known and own else ""),
        number=piece.number,
        position=position,
        paragraphs=piece.paragraphs,
    )


def _strings(value: object) -> Iterable[str]:
    values = value if isinstance(value, list) else [value]
    return (text for text in values if isinstance(text, str) and text.strip())


def _merge(
    whole: list[tuple[str, Piece]], parts: list[tuple[str, Piece]]
) -> list[tuple[str, Piece]]:
    """Join the subsections that openFDA repeats as fields of their own into their sections.

    ``pregnancy`` repeats 8.1 of ``use_in_specific_populations``: it stays where it belongs, under
    the narrower name. A subsection that is in no whole section stays a section of its own.
    """
    kept = list(whole)
    where = {piece.number: i for i, (_, piece) in enumerate(whole) if "." in piece.number}
    alone = []
    for name, piece in parts:
        at = where.get(piece.number)
        if at is None or _squeezed(piece) not in _squeezed(kept[at][1]):
            alone.append((name, piece))
        elif is_subsection(name):
            kept[at] = (name, kept[at][1])
    kept.extend(alone)
    kept.sort(key=lambda item: _order(*item))
    return kept


def _order(name: str, piece: Piece) -> tuple[int, tuple[int, ...]]:
    """Place a piece by its number where it has one, by its name otherwise."""
    if not piece.number:
        return (place_of(name), (100,))
    steps = tuple(int(step) for step in piece.number.split("."))
    section = next((s for s in BY_NAME.values() if s.number == str(steps[0])), None)
    return (place_of(section.name if section else name), steps)


def _squeezed(piece: Piece) -> str:
    return "".join("".join(piece.paragraphs).split())
