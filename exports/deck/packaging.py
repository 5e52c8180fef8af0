"""From python-pptx's package to parts that are the same every time, embedded workbooks too."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, time
from typing import Any

from exports.brand import Brand
from exports.deck import archive
from exports.document import Document

_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def package(deck: Any, document: Document, brand: Brand) -> bytes:
    """The file, its dates from the document and its parts in one order."""
    properties = deck.core_properties
    properties.title = document.title
    properties.author = properties.last_modified_by = brand.name
    properties.subject = document.product.name
    properties.keywords = document.code
    properties.identifier = document.code
    properties.version = document.version
    properties.language = document.language
    properties.revision = 1
    properties.content_status = document.status
    # hash of the design tokens, for the manifest
    properties.category = brand.sha256
    properties.comments = ""
    target = io.BytesIO()
    deck.save(target)
    made = datetime.combine(document.prepared, time(), tzinfo=UTC)
    return archive.whole(_same(archive.read(target.getvalue()), made))


def _same(parts: dict[str, bytes], made: datetime) -> dict[str, bytes]:
    stamp = rb"\g<1>" + f"{made:%Y-%m-%dT%H:%M:%SZ}".encode()
    fixed = {}
    for name, data in parts.items():
        if name.endswith(".xlsx"):
            fixed[name] = archive.whole(_same(archive.read(data), made))
        elif name.endswith("docProps/core.xml"):
            fixed[name] = _DATES.sub(stamp, data)
        else:
            fixed[name] = data
    return fixed
