"""The frozen document tree: everything a rendition of a material prints, and nothing live.

Assembling builds it from approved versions; rendering, the manifest and the checks read it. The
same tree gives the same bytes, so it holds no clock, no session and no person who is logged in.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from exports.body import Node
from records.canonical import canonical_json, sha256
from records.errors import DomainError

PageSize = Literal["letter", "a4"]
Status = Literal["preview", "approved"]


class BrokenDocument(DomainError):
    """Plain data that is not a document tree, or one that breaks a rule of its own."""


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """The product as named on the cover; brand and established name always together (R-101)."""

    brand: str
    generic: str
    form: str = ""
    manufacturer: str = ""
    symbol: str = "®"
    flags: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """``HALVORYN® (ostavatinib) capsules``."""
        return f"{self.brand}{self.symbol} ({self.generic}) {self.form}".strip()


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the brief may say of the account; ``tier`` exists in internal documents only."""

    number: str
    name: str
    city: str = ""
    state: str = ""
    care_setting: str = ""
    type: str = ""
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class Stakeholder:
    """Somebody at the account, in internal documents only; a function may have no name."""

    role: str
    name: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """The approved template version that frames the material."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Approval:
    """One electronic signature with its manifestation: name, time, meaning (R-310)."""

    name: str
    discipline: str
    meaning: str
    at: datetime
    signature: str


@dataclass(frozen=True, slots=True)
class ClaimUse:
    """A pinned claim version and where its evidence is (``anchor``: section and quote)."""

    claim: str
    version: str
    sha256: str
    type: str
    anchor: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One pinned module version, resolved: its nodes, claims and approvals.

    ``title`` is the library's name of the module and is not printed; headings are in ``body``.
    ``notes`` are the letters of the footnotes set under this block.
    """

    module: str
    version: str
    sha256: str
    kind: str
    pillar: str
    title: str
    body: tuple[Node, ...]
    claims: tuple[ClaimUse, ...] = ()
    approvals: tuple[Approval, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote module with the letter it has in this document."""

    mark: str
    block: Block


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the reference list, numbered by first citation."""

    number: int
    key: str
    text: str
    locators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenValue:
    """One personalisation value that was filled in."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class CheckRun:
    """A check that ran over the material, its pack version and how it ended."""

    name: str
    version: str
    result: str


@dataclass(frozen=True, slots=True)
class Copy:
    """The numbered controlled copy these bytes are."""

    number: str
    issued_to: str
    issued_at: datetime
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Validity:
    """The public page that says whether this document still holds."""

    url: str
    code: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What an email says beside its blocks; who it is from and to is known of a copy only.

    ``unsubscribe`` is the page where the recipient ends all mail; ``sender`` and ``recipient`` are
    addresses, the names that belong to them are ``signed_by`` and ``recipient_name``.
    """

    subject: str
    preheader: str
    greeting: str
    closing: str
    reason: str
    prescribing_information: str
    unsubscribe: str
    signed_by: str = ""
    signed_title: str = ""
    sender: str = ""
    recipient: str = ""
    recipient_name: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One material for one audience, ready to be rendered in any format."""

    kind: str
    code: str
    version: str
    title: str
    audience: str
    product: ProductFacts
    account: AccountFacts
    role: str
    template: TemplateFacts
    blocks: tuple[Block, ...]
    prepared: date
    valid_until: date | None
    status: Status = "approved"
    language: str = "en-US"
    market: str = "US"
    channel: str = "brief"
    page_size: PageSize = "letter"
    phase: str = ""
    meeting_date: date | None = None
    agenda: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    people: tuple[Stakeholder, ...] = ()
    most_pages: int | None = None
    footnotes: tuple[Footnote, ...] = ()
    references: tuple[Reference, ...] = ()
    isi: Block | None = None
    tokens: tuple[TokenValue, ...] = ()
    checks: tuple[CheckRun, ...] = ()
    approvals: tuple[Approval, ...] = ()
    copy: Copy | None = None
    validity: Validity | None = None
    letter: Letter | None = None
    format: Literal["clearcopy-document/1"] = "clearcopy-document/1"
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        """Keep what is internal out of a document that leaves the house."""
        if self.audience != "internal" and self.account.tier is not None:
            raise BrokenDocument(
                "The account's tier is internal: leave it out of a document for other audiences."
            )
        if self.audience != "internal" and self.people:
            raise BrokenDocument(
                "Who is who at the account is internal: leave it out for other audiences."
            )

    @property
    def parts(self) -> tuple[Block, ...]:
        """Every pinned block: modules in order, footnotes, safety information."""
        notes = tuple(note.block for note in self.footnotes)
        return (*self.blocks, *notes, *((self.isi,) if self.isi else ()))

    @property
    def content_sha256(self) -> str:
        """What a signature on the material binds: all of it but the signatures and the copy."""
        return sha256(asdict(replace(self, status="approved", approvals=(), copy=None)))


def to_json(document: Document) -> str:
    """Canonical JSON of the whole tree; equal documents give equal text."""
    return canonical_json(asdict(document))


def from_json(text: str | bytes) -> Document:
    """Read what ``to_json`` wrote; ``BrokenDocument`` names the first place that does not fit."""
    try:
        return _adapter().validate_json(text)
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "the document"
        raise BrokenDocument(f"This is not a document tree: {place}: {first['msg']}.") from None


@cache
def _adapter() -> TypeAdapter[Document]:
    return TypeAdapter(Document)
