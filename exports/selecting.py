"""Which modules fit a material, and why; which do not, and why not. Pure and deterministic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from exports import rules
from exports.frame import Frame
from modules.models import ModuleVersion
from records.errors import Objection
from records.vocabulary import Audience, Channel, Market, Phase, Pillar, Role, Tier


@dataclass(frozen=True)
class Wanted:
    """What a material is for."""

    market: Market
    audience: Audience
    channel: Channel
    role: Role
    phase: Phase
    tier: Tier


@dataclass(frozen=True)
class Offer:
    """One module with the reasons why it fits, or why not.

    ``fits``: it is offered. ``choosable``: a person may add it, as it only misses the journey
    phase. ``usable``: it may come as the companion of another, whatever role or tier it is for.
    """

    version: ModuleVersion
    slot: str
    fits: bool
    reasons: tuple[str, ...]
    score: int = 0
    choosable: bool = True
    usable: bool = True


def audience_for(role: Role) -> Audience:
    """Payers read payer wording; everybody else is a health care professional."""
    return Audience.PAYER if role is Role.PAYER else Audience.HCP


def offers(
    versions: Iterable[ModuleVersion],
    objections: Mapping[int, Sequence[Objection]],
    wanted: Wanted,
    frame: Frame,
) -> list[Offer]:
    """Judge every version; those that fit come first, best first, then the others by code."""
    found = [_judge(version, objections.get(version.id, ()), wanted, frame) for version in versions]
    return sorted(found, key=lambda offer: (not offer.fits, -offer.score, offer.version.code))


def _judge(
    version: ModuleVersion, objections: Sequence[Objection], wanted: Wanted, frame: Frame
) -> Offer:
    slot = frame.slot_of(version.code, version.kind)
    against = [objection.sentence for objection in objections]
    if slot is None:
        against.append(f"The template has no place for {version.kind.label.lower()}.")
    matches = (
        ("role", wanted.role, version.roles),
        ("phase", wanted.phase, version.phases),
        ("tier", wanted.tier, version.tiers),
    )
    missed = [name for name, word, allowed in matches if word.value not in allowed]
    for name, word, allowed in matches:
        if name in missed:
            against.append(_mismatch(name, word, allowed))
    if against:
        usable = slot is not None and not objections
        phase_only = usable and missed == ["phase"]
        place = slot.name if slot else ""
        return Offer(version, place, False, tuple(against), choosable=phase_only, usable=usable)
    reasons = tuple(f"{name.capitalize()} {word.label.lower()}" for name, word, _ in matches)
    return Offer(version, slot.name if slot else "", True, reasons, _score(version, wanted))


def _mismatch(name: str, word: Role | Phase | Tier, allowed: Sequence[str]) -> str:
    """It is for the role payer, not medical director."""
    labels = [type(word)(each).label.lower() for each in allowed]
    plural = "s" if len(labels) > 1 else ""
    return f"It is for the {name}{plural} {' and '.join(labels)}, not {word.label.lower()}."


def _score(version: ModuleVersion, wanted: Wanted) -> int:
    """A module written for few roles and phases is nearer to the point than one for all."""
    specific_role = len(Role) - len(version.roles)
    specific_phase = len(Phase) - len(version.phases)
    return 2 * specific_role + 3 * specific_phase + (1 if wanted.tier is Tier.STRATEGIC else 0)


def proposed(found: Sequence[Offer], frame: Frame) -> list[Offer]:
    """The offers a first draft starts with, in the frame's order.

    ``found`` are the offers that fit and everything they demand. Message slots take the best few,
    at least one of each pillar where there is one; slots that are filled by companions stay empty
    here. What would break a rule with what was taken before it is passed over, so that the
    proposal can always be assembled as it is.
    """
    usable = {offer.version.code: offer.version for offer in found if offer.usable}
    chosen: list[Offer] = []
    for slot in frame.slots:
        if slot.companions_only:
            continue
        fitting = [offer for offer in found if offer.fits and offer.slot == slot.name]
        most = frame.most_messages if slot.pillars else slot.most or len(fitting)
        taken: list[Offer] = []
        for offer in _in_turn(fitting, slot.pillars):
            if len(taken) < most and _agrees(offer, [*chosen, *taken], usable, frame):
                taken.append(offer)
        chosen += _by_pillar(taken, slot.pillars)
    return chosen


def _in_turn(fitting: Sequence[Offer], pillars: Sequence[Pillar]) -> list[Offer]:
    """The best of each pillar, then the second of each, and so on."""
    if not pillars:
        return list(fitting)
    queues = [[o for o in fitting if o.version.pillar is pillar] for pillar in pillars]
    return [offer for row in zip_longest(*queues) for offer in row if offer is not None]


def _by_pillar(taken: Sequence[Offer], pillars: Sequence[Pillar]) -> list[Offer]:
    if not pillars:
        return list(taken)
    order = list(pillars)
    return sorted(taken, key=lambda offer: (order.index(offer.version.pillar), -offer.score))


def _agrees(
    offer: Offer, taken: Sequence[Offer], usable: Mapping[str, ModuleVersion], frame: Frame
) -> bool:
    """Whether an offer, with all it brings, breaks no rule beside those taken already."""
    codes = [each.version.code for each in (*taken, offer)]
    assembly = rules.assemble(codes, usable.get, frame)
    return all(objection.code == "slot-empty" for objection in assembly.objections)


@dataclass(frozen=True)
class Carried:
    """What another material's choice comes to in a frame: what is taken, and what is not, why."""

    taken: tuple[Offer, ...]
    left: tuple[tuple[str, str], ...]


