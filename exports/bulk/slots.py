"""The slots of a document: what differs between accounts, and where lines end in them.

Two documents share a plate when everything but their slots is the same and their slots take the
same lines. The plate is rendered from a view whose slots hold marks (``§07§``) instead of texts.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from exports.brand import Brand
from exports.bulk import flowing
from exports.bulk.faces import Unfit, face
from exports.bulk.measures import POINTS, Flow, Measures, measures_of
from exports.document import Document, Validity
from exports.presentation import (
    View,
    facts_of,
    footer_of,
    has_long_title,
    imprint_of,
    names_account,
    view,
)

# a title keeps its brand before the mark: what is measured on the pages looks for names
MARK = re.compile(r"^([^§]*)§(\d{2,3})§(\s*)$")
KEYWORD = "§KEYWORD§"
_OWN_ROWS = frozenset(["Material", "Copy", "Issued"])  # of the imprint; the rest is shared
_ROW_WIDTH = 52  # millimetres
_FOOT = 9.6  # CSS pixels
_DOUBT = 0.02  # points: nearer than this to the edge, only the renderer knows where a line ends


@dataclass(frozen=True, slots=True)
class Slots:
    """What one document puts into the slots of its layout.

    ``lines`` holds each line of each slot by its number; ``widths`` how wide (in points) a line may
    become. ``shape`` is what documents must share beside their constant parts. ``values`` stand in
    running text; ``pieces`` are the texts of its lines; ``measures`` say how its kind is set.
    """

    lines: Mapping[int, str]
    widths: Mapping[int, float]
    shape: tuple[object, ...]
    values: Mapping[str, str]
    pieces: Mapping[int, tuple[str, ...]]
    title: str
    code: str
    name: str
    url: str
    measures: Measures

    def room(self, number: int, size: float) -> float:
        """How wide (in points) a slot may become that is set at a size in CSS pixels."""
        if number == NAME:
            return self.measures.name(size * 72 / 96) * POINTS
        return self.widths[number]


_TITLE, NAME, _URL, _COPY, CODE, _FACT, _ROW = 10, 20, 30, 40, 45, 50, 70


def slots_of(document: Document, paper: str = "") -> Slots:
    """The slots of a document; ``Unfit`` when it has none that hold its texts.

    ``paper`` is the page size of a brand that has its own.
    """
    measures = measures_of(document, paper)
    _check(document, measures)
    facts = facts_of(document) if measures.look.facts else ()
    rows, footer = imprint_of(document), footer_of(document)
    # a title that names no account is one of the layout, not of the document
    title = broken(document.title, measures.title) if names_account(document) else []
    url = broken(_address(document), measures.address)
    lines: dict[int, str] = {}
    widths: dict[int, float] = {}

    def put(first: int, texts: Sequence[str], width: float) -> None:
        for number, text in enumerate(texts, start=first):
            lines[number], widths[number] = text, width * POINTS

    put(_TITLE, title, measures.title.width / POINTS)
    put(NAME, [document.account.name], measures.sheet - 28)
    put(_URL, url, measures.address.width / POINTS)
    put(_COPY, footer[-1:], 60)
    put(CODE, footer[:1], 40)
    put(_FACT, [value for _, value in facts], measures.fact(len(facts)))
    for at, (label, value) in enumerate(rows):
        if label in _OWN_ROWS:
            put(_ROW + at, [value], _ROW_WIDTH)
    flows = flowing.paragraphs(document)
    column, pieces = measures.column, dict[int, tuple[str, ...]]()
    for number, each in enumerate(flows):
        run = broken_run(each.pieces, column)
        # a reader of the file parts the texts of a line
        put(each.first(number), [" ".join(line) for line in run], column.width / POINTS)
        pieces |= dict(enumerate(run, start=each.first(number)))
    shape = (
        *(paper, len(title), len(url), footer[1:-1], len(footer[0])),
        tuple(label for label, _ in facts),
        tuple(label for label, _ in rows),
        names_account(document),
        # what follows the code on its line stands where the code ends
        round(face("IBM-Plex-Sans").advance(footer[0], _FOOT), 1),
        len(_address(document)),
        tuple(len(held) for held in _lines_of(flows, lines).values()),
    )
    return Slots(
        *(lines, widths, shape, flowing.values_in(document) if flows else {}, pieces),
        *(document.title, document.code, document.account.name, _address(document), measures),
    )


def _check(document: Document, measures: Measures) -> None:
    """What is said of a document as a whole that has no plate."""
    if document.copy is None or document.validity is None:
        raise Unfit(f"there are no slots for a {document.kind} that is no copy")
    if document.status != "approved" or document.people:
        raise Unfit("what is not approved, or lists people, is rendered in full")
    if has_long_title(document):
        raise Unfit(f"“{document.title[:60]}” is set smaller than the title of a plate")
    if not measures.look.prepared_for and not names_account(document):
        raise Unfit("the name follows the title on its line")
    if document.product.brand in document.title.removeprefix(document.product.brand):
        raise Unfit("the brand stands within the title, where its neighbours are looked at")


def _address(document: Document) -> str:
    return document.validity.url if document.validity else ""


def _lines_of(flows: Sequence[flowing.Flowing], lines: Mapping[int, str]) -> dict[int, list[str]]:
    """The lines of each paragraph by its number."""
    return {
        number: [lines[at] for at in range(first, first + flowing.LINES) if at in lines]
        for number, first in enumerate(each.first(n) for n, each in enumerate(flows))
    }


def blank(document: Document) -> Document:
    """The document without what its slots hold: equal for documents of one layout."""
    account = replace(
        document.account, number="", name="", city="", state="", care_setting="", type=""
    )
    return replace(
        document,
        code="",
        title="" if names_account(document) else document.title,
        account=account,
        blocks=flowing.with_values(document.blocks, lambda _: ""),
        tokens=(),
        approvals=tuple(replace(each, signature="") for each in document.approvals),
        copy=None,
        validity=None,
    )


def marked_view(document: Document, slots: Slots, brand: Brand) -> View:
    """The view of a document with marks in its slots; metadata and code are told apart later."""
    found = flowing.paragraphs(document)
    marks = {number: mark(number) for number in slots.lines}
    lines = _lines_of(found, marks)
    document = replace(document, blocks=flowing.with_lines(document, found, lines))
    prepared = view(document, brand)
    brand_name = document.product.brand
    titles = [
        f"{brand_name} {mark(number)}" if line.startswith(brand_name) else mark(number)
        for number, line in sorted(slots.lines.items())
        if _TITLE <= number < NAME
    ]
    addresses = [mark(number) for number in sorted(slots.lines) if _URL <= number < _COPY]
    validity = document.validity or Validity("", "")
    return replace(
        prepared,
        document=replace(
            document,
            title=Markup("<br>").join(titles) if titles else document.title,
            code=KEYWORD,
            account=replace(document.account, name=mark(NAME)),
            validity=replace(validity, url=Markup("<br>").join(addresses)),
        ),
        facts=tuple((label, mark(_FACT + at)) for at, (label, _) in enumerate(prepared.facts)),
        imprint=tuple(
            (label, _row_mark(document, slots, _ROW + at) if label in _OWN_ROWS else value)
            for at, (label, value) in enumerate(prepared.imprint)
        ),
        footer=(plain_code(slots.code), *prepared.footer[1:-1], mark(_COPY)),
    )


def told_by_text(document: Document, slots: Slots) -> dict[str, int]:
    """Slots whose mark is a text of its own: it must be found, and measured, like the real one."""
    code = plain_code(slots.code)
    return {code: CODE, f"{code}, version {document.version}": _ROW}


def _row_mark(document: Document, slots: Slots, number: int) -> str:
    texts = {held: text for text, held in told_by_text(document, slots).items()}
    return texts.get(number, mark(number))


def shown_by(prepared: View, slots: Slots) -> Document:
    """The document as a marked view words it, for what is measured on its pages."""
    document = prepared.document
    title = str(document.title).replace("<br>", " ")
    url = str(document.validity.url).replace("<br>", "") if document.validity else ""
    return replace(
        document,
        title=title,
        # a title that says the name says it for the document
        account=replace(document.account, name=title)
        if prepared.names_account
        else document.account,
        code=plain_code(slots.code),
        copy=replace(document.copy, number=mark(_COPY)) if document.copy else None,
        validity=Validity(url, ""),
    )


def plain_code(code: str) -> str:
    """A code that is as wide as this one and is nobody's: all figures have one width."""
    return re.sub(r"\d", "0", code)


