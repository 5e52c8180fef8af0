"""The compiled library of a product as it is effective at a moment, for a market and audience.

Compiled once and kept until the trail has a new row or the day changes: everything that can make
a claim effective or stop it is recorded in the trail or is a date. What texts are checked with that
are being written is kept on disk too (``keeping``), for the other processes and the next start.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from claims_library.compiling import (
    ClaimText,
    Library,
    Passage,
    ProductFacts,
    Scope,
    compile_library,
    shared,
    updated_library,
)
from claims_library.keeping import Judged, LibraryStore
from claims_library.label_document import LabelDocument
from claims_library.models import Claim, ClaimVersion, Product
from claims_library.operations import current_label
from claims_library.validity import Use, objections
from records import audit
from records.database import reads_only
from records.vocabulary import Audience, Channel, Market

KEPT = 8
_BATCH = 500


@dataclass(frozen=True, slots=True)
class _Key:
    database: str
    product: int
    scope: Scope
    passages: tuple[Passage, ...]
    packs: tuple[str, ...]
    quick: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    trail: int
    hash: str
    day: date
    library: Library
    judged: Mapping[int, Judged]


_kept: OrderedDict[_Key, _Kept] = OrderedDict()
_lock = Lock()


def compiled(
    session: Session,
    product: Product,
    *,
    at: datetime,
    market: Market | None = None,
    audience: Audience | None = None,
    channel: Channel | None = None,
    passages: Sequence[Passage] = (),
    quick: bool = False,
) -> Library:
    """The library of what may be said of ``product`` at ``at`` (aware) for this use.

    The customer's own rule packs are what ``session.info["rules"]`` holds.

    When the trail has gone on, every claim's content and signatures are judged anew; with
    ``quick`` only those whose rows have changed. That is for texts that are being written: what
    may be used is never decided by it.

    Args:
        session: a session in a transaction.
        product: whose claims and label.
        at: the moment that decides which claims are effective.
        market: claims approved for this market only; None leaves it open, so do the next two.
        audience: the audience.
        channel: the channel.
        passages: further approved texts (ISI, footnotes, glue text) that are recognised.
        quick: whether what has been judged today is not judged again while its row is the same.
    """
    scope = Scope(market or "", audience or "", channel or "")
    key = _key(session, product, scope, passages=passages, quick=quick)
    head = audit.head(session)
    with _lock:
        kept = _kept.get(key)
        if kept is not None:
            _kept.move_to_end(key)
    if kept and (kept.trail, kept.hash, kept.day) == (head.number, head.hash, at.date()):
        return kept.library
    if quick and (kept is None or kept.day != at.date()):
        kept = _from_disk(session, key, at.date()) or kept
    use = Use(market=market, audience=audience, channel=channel)
    label = _label(session, product, at.date())
    # another label may have taken away the words that a claim rests on
    same = kept is not None and kept.day == at.date() and kept.library.label == label
    judged = _judged(session, product, at, use, kept.judged if quick and kept and same else {})
    claims = [each.text for each in judged.values() if each.text is not None]
    library = _compiled(product, claims, label, key, kept)
    with _lock:
        _kept[key] = _Kept(head.number, head.hash, at.date(), library, judged)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    if quick and (kept is None or library is not kept.library):
        _to_disk(session, key, at.date(), library, judged)
    return library


def is_on_disk(session: Session, product: Product, *, at: datetime, scope: Scope) -> bool:
    """Whether the library for texts that are being written can be had without compiling it."""
    store, use = _store(session), _use(_key(session, product, scope, quick=True))
    return store is None or store.has(use, at.date())


def _key(
    session: Session,
    product: Product,
    scope: Scope,
    *,
    passages: Sequence[Passage] = (),
    quick: bool,
) -> _Key:
    packs: tuple[str, ...] = session.info.get("rules", ())
    return _Key(
        str(session.get_bind().engine.url), product.id, scope, tuple(passages), packs, quick
    )


def _store(session: Session) -> LibraryStore | None:
    """Where this installation keeps them; tests and small commands keep none."""
    store = session.info.get("libraries")
    return store if isinstance(store, LibraryStore) else None


def _use(key: _Key) -> str:
    return repr((key.database, key.product, key.scope, key.passages, key.packs))


def _from_disk(session: Session, key: _Key, day: date) -> _Kept | None:
    store = _store(session)
    found = store.get(_use(key), day) if store is not None else None
    return None if found is None else _Kept(-1, "", day, *found)


def _to_disk(
    session: Session, key: _Key, day: date, library: Library, judged: Mapping[int, Judged]
) -> None:
    """Keep what was compiled whole; what a transaction may yet take back is not kept."""
    store = _store(session)
    whole = len(library.shelves) == 1 and not library.dead
    if store is not None and whole and reads_only(session):
        store.put(_use(key), day, library, judged)


def _label(session: Session, product: Product, day: date) -> LabelDocument | None:
    version = current_label(session, product.brand, on=day, upcoming=True)
    return None if version is None else version.document()


def _judged(
    session: Session, product: Product, at: datetime, use: Use, known: Mapping[int, Judged]
) -> dict[int, Judged]:
    """Every approved claim of a product, by code; what is ``known`` as it is now is kept.

    The rest is read in batches: ten thousand claims have thirty thousand signatures.
    """
    stamps = {
        id: str(stamp)
        for id, stamp in session.execute(
            # as the database has it: to make ten thousand dates of it would take most of the time
            select(ClaimVersion.id, type_coerce(ClaimVersion.updated_at, String))
            .join(Claim, Claim.approved_id == ClaimVersion.id)
            .where(Claim.product_id == product.id)
            .order_by(Claim.code)
        )
    }
    news = [id for id, stamp in stamps.items() if id not in known or known[id].stamp != stamp]
    fresh: dict[int, Judged] = {}
    for start in range(0, len(news), _BATCH):
        some = ClaimVersion.id.in_(news[start : start + _BATCH])
        versions = session.scalars(select(ClaimVersion).where(some)).all()
        found = objections(session, versions, at=at, use=use)
        for version in versions:
            text = None if found[version.id] else claim_text(version)
            fresh[version.id] = Judged(stamps[version.id], text)
    return {id: fresh[id] if id in fresh else known[id] for id in stamps}


def _compiled(
    product: Product,
    claims: list[ClaimText],
    label: LabelDocument | None,
    key: _Key,
    kept: _Kept | None,
) -> Library:
    facts = ProductFacts(
        product.brand,
        product.generic,
        product.boxed_warning,
        product.accelerated_approval,
        product.investigational,
        product.additional_monitoring,
    )
    if kept and kept.library.product == facts and kept.library.label == label:
        return updated_library(kept.library, claims)
    return compile_library(
        facts, claims, label=label, passages=key.passages, scope=key.scope, packs=key.packs
    )


def claim_text(version: ClaimVersion) -> ClaimText:
    """What a check needs of a claim version."""
    return ClaimText(
        code=version.code,
        text=version.text,
        variations=tuple(version.variations),
        type=version.type.value,
        pillar=version.pillar.value,
        indication=shared(version.indication),
        population=shared(version.population),
        qualifiers=shared(tuple(version.qualifiers)),
        companions=shared(tuple(version.companions)),
        audiences=shared(tuple(version.audiences)),
        channels=shared(tuple(version.channels)),
        markets=shared(tuple(version.markets)),
        reference=shared(version.reference),
        locator=shared(version.locator),
        excerpt=shared(version.excerpt),
    )
