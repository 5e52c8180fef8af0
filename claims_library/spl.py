"""Read a label from a Structured Product Labeling document (XML, namespace urn:hl7-org:v3).

Parsed by expat through defusedxml: a document type declaration is refused before anything in it
is read, so no entity is ever expanded and nothing is fetched.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from claims_library.label_document import LabelDocument, LabelSection
from claims_library.section_names import BY_CODE, UNCLASSIFIED
from claims_library.spl_text import paragraphs_of, squeeze
from records.problems import BadInput, Problem, reject

_NS = {"h": "urn:hl7-org:v3"}
_MAX_DEPTH = 100
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s+(\S.*)")


def read_spl(data: bytes, *, filename: str) -> LabelDocument:
    """Read one SPL document.

    Raises:
        BadInput: not well-formed, with a document type declaration, not SPL, nested absurdly deep,
            or without the facts a label needs.
    """
    root = _root(data, filename)
    problems: list[Problem] = []

    def need(value: str, field: str) -> str:
        if not value:
            message = f"The label does not say its {field}."
            problems.append(Problem(filename, None, field, message, "label-fact"))
        return value

    product = root.find(".//h:manufacturedProduct/h:manufacturedProduct", _NS)
    product = product if product is not None else root.find(".//h:manufacturedMedicine", _NS)
    product = product if product is not None else Element("none")
    sections = tuple(_sections(root))
    if not sections:
        problems.append(Problem(filename, None, "structuredBody", "No section has text.", "empty"))
    document = LabelDocument(
        set_id=need(_attribute(root, "h:setId", "root"), "setId"),
        version=int(
            need(_digits(_attribute(root, "h:versionNumber", "value")), "versionNumber") or 0
        ),
        effective=_day(_attribute(root, "h:effectiveTime", "value"), filename, problems),
        brand_name=need(_text(product, "h:name"), "name"),
        generic_name=need(_text(product, ".//h:genericMedicine/h:name"), "genericMedicine"),
        manufacturer=_text(root, "h:author//h:representedOrganization/h:name"),
        application_number=_attribute(root, ".//h:approval/h:id", "extension"),
        source_sha256=hashlib.sha256(data).hexdigest(),
        kind="spl",
        sections=sections,
    )
    if problems:
        raise BadInput(problems)
    return document


def _root(data: bytes, filename: str) -> Element:
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise reject(
            filename,
            "The XML declares a document type or entities. Labels have none; this file is refused.",
            code="unsafe-xml",
        ) from None
    except ParseError as error:
        raise reject(filename, f"The XML is broken: {error}.", code="xml") from None
    except (ValueError, LookupError):
        raise reject(filename, "The XML names an encoding it is not in.", code="xml") from None
    if root.tag != f"{{{_NS['h']}}}document":
        raise reject(
            filename, "This XML is no SPL document (urn:hl7-org:v3).", code="unknown-format"
        )
    if _depth(root) > _MAX_DEPTH:
        raise reject(filename, "The XML is nested deeper than any label.", code="unsafe-xml")
    return root


def _depth(root: Element) -> int:
    """Count the levels of a tree without recursion."""
    level, deepest = [root], 0
    while level and deepest <= _MAX_DEPTH:
        level = [child for element in level for child in element]
        deepest += 1
    return deepest


def _sections(root: Element) -> Iterator[LabelSection]:
    position = 0
    for top in root.iterfind("h:component/h:structuredBody/h:component/h:section", _NS):
        for code, name, title, number, paragraphs in _walk(top, UNCLASSIFIED, ""):
            if paragraphs:
                yield LabelSection(code, name, title, number, position, paragraphs)
                position += 1


def _walk(
    section: Element, parent: str, parent_number: str
) -> Iterator[tuple[str, str, str, str, tuple[str, ...]]]:
    """Yield a section and those nested in it, parents first.

    A nested section of no class of its own has its parent's name, and without a number of its own
    its parent's number.
    """
    code = _attribute(section, "h:code", "code")
    known = BY_CODE.get(code)
    name = known.name if known and known.name != UNCLASSIFIED else parent
    heading = squeeze("".join(_title_text(section)))
    match = _NUMBERED.fullmatch(heading)
    number, title = match.groups() if match else (parent_number, heading)
    lines = (heading, *_excerpt(section), *paragraphs_of(section.find("h:text", _NS)))
    paragraphs = tuple(line for line in lines if line)
    standard = known.title if known and known.name == name else ""
    yield code, name, title or standard, number, paragraphs
    for nested in section.iterfind("h:component/h:section", _NS):
        yield from _walk(nested, name, number)


def _title_text(section: Element) -> Iterator[str]:
    title = section.find("h:title", _NS)
    return title.itertext() if title is not None else iter(())


def _excerpt(section: Element) -> Iterator[str]:
    """Yield what the Highlights say of this section: part of the label, printed before it."""
    for text in section.iterfind("h:excerpt/h:highlight/h:text", _NS):
        yield from paragraphs_of(text)


def _attribute(element: Element, path: str, name: str) -> str:
    found = element.find(path, _NS)
    return found.get(name, "").strip() if found is not None else ""


def _text(element: Element, path: str) -> str:
    found = element.find(path, _NS)
    return squeeze("".join(found.itertext())) if found is not None else ""


def _digits(value: str) -> str:
    return value if value.isascii() and value.isdigit() and len(value) <= 9 else ""


def _day(value: str, filename: str, problems: list[Problem]) -> date:
    try:
        return date.fromisoformat(value[:8])
    except ValueError:
        message = "The label needs the day it took effect as YYYYMMDD."
        problems.append(Problem(filename, None, "effectiveTime", message, "label-fact"))
        return date.min
