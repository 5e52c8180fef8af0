"""What WeasyPrint leaves open in a tagged PDF: identifiers, real artifacts, spoken link names.

The result carries the identifiers of PDF/A-3a and PDF/UA-1; no validator vouches for it, so say
"tagged, with identifiers", never "conformant".
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf

# PDF/A asks that a schema outside its own list is described within the metadata.
_IDENTIFICATION = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>\
<rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>\
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of the PDF/UA standard</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\
</rdf:Description></rdf:RDF>"""

_OF_TABLES = frozenset(["/Table", "/THead", "/TBody", "/TFoot", "/TR", "/TD"])


def finish(pdf: pikepdf.Pdf) -> None:
    """Complete a document as WeasyPrint wrote it, in place."""
    _identify(pdf)
    _name_links(pdf)
    structure = pdf.Root.StructTreeRoot
    elements = list(_elements(structure))
    for table in [element for element in elements if element.S == "/Table"]:
        _describe(table)
    kept = {element.objgen for element in elements}
    for index, page in enumerate(pdf.pages):
        _make_artifacts(pdf, page, _parents(structure, index), kept)


def save(pdf: pikepdf.Pdf) -> bytes:
    """The document's bytes: the same for the same content, without clock or chance."""
    import pikepdf

    target = io.BytesIO()
    pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _identify(pdf: pikepdf.Pdf) -> None:
    metadata = pdf.Root.Metadata
    metadata.write(metadata.read_bytes().replace(b"</rdf:RDF>", _IDENTIFICATION))


def _name_links(pdf: pikepdf.Pdf) -> None:
    """A link's name is what a screen reader says: “Reference 3”, not “ref-3”."""
    for page in pdf.pages:
        for link in page.obj.get("/Annots", []):
            target = str(link.get("/Dest", ""))
            if found := re.fullmatch(r"ref-(\d+)", target):
                link.Contents = f"Reference {found[1]}"
            elif found := re.fullmatch(r"(?:b\d+|isi)-([a-z]+)", target):
                link.Contents = f"Footnote {found[1]}"


def _describe(table: Any) -> None:
    """Say of each head whether it heads a row or a column; what has no heads is no table.

    Tables without a head stand for columns of a layout: they are read as parts one after another.
    """
    import pikepdf

    parts = [table, *_elements(table, within="/Table")]
    heads = [part for part in parts if part.S == "/TH"]
    for head in heads:
        beside = [cell.S for cell in _kids(head.P)]
        head.A = head.get("/A", pikepdf.Dictionary(O=pikepdf.Name.Table))
        head.A.Scope = pikepdf.Name.Row if "/TD" in beside else pikepdf.Name.Column
    if not heads:
        for part in parts:
            if str(part.S) in _OF_TABLES:
                part.S = pikepdf.Name.Div
                if "/A" in part:
                    del part["/A"]


def _elements(parent: Any, *, within: str = "") -> Iterator[Any]:
    """All structure elements that hang on the tree, in reading order.

    ``within``: a type whose elements are not looked into, nor given.
    """
    for kid in _kids(parent):
        if within != kid.S:
            yield kid
            yield from _elements(kid, within=within)


def _kids(parent: Any) -> Iterator[Any]:
    import pikepdf

    kids = parent.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid


def _parents(structure: Any, key: int) -> Any:
    """The parent tree's row of one page: an array, or nothing."""
    numbers = list(structure.ParentTree.Nums)
    return dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True)).get(key, [])


def _make_artifacts(
    pdf: pikepdf.Pdf, page: pikepdf.Page, parents: Any, kept: set[tuple[int, int]]
) -> None:
    """Running heads and feet hang on no tree: mark them as artifacts, so that nobody reads them."""
    import pikepdf

    loose = {
        number for number, parent in enumerate(parents) if parent and parent.objgen not in kept
    }
    if not loose:
        return
    content = []
    for instruction in pikepdf.parse_content_stream(page):
        operands, operator = list(instruction.operands), instruction.operator
        if str(operator) == "BDC" and int(operands[1].get("/MCID", -1)) in loose:
            operands = [
                pikepdf.Name.Artifact,
                pikepdf.Dictionary(Type=pikepdf.Name.Pagination),
            ]
        content.append(pikepdf.ContentStreamInstruction(operands, operator))
    page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(content))
    for number in loose:
        parents[number] = None
