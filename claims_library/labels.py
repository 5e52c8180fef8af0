"""Product labels as they are brought: openFDA JSON or SPL XML, read into sections in order.

The formats are those of the openFDA drug label endpoint and of Structured Product Labeling
(HL7 v3, LOINC section codes). Both end in the same ``LabelDocument``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from claims_library.label_document import LabelDocument, LabelSection
from claims_library.openfda import read_openfda
from claims_library.spl import read_spl
from records.problems import BadInput, Problem, reject

__all__ = ["MAX_BYTES", "LabelDocument", "LabelSection", "read_label"]

MAX_BYTES = 20 * 1024 * 1024
# facts are printed and listed; a label's text may say p<0.001, its names hold no sign of markup
_MARKUP = re.compile(r"[<>{}]|\[\[")
_LONGEST = {
    "set_id": 60,
    "brand_name": 100,
    "generic_name": 200,
    "manufacturer": 200,
    "application_number": 40,
}


def read_label(data: bytes, *, filename: str) -> LabelDocument:
    """Read a label from openFDA JSON or SPL XML.

    Raises:
        BadInput: too large, neither JSON nor XML, unsafe XML, or without the facts a label needs;
            every problem is named with its field.
    """
    if len(data) > MAX_BYTES:
        size = len(data) // (1024 * 1024)
        raise reject(
            filename,
            f"The file has {size} MB; a label may have at most {MAX_BYTES // (1024 * 1024)} MB.",
            code="too-large",
        )
    start = data[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    if start.startswith((b"{", b"[")):
        document = read_openfda(data, filename=filename)
    elif start.startswith(b"<"):
        document = read_spl(data, filename=filename)
    else:
        message = "This is neither an openFDA JSON document nor an SPL XML document."
        raise reject(filename, message, code="unknown-format")
    if problems := [*_fact_problems(document, filename), *_text_problems(document, filename)]:
        raise BadInput(problems)
    return document


def _fact_problems(document: LabelDocument, filename: str) -> Iterator[Problem]:
    """Names and numbers are one line of plain text."""
    for field, longest in _LONGEST.items():
        value: str = getattr(document, field)
        if len(value) > longest:
            message = f"At most {longest} characters fit here, and there are {len(value)}."
            yield Problem(filename, None, field, message, "too-long")
        elif _MARKUP.search(value) or not value.isprintable():
            message = f"Only plain text is allowed, not {value[:60]!r}."
            yield Problem(filename, None, field, message, "markup")


def _text_problems(document: LabelDocument, filename: str) -> Iterator[Problem]:
    """Signs that no database and no document can hold: NUL and halves of pairs."""
    for section in document.sections:
        held = (section.name, section.title, section.number, *section.paragraphs)
        if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for text in held for sign in text):
            message = "There is a sign in the text that is no character (NUL or half a pair)."
            yield Problem(filename, None, section.name[:60], message, "no-character")
