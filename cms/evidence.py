"""The claims of a version with the words of the label they rest on, as they stand now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from claims_library.anchors import fold
from claims_library.models import ClaimVersion, LabelSection
from cms.addresses import link, version_url
from cms.formatting import day
from exports.models import MaterialVersion
from exports.validity import part_versions
from modules.models import ModuleVersion
from records.lifecycle import VersionState
from records.versions import Versioned

CONTEXT = 220
_UNSUPPORTED = {
    "not-found": "These words are not in that section of the label.",
    "quote-changed": "The claim is not what it was when this version was written.",
}


@dataclass
class Used:
    """One claim version with the variations that are used of it, and the hash it was pinned by."""

    claim: ClaimVersion
    pinned: str
    variations: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class _Place:
    before: str
    quote: str
    after: str
    found: bool


def evidence(session: Session, version: Versioned) -> list[dict[str, Any]]:
    """``Evidence`` of the review room: one entry for each claim, in reading order."""
    used = _used(session, version)
    sections = _sections(session, [each.claim for each in used])
    own = isinstance(version, ClaimVersion)
    return [_entry(each, _place(each.claim, sections), own=own) for each in used]


def _used(session: Session, version: Versioned) -> list[Used]:
    if isinstance(version, ClaimVersion):
        every = list(range(len(version.variations) + 1))
        return [Used(version, version.content_sha256, every)]
    if isinstance(version, ModuleVersion):
        return _pinned(session, [version])
    if isinstance(version, MaterialVersion):
        modules = part_versions(session, version)
        ordered = (modules.get(part["version"]) for part in version.parts)
        return _pinned(session, [module for module in ordered if module is not None])
    return []


def _pinned(session: Session, versions: Sequence[ModuleVersion]) -> list[Used]:
    pins = [pin for version in versions for pin in version.pins]
    rows = session.scalars(
        select(ClaimVersion)
        .where(ClaimVersion.id.in_({pin["version"] for pin in pins}))
        .options(joinedload(ClaimVersion.label_version))
    )
    claims = {row.id: row for row in rows}
    found: dict[int, Used] = {}
    for pin in pins:
        if pin["version"] in claims:
            each = found.setdefault(
                pin["version"], Used(claims[pin["version"]], pinned=pin["sha256"])
            )
            if pin["variation"] not in each.variations:
                each.variations.append(pin["variation"])
    return list(found.values())


def _sections(
    session: Session, claims: Iterable[ClaimVersion]
) -> Mapping[tuple[int, str, str], str]:
    """The folded text of every section these claims are anchored in, in one query."""
    wanted = {
        (claim.label_version_id, claim.anchor.get("section", ""), claim.anchor.get("number", ""))
        for claim in claims
    }
    if not wanted:
        return {}
    rows = session.execute(
        select(
            LabelSection.label_version_id,
            LabelSection.name,
            LabelSection.number,
            LabelSection.paragraphs,
        ).where(
            or_(
                *(
                    (LabelSection.label_version_id == label)
                    & (LabelSection.name == name)
                    & (LabelSection.number == number)
                    for label, name, number in wanted
                )
            )
        )
    )
    return {(label, name, number): fold(" ".join(text)) for label, name, number, text in rows}


def _place(claim: ClaimVersion, sections: Mapping[tuple[int, str, str], str]) -> _Place:
    """The quote with what stands around it in the label, cut where words end."""
    anchor, quote = claim.anchor, fold(claim.excerpt)
    key = (claim.label_version_id, anchor.get("section", ""), anchor.get("number", ""))
    text = sections.get(key, "")
    at = text.find(quote)
    if at < 0:
        # the quote runs on into a subsection: what the anchor wrote down beside it is enough
        prefix, suffix = anchor.get("prefix", ""), anchor.get("suffix", "")
        return _Place(prefix, quote, suffix, found=bool(prefix or suffix))
    end = at + len(quote)
    return _Place(_tail(text[:at]), quote, _head(text[end:]), found=True)


def _tail(text: str) -> str:
    if len(text) <= CONTEXT:
        return text
    return "… " + text[-CONTEXT:].partition(" ")[2]


def _head(text: str) -> str:
    if len(text) <= CONTEXT:
        return text
    return text[:CONTEXT].rpartition(" ")[0] + " …"


def _entry(used: Used, place: _Place, *, own: bool) -> dict[str, Any]:
    claim = used.claim
    state = _state(used, place, own=own)
    label = claim.label_version
    return {
        "code": claim.code,
        "url": version_url(claim),
        "wording": " / ".join(claim.wording(number) for number in used.variations),
        "state": state,
        "label": f"Label version {label.version}, {day(label.effective)}",
        "locator": _locator(claim),
        "before": place.before,
        "quote": place.quote,
        "after": place.after,
        "label_url": link("labels.show", set_id=label.set_id, version=label.version),
        "note": " ".join(_notes(claim, state)) or None,
    }


def _state(used: Used, place: _Place, *, own: bool) -> str:
    claim = used.claim
    if not place.found:
        return "not-found"
    if claim.content_hash() != used.pinned:
        return "quote-changed"
    if own or claim.state is VersionState.APPROVED:
        return "supported"
    return claim.state.value


def _locator(claim: ClaimVersion) -> str:
    paragraph = claim.anchor.get("paragraph")
    where = claim.locator.replace("_", " ")
    return where if paragraph is None else f"{where}, paragraph {paragraph + 1}"


def _notes(claim: ClaimVersion, state: str) -> Iterator[str]:
    if state in _UNSUPPORTED:
        yield _UNSUPPORTED[state]
    elif state != "supported":
        yield f"{claim.label} must be approved before this version can be."
    if claim.qualifiers:
        yield f"Always with: {', '.join(claim.qualifiers)}."
