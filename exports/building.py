"""From a stored material version to the frozen document tree that is rendered and proved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from claims_library.models import ClaimVersion
from exports import document as tree
from exports.citations import Numbered, Source, number
from exports.frame import of_json
from exports.mail.lettering import Addressed, letter_of
from exports.models import ControlledCopy, MaterialVersion
from exports.nodes import build_nodes
from exports.product_names import established_name, form_in_words
from exports.validity import part_versions
from mlr.standing import approvals
from modules import content
from modules.models import ModuleVersion
from modules.pinning import pinned_claims
from records.models import Signature
from records.vocabulary import Audience, ModuleKind, Phase, Role, Tier


def build(
    session: Session,
    version: MaterialVersion,
    *,
    base_url: str,
    copy: ControlledCopy | None = None,
    preview: bool = False,
    addressed: Addressed | None = None,
    ended: bool = False,
) -> tree.Document:
    """The document of a material version.

    Args:
        session: to read pinned parts and signatures.
        version: the material version.
        base_url: where this installation's validity pages are.
        copy: the controlled copy these bytes will be, if any.
        preview: mark the document as not approved for distribution.
        addressed: who a copy of an email is from and to.
        ended: as it was before parts or the version itself were superseded or withdrawn: to
            compare with a copy issued then, never to issue one.
    """
    modules = part_versions(session, version)
    claims = pinned_claims(session, modules.values())
    signatures = {
        id: standing.signatures
        for id, standing in approvals(session, list(modules.values()), ended=ended).items()
    }
    builder = _Builder(version, claims, signatures)
    blocks = {part["module"]: builder.block(modules[part["version"]]) for part in version.parts}
    numbered = _numbered(version, blocks, modules.values(), claims)
    material, frame = version.material, of_json(version.template_version.frame)
    own = approvals(session, [version], ended=ended)[version.id]
    return tree.Document(
        kind=frame.layout,
        code=version.code,
        version=version.version,
        title=version.title,
        audience=material.audience.value,
        product=_product(version),
        account=account_of(version),
        role=Role(version.frame["role"]).label,
        phase=Phase(version.frame["phase"]).label,
        template=tree.TemplateFacts(
            version.template_version.code,
            version.template_version.version,
            version.template_version.content_sha256,
        ),
        blocks=numbered.blocks,
        footnotes=numbered.footnotes,
        references=numbered.references,
        isi=numbered.isi,
        prepared=version.prepared_on,
        valid_until=version.valid_until,
        # what does not stand approved says so on every page, whatever its state column says
        status="approved" if own.holds and not preview else "preview",
        market=material.market.value,
        channel=material.channel.value,
        page_size=frame.page_size,
        meeting_date=_day(version.frame.get("meeting_date", "")),
        agenda=_agenda(version.tokens),
        checklist=frame.checklist,
        people=_people(version.facts) if frame.people else (),
        most_pages=frame.most_pages,
        tokens=tuple(
            tree.TokenValue(name, value) for name, value in sorted(version.tokens.items())
        ),
        approvals=tuple(approval_of(each) for each in own.signatures),
        checks=tuple(tree.CheckRun(**each) for each in version.frame.get("checks", ())),
        copy=copy_of(copy) if copy is not None else None,
        validity=tree.Validity(
            f"{base_url.rstrip('/')}/v/{version.validity_code}", version.validity_code
        ),
        letter=letter_of(version, frame, base_url=base_url, addressed=addressed),
    )


def _numbered(
    version: MaterialVersion,
    blocks: Mapping[str, tree.Block],
    modules: Collection[ModuleVersion],
    claims: Mapping[int, ClaimVersion],
) -> Numbered:
    """The running text in its order, footnotes and safety information apart, with references."""
    kinds = {module.code: module.kind for module in modules}
    footnotes = {code: blocks[code] for code, kind in kinds.items() if kind is ModuleKind.FOOTNOTE}
    return number(
        [
            blocks[part["module"]]
            for part in version.parts
            if kinds[part["module"]] not in (ModuleKind.ISI, ModuleKind.FOOTNOTE)
        ],
        isi=next((blocks[code] for code, kind in kinds.items() if kind is ModuleKind.ISI), None),
        sources={claim.code: _sources(claim) for claim in claims.values()},
        footnotes=footnotes,
        notes_of_claim=_notes_of_claims(claims, footnotes),
        notes_of_module={
            module.code: [code for code in module.requires if code in footnotes]
            for module in modules
        },
    )


class _Builder:
    """Makes blocks of one material version."""

    def __init__(
        self,
        version: MaterialVersion,
        claims: Mapping[int, ClaimVersion],
        signatures: Mapping[int, tuple[Signature, ...]],
    ) -> None:
        self.values = dict(version.tokens)
        if agenda := _agenda(self.values):
            self.values["agenda"] = "; ".join(agenda)
        self.claims = claims
        self.signatures = signatures

    def block(self, module: ModuleVersion) -> tree.Block:
        pinned = {
            (pin["claim"], pin["variation"]): self.claims[pin["version"]] for pin in module.pins
        }
        return tree.Block(
            module=module.code,
            version=module.version,
            sha256=module.content_sha256,
            kind=module.kind.value,
            pillar=module.pillar.label,
            title=module.title,
            body=build_nodes(
                content.parse(module.body),
                claim_text={key: claim.wording(key[1]) for key, claim in pinned.items()},
                values=self.values,
                where=module.code,
            ),
            claims=tuple(_use(claim) for claim in dict.fromkeys(pinned.values())),
            approvals=tuple(approval_of(each) for each in self.signatures.get(module.id, ())),
        )


def _use(claim: ClaimVersion) -> tree.ClaimUse:
    return tree.ClaimUse(
        claim=claim.code,
        version=claim.version,
        sha256=claim.content_sha256,
        type=claim.type.value,
        anchor=f"{claim.locator}, paragraph {claim.anchor.get('paragraph', 0) + 1}",
        reference=claim.reference if claim.reference != "LABEL" else claim.label_ref,
    )


def _sources(claim: ClaimVersion) -> tuple[Source, ...]:
    if claim.reference != "LABEL":
        return (Source(f"ref:{claim.reference}", claim.reference, claim.locator),)
    label = claim.label_version
    product = label.product
    text = (
        f"{product.brand} ({established_name(product.generic)}) prescribing information."
        f"{f' {product.manufacturer};' if product.manufacturer else ''} {_month(label.effective)}."
    )
    return (Source(f"label:{claim.label_ref}", text, claim.locator.split(" ", maxsplit=1)[0]),)


def _month(day: date) -> str:
    return f"{day:%B %Y}"


def _notes_of_claims(
    claims: Mapping[int, ClaimVersion], footnotes: Mapping[str, Any]
) -> dict[str, list[str]]:
    return {
        claim.code: [
            code for name in claim.companions for code in footnotes if code.endswith(f"-M-{name}")
        ]
        for claim in claims.values()
    }


def _agenda(tokens: Mapping[str, str]) -> tuple[str, ...]:
    chosen = tokens.get("agenda", "")
    return tuple(chosen.split("\n")) if chosen else ()


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def approval_of(signature: Signature) -> tree.Approval:
    """A signature as documents tell it."""
    return tree.Approval(
        name=signature.printed_name,
        discipline=signature.discipline,
        meaning=signature.meaning,
        at=signature.at,
        signature=str(signature.id),
    )


def _product(version: MaterialVersion) -> tree.ProductFacts:
    product = version.material.product
    return tree.ProductFacts(
        brand=product.brand,
        generic=established_name(product.generic),
        form=form_in_words(product.dosage_form),
        manufacturer=product.manufacturer,
    )


def account_of(version: MaterialVersion) -> tree.AccountFacts:
    """The account's facts as the version pins them."""
    facts = version.facts
    internal = version.material.audience is Audience.INTERNAL
    return tree.AccountFacts(
        number=facts["code"],
        name=facts["name"],
        city=facts["city"],
        state=facts["state"],
        care_setting=facts["care_setting"],
        type=facts["type"],
        tier=Tier(version.frame["tier"]).label if internal else None,
    )


def _people(facts: Mapping[str, Any]) -> tuple[tree.Stakeholder, ...]:
    return tuple(
        tree.Stakeholder(Role(each["role"]).label, each["name"], each["title"])
        for each in facts.get("people", ())
    )


def copy_of(copy: ControlledCopy) -> tree.Copy:
    """A numbered copy as it is printed."""
    return tree.Copy(
        number=f"{copy.number:04d}",
        issued_to=copy.holder.name,
        issued_at=copy.issued_at,
        purpose=copy.purpose,
    )
