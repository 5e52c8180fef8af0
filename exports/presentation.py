"""What the templates of the printed kinds are given: finished words and finished pieces of HTML.

All decisions (what an audience sees, which label stands beside which section, how a date reads)
are made here in Python; a template only places the results.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from markupsafe import Markup

from exports.body import Heading, Node, Paragraph, Strong, runs, words
from exports.brand import PICTURE, Brand, clean_logo, sized_logo
from exports.document import Approval, Block, Document, Footnote
from exports.engine import offer_asset
from exports.kinds import title_of as kind_title
from exports.markup import (
    body_html,
    figure_html,
    figures,
    inline_html,
    is_lead,
    run_in_html,
    title_of,
)
from exports.qr import validity_qr

PREVIEW = "Preview – not approved for distribution"
_COVERED = frozenset(["brief", "leave-behind"])  # kinds with key figures over the cover's edge
_LONG_TITLE = 90  # signs
_INDICATION = "-M-IND"  # the module that states the full indication (docs/decisions/0012)
_ONE_VIEW = 120  # words of safety information that are kept together on one page
INTERNAL = "Internal use only – do not hand over"


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote as it is set under one section."""

    id: str
    mark: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Section:
    """One block, ready to be placed; ``label`` is empty where the one above still holds."""

    id: str
    kind: str
    module: str
    label: str
    title: str
    html: Markup
    notes: tuple[Note, ...] = ()
    cards: tuple[Markup, ...] = ()
    intro: Markup = field(default_factory=Markup)
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with its answer."""

    title: str
    question: Markup
    answer: Markup


@dataclass(frozen=True, slots=True)
class View:
    """Everything the template of a printed kind places."""

    document: Document
    brand: Brand
    logo: Markup
    kind: str
    internal: bool
    banners: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    key: Section | None
    sections: tuple[Section, ...]
    isi: Section | None
    imprint: tuple[tuple[str, str], ...]
    signed: tuple[str, ...]
    footer: tuple[str, ...]
    qr: Markup
    boilerplate: tuple[str, ...]
    created: str
    names_account: bool
    long_title: bool


def view(document: Document, brand: Brand) -> View:
    """Prepare one document in one company's look."""
    notes = {note.mark: note for note in document.footnotes}
    blocks = list(enumerate(document.blocks, start=1))
    key = None
    if blocks and blocks[0][1].kind == "callout" and document.kind in _COVERED:
        place, first = blocks.pop(0)
        key = _section(first, f"b{place}", "", notes, cards=True)
    labels = _labels([_side(block, document) for _, block in blocks])
    sections = tuple(
        _section(block, f"b{place}", label, notes)
        for (place, block), label in zip(blocks, labels, strict=True)
    )
    return View(
        document=document,
        brand=brand,
        logo=logo_of(brand),
        kind=kind_title(document.kind),
        internal=document.audience == "internal",
        banners=banners_of(document),
        facts=facts_of(document),
        key=key,
        sections=sections,
        isi=_safety(document.isi, notes) if document.isi else None,
        imprint=imprint_of(document),
        signed=tuple(signed_of(each) for each in document.approvals),
        footer=footer_of(document),
        qr=qr_of(document),
        boilerplate=brand.lines_for(document.market),
        created=f"{document.prepared.isoformat()}T00:00:00Z",
        names_account=names_account(document),
        long_title=has_long_title(document),
    )


def names_account(document: Document) -> bool:
    """Whether the title says for whom it is, so that a cover need not say it again."""
    return document.account.name in document.title


def has_long_title(document: Document) -> bool:
    """Whether a cover sets its title smaller, so that what stands below stays on the page."""
    return len(document.title) > _LONG_TITLE


def logo_of(brand: Brand) -> Markup:
    """The logo as it is placed: cleaned shapes, or a picture that was drawn anew."""
    if brand.logo.startswith(PICTURE):
        data = b64decode(brand.logo.removeprefix(PICTURE))
        address = offer_asset(data, "image/png")
        return Markup('<img class="picture" src="{}" alt="{}">').format(address, brand.name)
    if not brand.logo:
        return Markup()
    return Markup(sized_logo(clean_logo(brand.logo))[0])  # noqa: S704 - cleaned


def day(value: date) -> str:
    """22 November 2026."""
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """24 November 2026, 08:15 UTC."""
    utc = value.astimezone(UTC)
    return f"{day(utc.date())}, {utc:%H:%M} UTC"


def _labels(sides: list[str]) -> list[str]:
    """The words beside each block, left out where they repeat those above."""
    before = ["", *sides]
    return ["" if side == last else side for side, last in zip(sides, before, strict=False)]


# what a guide for our own people is read for
_USES = {"talk-track": "Talk track", "faq": "Questions to expect"}