def mark(number: int) -> str:
    """The mark of a slot."""
    return f"§{number:02d}§"


def broken(text: str, flow: Flow) -> list[str]:
    """A text in the lines the renderer would break it into; ``Unfit`` where that is not certain."""
    return ["".join(line) for line in broken_run((text,), flow)]


def broken_run(pieces: Sequence[str], flow: Flow) -> list[tuple[str, ...]]:
    """A run of texts, set one after the other, in lines; ``Unfit`` as for ``broken``."""
    text, width = "".join(pieces), flow.width * 1000 / flow.size
    doubt, size = _DOUBT * 1000 / flow.size, flow.size * 96 / 72
    measure, bounds = face(flow.face), [0, *itertools.accumulate(map(len, pieces))]

    def parts(start: int, end: int) -> list[str]:
        cuts = [start, *(at for at in bounds if start < at < end), end]
        return [text[a:b] for a, b in itertools.pairwise(cuts)]

    def advance(start: int, end: int) -> float:
        return sum(measure.advance(part, size) for part in parts(start, end))

    lines, start, held = [], 0, 0
    # what a line takes up to a place in it, and what it takes at most from there
    known, to = 0.0, 0
    for piece in _pieces(text):
        end = held + len(piece)
        if known + (end - to) * measure.widest < width - doubt:
            held = end
            continue
        seen = held + len(piece.rstrip())
        needed = advance(start, seen)
        if abs(needed - width) < doubt or (end in bounds and needed < width < advance(start, end)):
            raise Unfit(f"“{text[:60]}” ends too near the edge of its line")
        if needed > width and held > start:
            lines.append((start, held))
            start, needed = held, advance(held, seen)
        known, to = needed, seen
        if needed > width - doubt:
            raise Unfit(f"“{text[:60]}” has a word that is longer than a line")
        held = end
    lines.append((start, held))
    if len(lines) > flow.most:
        raise Unfit(f"“{text[:60]}” takes more than {flow.most} lines")
    return [_shown(parts(first, last), kept=last in bounds[:-1]) for first, last in lines]


def _shown(parts: Sequence[str], *, kept: bool) -> tuple[str, ...]:
    """A line without the white space at its ends; what ends with its piece keeps it."""
    shown = [parts[0].lstrip(), *parts[1:]]
    while shown and not shown[-1].strip():
        shown.pop()
        kept = True
    if shown and not kept:
        shown[-1] = shown[-1].rstrip()
    return tuple(each for each in shown if each)


def _pieces(text: str) -> list[str]:
    """Where a line may end: after spaces, after hyphens and strokes before a letter."""
    return [
        piece for piece in re.split(r"(?<=\s)(?=\S)|(?<=[^\s/-][/-])(?=[^\W\d])", text) if piece
    ]


def expected(number: int, measures: Measures) -> Flow | None:
    """How the renderer sets a slot that may take several lines; other slots are as they are."""
    if _TITLE <= number < NAME:
        return measures.title
    if _URL <= number < _COPY:
        return measures.address
    return measures.column if number >= flowing.FIRST else None
