"""Making a plate: a layout rendered once, its marks carved out, its text read back.

The renderer sees the layout with marks in its slots and nothing of it is changed but the marks.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from exports import glyphs, proofing
from exports.brand import Brand
from exports.bulk import flowing
from exports.bulk.carving import QR, Carver, Placement
from exports.bulk.faces import Unfit, face
from exports.bulk.measures import MARGIN, POINTS, Measures
from exports.bulk.proof import Proof, proof_of
from exports.bulk.slots import (
    NAME,
    Slots,
    blank,
    expected,
    mark,
    marked_view,
    shown_by,
    slots_of,
    told_by_text,
)
from exports.bulk.writing import prefix_of
from exports.document import Document
from exports.presentation import names_account
from exports.printed import lost_words, read_pages
from exports.qr import Drawer, drawer_of
from exports.rendering import render_prepared
from exports.sealing import TextLost, attach, labels_of, made_at, places_of
from records.canonical import canonical_json

if TYPE_CHECKING:
    import pikepdf

from exports.bulk.plate import Metadata, Plate, Tail, pdf_text, plate_fingerprint

_NEAR = 0.1  # points


def make_plate(document: Document, *, brand: Brand) -> Plate:
    """The plate of a document's layout.

    Raises:
        Unfit: the document has no slots, or the renderer did not set them as they must be.
        Refused, RenderingFailed, TextLost: as for a full rendering.
    """
    import pikepdf

    slots = slots_of(document, brand.page_size)
    if "§" in canonical_json(asdict(blank(document))):
        raise Unfit("the material itself has a sign that slots are marked with")
    glyphs.check(document, brand=brand)
    url = slots.url
    drawer = drawer_of(url)
    prepared = marked_view(document, slots, brand)
    shown = shown_by(prepared, slots)
    drawing = drawer.drawing(url)
    if drawing is None:
        raise Unfit("the validity address has no code")
    carver = Carver(told_by_text(document, slots))
    with pikepdf.open(io.BytesIO(render_prepared(document, prepared, shown))) as pdf:
        carver.carve(pdf, drawing)
        attach(pdf, b"{}", made=made_at(document))
        if any(proofing.objections(proofing.noted(pdf))):
            raise Unfit("what was measured on the pages is judged on the document itself")
        _check_places(carver.names, slots.measures, float(pdf.pages[0].mediabox[2]))
        missing = {QR, *slots.lines} - {placement.number for placement in carver.names}
        if names_account(document):
            missing.discard(NAME)  # a title says it; the head of further pages there may not be
        if missing:
            raise Unfit(f"slots {sorted(missing)} were not found on the pages")
        target = io.BytesIO()
        # a fixed order of objects, whatever this process rendered before
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    with pikepdf.open(target) as pdf:
        return _plate(pdf, document, slots, carver, drawer, prepared.document.title, brand)


def _check_places(placements: Iterable[Placement], measures: Measures, page: float) -> None:
    """Lines were broken for a face, a size and a column: the renderer must have set them there."""
    right = (MARGIN + measures.sheet) * POINTS
    if abs(page - right - MARGIN * POINTS) > _NEAR:
        raise Unfit("the page is of another size than the slots were measured for")
    for placement in placements:
        flow = expected(placement.number, measures)
        if flow is None:
            continue
        # the page is drawn in CSS pixels, of which 96 make an inch
        column = right - placement.x * 72 / 96
        narrow = placement.number >= flowing.FIRST and abs(column - flow.width) > _NEAR
        if (
            placement.face != flow.face
            or abs(placement.size * 72 / 96 - flow.size) > _NEAR
            or narrow
        ):
            raise Unfit("the look of this kind has changed, and its slots are not measured anew")


def _plate(
    pdf: pikepdf.Pdf,
    document: Document,
    slots: Slots,
    carver: Carver,
    drawer: Drawer,
    marked_title: str,
    brand: Brand,
) -> Plate:
    tail = _find(pdf, carver, slots)
    info = {str(name): str(value) for name, value in pdf.docinfo.items()}
    metadata = Metadata(
        {**info, "/exemplar-url": slots.url},
        pdf.Root.Metadata.read_bytes().decode(),
        str(marked_title),
    )
    fonts: dict[str, int] = {}

    def write_fonts(add: Any) -> None:
        for name in sorted({p.face for p in tail.slots.values() if p.face}):
            fonts[name] = face(name).write(add)

    own = {*tail.slots, tail.figure, tail.info, tail.xmp, tail.file}
    prefix = prefix_of(pdf, without=own, labels=labels_of(pdf), further=write_fonts)
    plate = Plate(
        exemplar=blank(document),
        shape=slots.shape,
        prefix=prefix,
        tail=tail,
        fonts=fonts,
        metadata=metadata,
        proof=Proof({}, {}, {}, (), ()),
        drawer=drawer,
        longest=_longest(proofing.noted(pdf)),
    )
    return replace(plate, proof=_proof(pdf, plate, document, slots, brand))


def _proof(pdf: pikepdf.Pdf, plate: Plate, document: Document, slots: Slots, brand: Brand) -> Proof:
    """Read the plate back with marks in its slots: that is the text of its pages."""
    import pikepdf

    marks = {number: mark(number) for number in slots.lines}
    marked = replace(slots, lines=marks, pieces={})
    trial = plate.prefix.file(
        plate.varying(document, marked, b"{}"),
        manifest_sha256="",
        keyring=_Nobody(),  # type: ignore[arg-type]
    )
    with pikepdf.open(io.BytesIO(trial)) as filled:
        pages = read_pages(filled)
    written = [_written(page, slots) for page in pages]
    if lost := lost_words(document, written):
        raise TextLost(f"The rendered file lacks text of the material: “{lost[0][:120]}”.")
    return proof_of(
        document,
        pages=pages,
        places=places_of(pdf),
        fingerprint=plate_fingerprint(document.kind),
        brand_sha256=brand.sha256,
        printed=proofing.noted(pdf),
    )


def _longest(printed: Iterable[Mapping[str, Any]]) -> int:
    """Letters of the longest line that was measured on the plate."""
    return max((int(each["measured"].get("longest line", 0)) for each in printed), default=0)


class _Nobody:
    """Seals a file that nobody will see."""

    key_id = ""

    @staticmethod
    def seal(_data: bytes) -> bytes:
        return b""


def _written(page: Any, slots: Slots) -> Any:
    text = page.text
    for number, line in slots.lines.items():
        text = text.replace(mark(number), line)
    return replace(page, text=text)


def _find(pdf: pikepdf.Pdf, carver: Carver, slots: Slots) -> Tail:
    """The numbers of what varies."""
    import pikepdf

    placed = {name: placement for placement, name in carver.names.items()}
    forms: dict[int, Placement] = {}
    figures: list[tuple[int, str, bytes]] = []
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream) and "/SlotName" in each:
            forms[each.objgen[0]] = placed[str(each.SlotName)]
        elif isinstance(each, pikepdf.Dictionary) and slots.url in str(each.get("/Alt", "")):
            spoken = str(each.Alt)
            each.Alt = pikepdf.String(spoken)
            body = each.unparse(resolved=True)
            figures.append(
                (each.objgen[0], spoken, body.replace(each.Alt.unparse(), pdf_text(spoken)))
            )
    if len(figures) != 1 or len(forms) != len(placed):
        raise Unfit("the code is not described in one place")
    number, spoken, body = figures[0]
    return Tail(
        slots=dict(sorted(forms.items())),
        figure=number,
        spoken=spoken,
        figure_body=body,
        info=pdf.trailer.Info.objgen[0],
        xmp=pdf.Root.Metadata.objgen[0],
        file=pdf.Root.AF[0].EF.F.objgen[0],
        painting=carver.painting,
    )
