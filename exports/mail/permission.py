"""Who may be written to, now: a consent that is later than every reason against it.

Asked at the moment of sending (R-808). An opt-out counts at once and in every campaign (R-702); it
ends only by a consent given on a later day, which is somebody's signed statement, never a re-import
of the old one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.naming import is_address
from exports.mail.models import Consent, Suppression, Why, address_hash, normalised
from records import audit, clock, roles
from records.actions import Action
from records.errors import Objection, refuse
from records.models import Person
from records.roles import Permission

_WHY = {
    Why.OPT_OUT: "asked not to be written to",
    Why.BOUNCE: "could not be delivered to",
}


@dataclass(frozen=True)
class Standing:
    """Whether an address may be written to: on which consent, or why not."""

    consent: Consent | None
    objection: Objection | None


def standings(session: Session, addresses: Iterable[str]) -> dict[str, Standing]:
    """How each address stands in this second; two queries for all of them."""
    hashes = {address_hash(each): each for each in addresses}
    consents = _latest_consents(session, hashes)
    against = _latest_suppressions(session, hashes)
    return {
        address: _standing(address, consents.get(key), against.get(key))
        for key, address in hashes.items()
    }


def _standing(address: str, consent: Consent | None, against: Suppression | None) -> Standing:
    if against is not None and (consent is None or consent.given_on <= against.at.date()):
        sentence = f"{address} {_WHY[against.why]} since {against.at:%d %B %Y}."
        instead = "Only a new consent, given on a later day, changes that."
        return Standing(None, Objection(against.why.value, sentence, address, instead))
    if consent is None:
        sentence = f"There is no consent of {address} to be written to."
        instead = "Record the consent with its basis first."
        return Standing(None, Objection("no-consent", sentence, address, instead))
    return Standing(consent, None)


def _latest_consents(session: Session, hashes: Iterable[str]) -> dict[str, Consent]:
    rows = session.scalars(
        select(Consent)
        .where(Consent.address_sha256.in_(list(hashes)))
        .order_by(Consent.given_on, Consent.id)
    )
    return {row.address_sha256: row for row in rows}


def _latest_suppressions(session: Session, hashes: Iterable[str]) -> dict[str, Suppression]:
    rows = session.scalars(
        select(Suppression)
        .where(Suppression.address_sha256.in_(list(hashes)))
        .order_by(Suppression.at, Suppression.id)
    )
    return {row.address_sha256: row for row in rows}


def record_consent(
    session: Session, address: str, *, basis: str, given_on: date, actor: Person
) -> Consent:
    """Keep that somebody agreed, when, and on what that rests.

    Raises ``Refused`` for no address, no basis, or a day that has not come.
    """
    roles.require(actor, Permission.KEEP_ACCOUNTS)
    refuse(_consent_objections(address, basis, given_on))
    key = address_hash(address)
    known = session.scalar(
        select(Consent).where(
            Consent.address_sha256 == key,
            Consent.given_on == given_on,
            Consent.basis == basis.strip(),
        )
    )
    if known is not None:
        return known
    consent = Consent(
        address_sha256=key,
        address=normalised(address),
        basis=basis.strip(),
        given_on=given_on,
        recorded_at=clock.now(),
        recorded_by_id=actor.id,
    )
    session.add(consent)
    session.flush()
    audit.record(
        session,
        Action.EMAIL_CONSENT,
        actor=actor,
        subject=(Consent.KIND, consent.id, f"consent {key[:12]}"),
        reason=consent.basis,
        after={"address_sha256": key, "given_on": given_on},
    )
    return consent


def _consent_objections(address: str, basis: str, given_on: date) -> Iterator[Objection]:
    if not is_address(address.strip()):
        yield Objection("address", f"{address.strip()!r} is no email address.", "address")
    if not basis.strip():
        yield Objection("basis", "Say on what the consent rests: form, date, event.", "basis")
    if len(basis) > 300:
        yield Objection("basis", "At most 300 characters fit here.", "basis")
    if given_on > clock.today():
        yield Objection("given_on", "A consent cannot be given in the future.", "given_on")


def suppress(
    session: Session,
    key: str,
    *,
    why: Why,
    source: str,
    actor: Person | None = None,
    detail: str = "",
    copy_number: int | None = None,
) -> bool:
    """Stop writing to an address from this second on; False when that is so already.

    ``key`` is the address's hash. Nobody's permission is needed for stopping (R-804).
    """
    former = _latest_suppressions(session, [key]).get(key)
    consent = _latest_consents(session, [key]).get(key)
    again = former is not None and (consent is None or consent.given_on <= former.at.date())
    if again and former is not None and former.why in (why, Why.OPT_OUT):
        return False
    row = Suppression(
        address_sha256=key,
        why=why,
        at=clock.now(),
        source=source[:60],
        detail=detail[:300],
        copy_number=copy_number,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        Action.EMAIL_SUPPRESS,
        actor=actor,
        subject=(Suppression.KIND, row.id, f"suppression {key[:12]}"),
        reason=detail[:300],
        after={"address_sha256": key, "why": why, "source": source[:60], "copy": copy_number},
    )
    return True


def opt_out(session: Session, addresses: Sequence[str], *, source: str, actor: Person) -> int:
    """Record opt-outs that came by telephone, post or reply; returns how many were new."""
    refuse(
        Objection("address", f"{each!r} is no email address.", each)
        for each in addresses
        if not is_address(each.strip())
    )
    return sum(
        suppress(session, address_hash(each), why=Why.OPT_OUT, source=source, actor=actor)
        for each in addresses
    )
