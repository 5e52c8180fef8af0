"""A plate: one layout rendered once, and every account's sealed PDF from it.

The renderer sees the layout with marks in its slots and nothing of it is changed but the marks.
Each document is then the plate's constant bytes and a tail of its own: the texts of its slots,
metadata, manifest, seal. What a slot cannot hold raises ``Unfit``: that document is rendered in
full.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from exports import glyphs, proofing
from exports.brand import Brand
from exports.bulk import flowing
from exports.bulk.carving import QR, Carver, Placement
from exports.bulk.faces import Unfit, face
from exports.bulk.proof import Proof, proof_of
from exports.bulk.slots import (
    KEYWORD,
    MARGIN,
    POINTS,
    SHEET_WIDTHS,
    Slots,
    blank,
    expected,
    mark,
    marked_view,
    shown_by,
    slots_of,
    told_by_text,
)
from exports.bulk.writing import Prefix, prefix_of
from exports.document import Document
from exports.fingerprint import fingerprint
from exports.printed import lost_words, read_pages
from exports.qr import Drawer, drawer_of
from exports.rendering import render_prepared
from exports.sealing import TextLost, attach, labels_of, made_at, places_of
from records.canonical import canonical_json, sha256_bytes
from records.keys import Keyring

if TYPE_CHECKING:
    import pikepdf

_PROGRAM = (
    *("carving.py", "faces.py", "flowing.py", "plate.py"),
    *("proof.py", "slots.py", "writing.py"),
)
_NEAR = 0.1  # points


@dataclass(frozen=True)
class Metadata:
    """Document information with marks, by key; XMP with marks."""

    info: Mapping[str, str]
    xmp: str
    marked_title: str


@dataclass(frozen=True)
class Tail:
    """Numbers of the objects that each document has of its own."""

    slots: Mapping[int, Placement]
    figure: int
    spoken: str
    figure_body: bytes
    info: int
    xmp: int
    file: int
    painting: str


@dataclass(frozen=True)
class Plate:
    """One layout, ready to be filled."""

    exemplar: Document
    shape: tuple[object, ...]
    prefix: Prefix
    tail: Tail
    fonts: Mapping[str, int]
    metadata: Metadata
    proof: Proof
    drawer: Drawer
    longest: int

    def fill(self, document: Document, *, keyring: Keyring) -> bytes:
        """The sealed PDF of a document of this layout; ``Unfit`` if it is of another."""
        slots = slots_of(document)
        if slots.shape != self.shape or blank(document) != self.exemplar:
            raise Unfit("the document is of another layout")
        return self.filled(document, slots, keyring=keyring)

    def filled(self, document: Document, slots: Slots, *, keyring: Keyring) -> bytes:
        """As ``fill``, of a document that is known to be of this layout, with its slots."""
        _check_signs(slots)
        running = (sum(map(len, line)) for line in slots.pieces.values())
        if max(running, default=0) > self.longest:
            raise Unfit("a line of the account would be the longest that is measured")
        envelope = self.proof.envelope(document, slots, keyring=keyring)
        return self.prefix.file(
            self._tail(document, slots, envelope),
            manifest_sha256=sha256_bytes(envelope),
            keyring=keyring,
        )

    def _tail(
        self, document: Document, slots: Slots, envelope: bytes
    ) -> Iterator[tuple[int, str, bytes]]:
        for number, placement in self.tail.slots.items():
            yield number, "a text of the account", self._slot(placement, slots)
        spoken = self.tail.figure_body.replace(_pdf_text(self.tail.spoken), self._spoken(slots))
        yield self.tail.figure, "the document structure", spoken
        yield self.tail.info, "the metadata", self._info(slots)
        yield self.tail.xmp, "the metadata", self._xmp(slots)
        yield self.tail.file, "the attached manifest", _file(envelope, document)

    def _slot(self, placement: Placement, slots: Slots) -> bytes:
        if placement.number == QR:
            drawing = self.drawer.drawing(slots.url)
            if drawing is None:
                raise Unfit("the address of the validity page is of another kind")
            side = self.drawer.size + 2 * Drawer.BORDER
            packed = zlib.compress(drawing + self.tail.painting.encode(), 1)
            return (
                b"<</Type/XObject/Subtype/Form/BBox[0 0 %d %d]/Filter/FlateDecode/Length %d>>\n"
                b"stream\n%b\nendstream" % (side, side, len(packed), packed)
            )
        number = placement.number
        pieces = slots.pieces.get(number, (slots.lines[number],))
        content, width = _run(placement, pieces)
        # the page is drawn in CSS pixels, of which 96 make an inch
        room = slots.room(number, placement.size) * 96 / 72 + 4
        if width > room:
            raise Unfit(f"“{slots.lines[number][:60]}” is too long for its place")
        box = (placement.x - 1, placement.y - 1.3 * placement.size)
        far = (placement.x + room, placement.y + 0.5 * placement.size)
        return (
            b"<</Type/XObject/Subtype/Form/BBox[%b]/Resources<</Font<</F %d 0 R>>>>/Length %d>>\n"
            b"stream\n%b\nendstream"
            % (
                b" ".join(map(_number, (*box, *far))),
                self.fonts[placement.face],
                len(content),
                content,
            )
        )

    def _spoken(self, slots: Slots) -> bytes:
        return _pdf_text(self.tail.spoken.replace(self.drawer_url, slots.url))

    @property
    def drawer_url(self) -> str:
        """The address the plate was rendered with."""
        return self.metadata.info["/exemplar-url"]

    def _info(self, slots: Slots) -> bytes:
        pairs = (
            f"{name} ".encode() + _pdf_text(self._put(value, slots))
            for name, value in sorted(self.metadata.info.items())
            if name != "/exemplar-url"
        )
        return b"<<" + b" ".join(pairs) + b">>"

    def _xmp(self, slots: Slots) -> bytes:
        text = self.metadata.xmp
        for old, new in self._texts(slots):
            text = text.replace(escape(old), escape(new))
        data = text.encode()
        return b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%b\nendstream" % (
            len(data),
            data,
        )

    def _put(self, value: str, slots: Slots) -> str:
        for old, new in self._texts(slots):
            value = value.replace(old, new)
        return value

    def _texts(self, slots: Slots) -> tuple[tuple[str, str], ...]:
        return (
            (self.metadata.marked_title, slots.title),
            (KEYWORD, slots.code),
            (mark(20), slots.name),
        )


def _run(placement: Placement, pieces: Sequence[str]) -> tuple[bytes, float]:
    """Texts set one after the other, and their width in CSS pixels."""
    font, drawn, width = face(placement.face), [], 0.0
    texts = [*pieces]
    texts[0] = placement.before + texts[0]
    texts[-1] += placement.after
    for text in texts:
        shaped = font.shape(text, placement.size)
        drawn.append(
            b"BT\n1 0 0 -1 %b %b Tm\n/F %b Tf\n[%b] TJ\nET"
            % (
                *(_number(placement.x + width), _number(placement.y), _number(placement.size)),
                shaped.operand,
            )
        )
        width += shaped.advance * placement.size / 1000
    return b"\n".join(drawn), width


def make_plate(document: Document, *, brand: Brand) -> Plate:
    """The plate of a document's layout.

    Raises:
        Unfit: the document has no slots, or the renderer did not set them as they must be.
        Refused, RenderingFailed, TextLost: as for a full rendering.
    """
    import pikepdf

    slots = slots_of(document)
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
        _check_places(carver.names, document)
        missing = {QR, *slots.lines} - {placement.number for placement in carver.names}
        if missing:
            raise Unfit(f"slots {sorted(missing)} were not found on the pages")
        target = io.BytesIO()
        # a fixed order of objects, whatever this process rendered before
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    with pikepdf.open(target) as pdf:
        return _plate(pdf, document, slots, carver, drawer, prepared.document.title, brand)


def _check_places(placements: Iterable[Placement], document: Document) -> None:
    """Lines were broken for a face, a size and a column: the renderer must have set them there."""
    sheet = SHEET_WIDTHS[document.page_size]
    for placement in placements:
        flow = expected(placement.number, sheet)
        if flow is None:
            continue
        # the page is drawn in CSS pixels, of which 96 make an inch
        column = (MARGIN + sheet) * POINTS - placement.x * 72 / 96
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
        plate._tail(document, marked, b"{}"),  # noqa: SLF001 - its own maker
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


def plate_fingerprint(kind: str) -> dict[str, dict[str, str]]:
    """What the bytes of a document from a plate depend on beside document, brand and key."""
    return {**fingerprint(kind), "plate": dict(_program())}


@cache
def _program() -> dict[str, str]:
    room = Path(__file__).parent
    files = {name: sha256_bytes((room / name).read_bytes()) for name in _PROGRAM}
    return {**files, "uharfbuzz": version("uharfbuzz")}


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
                (each.objgen[0], spoken, body.replace(each.Alt.unparse(), _pdf_text(spoken)))
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


def _check_signs(slots: Slots) -> None:
    """Nothing that could be taken for a mark, and no sign that cannot be seen, gets into a slot."""
    for line in slots.lines.values():
        if "§" in line or not line.isprintable():
            raise Unfit("a text has a sign that slots do not take")


def _file(envelope: bytes, document: Document) -> bytes:
    """The embedded file, as ``exports.sealing.attach`` describes it."""
    stamp = f"D:{made_at(document):%Y%m%d%H%M%S}Z".encode()
    packed = zlib.compress(envelope, 1)
    check = hashlib.md5(envelope, usedforsecurity=False).hexdigest().encode()
    return (
        b"<</Type/EmbeddedFile/Subtype/application#2fjson/Params<</CheckSum<%b>/Size %d"
        b"/CreationDate(%b)/ModDate(%b)>>/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream"
        % (check, len(envelope), stamp, stamp, len(packed), packed)
    )


def _pdf_text(text: str) -> bytes:
    """A text string in UTF-16, as hexadecimal digits: no sign of it can end the string."""
    return b"<feff" + text.encode("utf-16-be").hex().encode() + b">"


def _number(value: float) -> bytes:
    return f"{value:.6f}".rstrip("0").rstrip(".").encode()
