"""Product labels as they are brought: openFDA JSON or SPL XML, read into sections in order.

The formats are those of the openFDA drug label endpoint and of Structured Product Labeling
(HL7 v3, LOINC section codes). Both end in the same ``LabelDocument``.
"""

from __future__ import annotations

from claims_library.label_document import LabelDocument, LabelSection
from claims_library.openfda import read_openfda
from claims_library.spl import read_spl
from records.problems import reject

__all__ = ["MAX_BYTES", "LabelDocument", "LabelSection", "read_label"]

MAX_BYTES = 20 * 1024 * 1024


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
        return read_openfda(data, filename=filename)
    if start.startswith(b"<"):
        return read_spl(data, filename=filename)
    raise reject(
        filename,
        "This is neither an openFDA JSON document nor an SPL XML document.",
        code="unknown-format",
    )