def _side(block: Block, document: Document) -> str:
    prepares = document.channel == "meeting-prep"
    return _USES.get(block.kind, block.pillar) if prepares else block.pillar


def _section(
    block: Block, id: str, label: str, notes: dict[str, Footnote], *, cards: bool = False
) -> Section:
    cells = figures(block.body) if cards else ()
    heading = tuple(node for node in block.body if isinstance(node, Heading))
    intro, pairs = _pairs(block.body) if block.kind == "faq" else ((), [])
    return Section(
        id=id,
        kind=f"{block.kind} indication" if block.module.endswith(_INDICATION) else block.kind,
        module=block.module,
        label=label,
        title=_title(block, block.pillar),
        html=body_html(heading if cells else block.body, id),
        notes=tuple(_note(notes[mark], id) for mark in block.notes),
        cards=tuple(figure_html(cell, id) for cell in cells),
        intro=body_html(intro, id),
        pairs=tuple(_pair(question, answer, id) for question, answer in pairs),
    )


def _pairs(body: Sequence[Node]) -> tuple[list[Node], list[tuple[Paragraph, list[Node]]]]:
    """Questions are paragraphs that are strong as a whole; what follows is the answer."""
    intro: list[Node] = []
    pairs: list[tuple[Paragraph, list[Node]]] = []
    for node in body:
        if isinstance(node, Paragraph) and is_lead(node):
            pairs.append((node, []))
        else:
            (pairs[-1][1] if pairs else intro).append(node)
    return intro, pairs


def _pair(question: Paragraph, answer: Sequence[Node], id: str) -> Pair:
    inner = question.children[0]
    run = inner.children if isinstance(inner, Strong) else question.children
    return Pair(words(run), inline_html(run, id), body_html(answer, id))


def _note(note: Footnote, section: str) -> Note:
    id = f"{section}-{note.mark}"
    return Note(id, note.mark, body_html(note.block.body, id))


def _safety(block: Block, notes: dict[str, Footnote]) -> Section:
    title = _title(block, "Important Safety Information")
    length = sum(len(words(run).split()) for run in runs(block.body))
    kind = "isi together" if length <= _ONE_VIEW else "isi"
    under = tuple(_note(notes[mark], "isi") for mark in block.notes)
    return Section("isi", kind, block.module, "", title, run_in_html(block.body, "isi"), under)


def _title(block: Block, otherwise: str) -> str:
    titles = (title_of(node) for node in block.body if isinstance(node, Heading))
    return next(titles, otherwise)


def banners_of(document: Document) -> tuple[str, ...]:
    """What every page warns of."""
    internal = (INTERNAL,) if document.audience == "internal" else ()
    return ((PREVIEW,) if document.status == "preview" else ()) + internal


def facts_of(document: Document) -> tuple[tuple[str, str], ...]:
    """What stands below the cover's title: label and value."""
    account, internal = document.account, document.audience == "internal"
    place = ", ".join(part for part in (account.city, account.state) if part)
    facts = (
        ("Location", place),
        ("Care setting", account.care_setting[:1].upper() + account.care_setting[1:]),
        ("Meeting", day(document.meeting_date) if document.meeting_date else ""),
        ("Phase", document.phase if internal else ""),
        ("Tier", (account.tier or "") if internal else ""),
    )
    return tuple((label, value) for label, value in facts if value)


def imprint_of(document: Document) -> tuple[tuple[str, str], ...]:
    """Label and value of each row of the imprint."""
    copy = document.copy
    rows = (
        ("Material", f"{document.code}, version {document.version}"),
        ("Date of preparation", day(document.prepared)),
        ("Valid until", day(document.valid_until) if document.valid_until else ""),
        ("Copy", f"{copy.number}, issued to {copy.issued_to}" if copy else ""),
        ("Issued", moment(copy.issued_at) if copy else ""),
    )
    return tuple((label, value) for label, value in rows if value)


def signed_of(approval: Approval) -> str:
    """Printed name, moment and meaning stand wherever a signature is shown (R-310)."""
    who = f"{approval.name}, {approval.discipline}, {moment(approval.at)}"
    return f"Signed by {who}. {approval.meaning}"


def footer_of(document: Document) -> tuple[str, ...]:
    """The codes at the foot of every page."""
    parts = (
        document.code,
        f"Date of preparation {day(document.prepared)}",
        f"Valid until {day(document.valid_until)}" if document.valid_until else "",
        f"Copy {document.copy.number}" if document.copy else "",
    )
    return tuple(part for part in parts if part)


def qr_of(document: Document) -> Markup:
    """The validity address as an inline SVG path with alternative text."""
    if document.validity is None:
        return Markup()
    code = validity_qr(document.validity.url)
    svg = code.svg_inline(
        border=2,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        title=f"QR code: is this document still valid? {document.validity.url}",
    )
    return Markup(svg)  # noqa: S704 - segno escapes the title and draws the rest
