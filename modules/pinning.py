"""Pinning: from the claim codes in a body to the exact claim versions a module version uses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from claims_library.models import Claim, ClaimVersion
from modules import content
from modules.content import ClaimRef
from modules.models import Module, ModuleClaim, ModuleVersion

Pin = dict[str, Any]


@dataclass(frozen=True)
class Pinned:
    """What a body's references resolve to; ``unknown`` are those that resolve to nothing."""

    pins: tuple[Pin, ...]
    versions: Mapping[str, ClaimVersion]
    unknown: tuple[ClaimRef, ...]


def usable_versions(session: Session, codes: Iterable[str]) -> dict[str, ClaimVersion]:
    """For each claim code its approved version, else its latest one."""
    rows = session.execute(
        select(Claim.code, ClaimVersion)
        .join(
            ClaimVersion,
            ClaimVersion.id == func.coalesce(Claim.approved_id, Claim.latest_id),
        )
        .where(Claim.code.in_(set(codes)))
    )
    return {row.code: row.ClaimVersion for row in rows}


def resolve(session: Session, body: str) -> Pinned:
    """Resolve every claim reference of ``body``, each (claim, variation) once, in reading order."""
    refs = tuple(dict.fromkeys(content.claim_refs(body)))
    versions = usable_versions(session, (ref.claim for ref in refs))
    known = [
        ref
        for ref in refs
        if ref.claim in versions and ref.variation <= len(versions[ref.claim].variations)
    ]
    return Pinned(
        pins=tuple(_pin(ref, versions[ref.claim]) for ref in known),
        versions=versions,
        unknown=tuple(ref for ref in refs if ref not in known),
    )


def _pin(ref: ClaimRef, version: ClaimVersion) -> Pin:
    return {
        "claim": ref.claim,
        "variation": ref.variation,
        "version": version.id,
        "sha256": version.content_sha256,
    }


def companion_codes(
    session: Session, product_id: int, pinned: Pinned, *, besides: str
) -> list[str]:
    """Module codes of the companions its claims demand (ISI, FN-…), by the naming convention.

    A companion ``FN-X`` of a product is the module of that product whose code ends in ``-M-FN-X``.
    A companion without a module is given as its bare code, which submitting objects to. A module
    (``besides``) does not accompany itself.
    """
    wanted = {code for claim in pinned.versions.values() for code in claim.companions}
    if not wanted:
        return []
    found = _by_prefix(session, product_id, wanted, besides.partition("-M-")[0])
    found |= _by_end(session, product_id, wanted - set(found))
    return sorted({found.get(name, name) for name in wanted} - {besides})


def _by_prefix(
    session: Session, product_id: int, wanted: Collection[str], prefix: str
) -> dict[str, str]:
    """Companions named like the module itself, which is the rule and needs no search."""
    usual = {f"{prefix}-M-{name}": name for name in wanted}
    codes = session.scalars(
        select(Module.code).where(Module.code.in_(usual), Module.product_id == product_id)
    )
    return {usual[code]: code for code in codes}


def _by_end(session: Session, product_id: int, wanted: Collection[str]) -> dict[str, str]:
    """Companions whose codes only end as they should."""
    if not wanted:
        return {}
    ends = [Module.code.endswith(f"-M-{name}", autoescape=True) for name in sorted(wanted)]
    codes = session.scalars(
        select(Module.code).where(Module.product_id == product_id, or_(*ends)).order_by(Module.code)
    ).all()
    found: dict[str, str] = {}
    for name in wanted:
        # an exact end: LIKE would not tell letter case apart
        matching = [code for code in codes if code.endswith(f"-M-{name}")]
        if matching:
            found[name] = matching[0]
    return found


def pin(session: Session, version: ModuleVersion) -> Pinned:
    """Write the version's pins and companions as its body demands now."""
    pinned = resolve(session, version.body)
    version.pins = list(pinned.pins)
    version.companions = companion_codes(
        session, version.module.product_id, pinned, besides=version.code
    )
    return pinned


def write_links(session: Session, version: ModuleVersion) -> None:
    """Repeat the pins as rows, for where-used."""
    session.execute(delete(ModuleClaim).where(ModuleClaim.module_version_id == version.id))
    ids = sorted({pin["version"] for pin in version.pins})
    if ids:
        session.execute(
            insert(ModuleClaim),
            [{"module_version_id": version.id, "claim_version_id": id} for id in ids],
        )


def pinned_claims(session: Session, versions: Iterable[ModuleVersion]) -> dict[int, ClaimVersion]:
    """Every claim version these module versions pin, by id, in one query."""
    ids = {pin["version"] for version in versions for pin in version.pins}
    if not ids:
        return {}
    rows = session.scalars(select(ClaimVersion).where(ClaimVersion.id.in_(ids)))
    return {row.id: row for row in rows}


class Worded(Protocol):
    """What the text of a claim is taken from."""

    def wording(self, variation: int = 0) -> str:
        """The claim's text, or its n-th variation."""


class Pinning(Protocol):
    """Whatever has the pins of a module version."""

    @property
    def pins(self) -> list[dict[str, Any]]: ...


class Wordings(NamedTuple):
    """The wordings of one claim version, without all that a claim has besides."""

    text: str
    variations: Sequence[str]

    def wording(self, variation: int = 0) -> str:
        """See ``ClaimVersion.wording``."""
        return self.text if variation == 0 else self.variations[variation - 1]


def pinned_wordings(session: Session, versions: Iterable[Pinning]) -> dict[int, Wordings]:
    """What every claim version that these pin says, by id: for texts that are only shown."""
    ids = {pin["version"] for version in versions for pin in version.pins}
    if not ids:
        return {}
    rows = session.execute(
        select(ClaimVersion.id, ClaimVersion.text, ClaimVersion.variations).where(
            ClaimVersion.id.in_(ids)
        )
    )
    return {row.id: Wordings(row.text, row.variations) for row in rows}


def wording_of(version: Pinning, claims: Mapping[int, Worded]) -> content.Wording:
    """The wording function of one version: by its own pins, never by what a claim says today."""
    by_ref = {
        (pin["claim"], pin["variation"]): claims[pin["version"]].wording(pin["variation"])
        for pin in version.pins
        if pin["version"] in claims
    }

    def wording(claim: str, variation: int) -> str:
        return by_ref.get((claim, variation), f"[[claim:{claim}]]")

    return wording