def carried(
    codes: Sequence[str], found: Mapping[str, Offer], frame: Frame, *, fill: Sequence[Offer] = ()
) -> Carried:
    """Carry a choice over into a frame, as far as its kind, channel and readers allow.

    Args:
        codes: what was chosen for the other material, in order.
        found: offers for the new one of these modules and of all they demand.
        frame: the new material's frame.
        fill: what would be proposed; taken for places to which nothing was carried.
    """
    usable = {code: offer.version for code, offer in found.items() if offer.usable}
    usable |= {offer.version.code: offer.version for offer in fill}
    taken: list[Offer] = []
    left: list[tuple[str, str]] = []
    for code in sorted(codes, key=lambda each: _rank(found.get(each), frame)):
        offer = found.get(code)
        if offer is None:
            left.append((code, "It is in the library no longer."))
        elif not offer.choosable:
            left.append((code, " ".join(offer.reasons)))
        elif reason := _no_room(offer, taken, usable, frame):
            left.append((code, reason))
        else:
            taken.append(offer)
    held = {offer.slot for offer in taken}
    taken += [
        offer
        for offer in fill
        if offer.slot not in held and not _no_room(offer, taken, usable, frame)
    ]
    return Carried(tuple(taken), tuple(left))


def _rank(offer: Offer | None, frame: Frame) -> int:
    """Where there is room for few, the pillars the frame names first come first."""
    pillars = [pillar for slot in frame.slots for pillar in slot.pillars]
    if offer is None or offer.version.pillar not in pillars:
        return len(pillars)
    return pillars.index(offer.version.pillar)


def _no_room(
    offer: Offer, taken: Sequence[Offer], usable: Mapping[str, ModuleVersion], frame: Frame
) -> str:
    """Why an offer cannot stand beside what was taken; empty when it can."""
    pillared = {slot.name for slot in frame.slots if slot.pillars}
    messages = sum(each.slot in pillared for each in taken)
    if offer.slot in pillared and messages >= frame.most_messages:
        return f"There is room for {frame.most_messages} of these modules."
    codes = [each.version.code for each in (*taken, offer)]
    against = [
        objection.sentence
        for objection in rules.assemble(codes, usable.get, frame).objections
        if objection.code != "slot-empty"
    ]
    return against[0] if against else ""
