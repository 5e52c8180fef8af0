"""What a writer asks for, and what would be proposed; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Account
from accounts.queries import visible_to
from accounts.tiering import tier_of
from claims_library.brands import product_named
from claims_library.models import LabelVersion, Product
from claims_library.operations import current_label
from exports import offering, personalising, rules, selecting, tokens
from exports.frame import of_json
from exports.kinds import kind_of
from exports.models import Material, MaterialVersion, TemplateVersion
from exports.offering import Ground
from exports.selecting import Offer, Wanted
from exports.templating import approved_template
from modules import content
from modules.models import ModuleVersion
from records import clock, roles
from records.errors import NotFound, Objection, refuse
from records.models import Person
from records.roles import Permission
from records.vocabulary import Market, ModuleKind, Phase, Role


@dataclass(frozen=True)
class Order:
    """What a writer asks for. ``like`` is the code of a material to begin from.

    ``unfilled``: modules that name a value which is not known are proposed too, as on a page, where
    it is given afterwards.
    """

    account: str
    product: str
    role: Role
    phase: Phase | None = None
    template: str = "brief"
    meeting_date: date | None = None
    agenda: tuple[str, ...] = ()
    like: str = ""
    unfilled: bool = True


@dataclass(frozen=True)
class Placed:
    """An order with the rows it names."""

    order: Order
    account: Account
    product: Product
    template: TemplateVersion
    label: LabelVersion
    ground: Ground


@dataclass(frozen=True)
class Proposal:
    """What a draft would begin with: the chosen offers in order, and how many more fit.

    ``not_carried`` are modules of the material it is made like, each with why it stays behind;
    ``unfilled`` are modules that fit but for a value that is not known.
    """

    placed: Placed
    chosen: tuple[Offer, ...]
    left_out: int
    not_carried: tuple[tuple[str, str], ...] = ()
    unfilled: tuple[tuple[str, str], ...] = ()


def place(session: Session, order: Order, *, actor: Person) -> Placed:
    """The rows an order names; ``NotFound`` or ``Refused`` when there are none for it."""
    roles.require(actor, Permission.ASSEMBLE)
    account = session.scalar(
        select(Account).where(Account.code == order.account, visible_to(actor))
    )
    if account is None:
        raise NotFound(f"There is no account {order.account}.")
    product = product_named(session, order.product)
    if product is None:
        raise NotFound(f"There is no product {order.product}.")
    refuse(product_objections(product))
    template = approved_template(session, order.template, Market.US)
    frame = of_json(template.frame)
    refuse(
        [
            *personalising.meeting_objections(order.meeting_date, clock.today()),
            *personalising.agenda_objections(order.agenda, frame),
        ]
    )
    label = current_label(session, product.brand)
    if label is None:
        raise NotFound(f"There is no label of {product.brand}.")
    wanted = Wanted(
        market=frame.market,
        audience=frame.audience or selecting.audience_for(order.role),
        channel=frame.channel,
        role=order.role,
        phase=order.phase or account.journey_phase or Phase.DISCOVERY,
        tier=tier_of(account).tier,
    )
    ground = Ground(product.id, wanted, frame, clock.now())
    return Placed(order, account, product, template, label, ground)


def propose(session: Session, placed: Placed) -> Proposal:
    """The offers a draft begins with; ``Refused`` when nothing fits. Writes nothing."""
    ground = placed.ground
    tagged = offering.tagged(session, ground)
    found = _filled(placed, tagged)
    # an agenda of chosen lines is printed; a second one beside it can still be added by hand
    lines = placed.order.agenda or ground.frame.usual_agenda
    fitting = [o for o in found if o.fits and not (lines and o.version.kind is ModuleKind.AGENDA)]
    demands = {code for offer in fitting for code in rules.demanded(offer.version)}
    demanded = _by_code(_filled(placed, offering.with_demands(session, ground, demands).values()))
    known = {offer.version.code for offer in fitting}
    further = [offer for code, offer in demanded.items() if code not in known]
    chosen = selecting.proposed([*fitting, *further], ground.frame)
    not_carried: tuple[tuple[str, str], ...] = ()
    if placed.order.like:
        other = _version_of(session, placed.order.like, placed.product)
        like = rules.chosen_codes(other.parts)
        wanted = _by_code(_filled(placed, offering.with_demands(session, ground, like).values()))
        # of another kind: places that were not in the other one are filled as usual
        fill = () if kind_of(other) == ground.frame.layout else chosen
        carried = selecting.carried(like, wanted, ground.frame, fill=fill)
        chosen, not_carried = list(carried.taken), carried.left
        demanded |= wanted
    usable = {o.version.code: o.version for o in (*fitting, *demanded.values()) if o.usable}
    refuse(_proposal_objections(placed, found, chosen, usable))
    taken = {offer.version.code for offer in chosen}
    brought = {slot.name for slot in ground.frame.slots if slot.companions_only}
    rest = [o for o in fitting if o.slot not in brought and o.version.code not in taken]
    fit = {offer.version.code for offer in tagged if offer.fits}
    unfilled = [o for o in found if o.version.code in fit and not o.fits]
    why = tuple((offer.version.code, offer.reasons[0]) for offer in unfilled)
    return Proposal(placed, tuple(chosen), len(rest), not_carried, why)


def _by_code(offers: Iterable[Offer]) -> dict[str, Offer]:
    return {offer.version.code: offer for offer in offers}


def _filled(placed: Placed, offers: Iterable[Offer]) -> list[Offer]:
    """The offers; those that name a value which is not known fit no more, unless it may come."""
    order, frame = placed.order, placed.ground.frame
    if order.unfilled:
        return list(offers)
    facts = personalising.facts_of(placed.account)
    values = personalising.values_of(facts, order.meeting_date, order.agenda or frame.usual_agenda)
    return [_if_filled(offer, values) for offer in offers]


def _if_filled(offer: Offer, values: Mapping[str, str]) -> Offer:
    lacking = [name for name in content.field_names(offer.version.body) if name not in values]
    if not lacking:
        return offer
    why = f"It needs {' and '.join(tokens.WORDS.get(name, name) for name in lacking)}."
    return replace(offer, fits=False, choosable=False, usable=False, reasons=(why,))


def _version_of(session: Session, code: str, product: Product) -> MaterialVersion:
    """The version in use of a material of the product, or its latest."""
    material = session.scalar(
        select(Material).where(Material.code == code, Material.product_id == product.id)
    )
    version = (material.approved or material.latest) if material is not None else None
    if version is None:
        raise NotFound(f"There is no material {code} of {product.brand}.")
    return version


def order_like(session: Session, code: str, *, template: str, actor: Person) -> Order:
    """An order for the same account, role, phase and meeting as a material's, in another template.

    Raises ``NotFound`` for a material that is not there or not in the person's territory.
    """
    roles.require(actor, Permission.ASSEMBLE)
    material = session.scalar(
        select(Material)
        .join(Account, Account.id == Material.account_id)
        .where(Material.code == code, visible_to(actor))
    )
    version = (material.approved or material.latest) if material is not None else None
    if material is None or version is None:
        raise NotFound(f"There is no material {code}.")
    meeting = personalising.read_date(version.frame.get("meeting_date", ""))
    frame = of_json(approved_template(session, template, material.market).frame)
    lines = version.tokens.get("agenda", "").split("\n")
    return Order(
        account=material.account.code,
        product=material.product.brand,
        role=Role(material.role),
        phase=Phase(material.phase),
        template=template,
        meeting_date=meeting if meeting is not None and meeting >= clock.today() else None,
        agenda=tuple(line for line in lines if line in frame.agenda),
        like=code,
    )


def product_objections(product: Product) -> Iterator[Objection]:
    """Why a product may not have promotional materials."""
    if product.investigational:
        sentence = f"{product.brand} is investigational and may not have promotional materials."
        yield Objection("investigational", sentence, where=product.brand)


def _proposal_objections(
    placed: Placed,
    found: Sequence[Offer],
    chosen: Sequence[Offer],
    usable: Mapping[str, ModuleVersion],
) -> Iterator[Objection]:
    """Why there is nothing to begin with, down to the companion that is missing."""
    codes = [offer.version.code for offer in found if offer.fits]
    lacking = [
        objection
        for objection in rules.assemble(codes, usable.get, placed.ground.frame).objections
        if objection.code == "module-not-usable"
    ]
    if not chosen and not lacking:
        yield Objection("nothing-fits", _nothing_fits(found), where=placed.order.account)
    taken = [offer.version.code for offer in chosen]
    if not chosen or rules.assemble(taken, usable.get, placed.ground.frame).objections:
        yield from lacking


def _nothing_fits(found: Sequence[Offer]) -> str:
    sample = next((f" {o.version.code}: {o.reasons[0]}" for o in found if o.reasons), "")
    return f"No approved module fits this account, role and phase.{sample}"
