"""What people do with the claims library: import labels and claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from claims_library.brands import product_named
from claims_library.claim_file import product_of, read_claims
from claims_library.label_document import LabelDocument, LabelSection
from claims_library.labels import read_label
from claims_library.landing import difference, land, values_of
from claims_library.models import Claim, LabelVersion, Product
from claims_library.models import LabelSection as SectionRow
from claims_library.product_facts import has_boxed_warning, is_accelerated
from records import audit, clock, files, roles
from records.actions import Action
from records.models import Person
from records.problems import BadInput, Problem, reject
from records.roles import Permission


@dataclass(frozen=True)
class ImportReport:
    """What an import did, by code."""

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


def import_label(
    session: Session, data: bytes, *, filename: str, actor: Person, dry_run: bool = False
) -> ImportReport:
    """Import one label version beside the older ones; the product is made at its first label.

    Importing the same text again changes nothing; another text under a known set id and version
    is refused, since claims are anchored in what was imported first.
    """
    roles.require(actor, Permission.IMPORT_LABELS)
    document = read_label(data, filename=filename)
    name = f"{document.brand_name} label {document.version}"
    known = session.scalar(
        select(LabelVersion).where(
            LabelVersion.set_id == document.set_id, LabelVersion.version == document.version
        )
    )
    if known is not None:
        if not _says_the_same(known, document):
            raise reject(
                filename,
                f"Version {document.version} of this label was imported before with other "
                "content. A changed label has a higher version.",
                field="version",
                code="label-differs",
            )
        return ImportReport(unchanged=(name,))
    if not dry_run:
        _land_label(session, document, data, filename=filename, actor=actor)
    return ImportReport(created=(name,))


def _says_the_same(known: LabelVersion, document: LabelDocument) -> bool:
    """The same bytes, or the same sections from the same day in a file that was written anew."""
    if known.source_sha256 == document.source_sha256:
        return True
    return (known.effective, known.document().sections) == (document.effective, document.sections)


def _land_label(
    session: Session, document: LabelDocument, data: bytes, *, filename: str, actor: Person
) -> None:
    product = _product(session, document, actor=actor)
    files.store_of(session).put(session, data, "application/octet-stream")
    label = LabelVersion(
        product_id=product.id,
        set_id=document.set_id,
        version=document.version,
        effective=document.effective,
        source_name=filename[:200],
        source_kind=document.kind,
        source_sha256=document.source_sha256,
        imported_at=clock.now(),
        imported_by_id=actor.id,
        sections=[_section(section) for section in document.sections],
    )
    session.add(label)
    session.flush()
    audit.record(
        session,
        Action.LABEL_IMPORT,
        actor=actor,
        subject=(LabelVersion.KIND, label.id, f"{product.brand} label {label.version}"),
        after={"set_id": label.set_id, "version": label.version, "sha256": label.source_sha256},
    )


def _product(session: Session, document: LabelDocument, *, actor: Person) -> Product:
    product = product_named(session, document.brand_name)
    if product is not None:
        _keep_flags(session, product, document, actor=actor)
        return product
    product = Product(
        brand=document.brand_name,
        generic=document.generic_name,
        manufacturer=document.manufacturer,
        application_number=document.application_number,
        boxed_warning=has_boxed_warning(document),
        accelerated_approval=is_accelerated(document),
        created_at=clock.now(),
    )
    session.add(product)
    session.flush()
    audit.record(
        session,
        Action.PRODUCT_CREATE,
        actor=actor,
        subject=(Product.KIND, product.id, product.brand),
        after={"generic": product.generic, "boxed_warning": product.boxed_warning},
    )
    return product


def _keep_flags(
    session: Session, product: Product, document: LabelDocument, *, actor: Person
) -> None:
    """Let the flags that rules depend on follow the label in force.

    Of a label that is still to take effect, what makes rules stricter counts at once; an older
    label that is brought later changes nothing.
    """
    day = clock.today()
    current = current_label(session, product.brand, on=day)
    if current is not None and (current.effective, current.version) > (
        document.effective,
        document.version,
    ):
        return
    before = {"boxed_warning": product.boxed_warning, "accelerated": product.accelerated_approval}
    after = {"boxed_warning": has_boxed_warning(document), "accelerated": is_accelerated(document)}
    if document.effective > day:
        after = {name: value or before[name] for name, value in after.items()}
    if after == before:
        return
    product.boxed_warning, product.accelerated_approval = after.values()
    audit.record(
        session,
        Action.PRODUCT_CHANGE,
        actor=actor,
        subject=(Product.KIND, product.id, product.brand),
        reason=f"Label version {document.version}",
        before=before,
        after=after,
    )


def _section(section: LabelSection) -> SectionRow:
    return SectionRow(
        position=section.position,
        code=section.code,
        name=section.name,
        number=section.number,
        title=section.title,
        paragraphs=list(section.paragraphs),
    )


def current_label(
    session: Session, brand: str, *, on: date | None = None, upcoming: bool = False
) -> LabelVersion | None:
    """The label version of a product in force on a day (today), the newest of them.

    A version whose effective date is still to come is imported beforehand so that claims can be
    prepared; it counts only with ``upcoming``, and then only where nothing is in force yet.
    """
    day = on or clock.now().date()
    product = product_named(session, brand)
    if product is None:
        return None
    of_brand = select(LabelVersion).where(LabelVersion.product_id == product.id)
    newest = of_brand.order_by(LabelVersion.effective.desc(), LabelVersion.version.desc()).limit(1)
    label = session.scalar(newest.where(LabelVersion.effective <= day))
    if label is None and upcoming:
        label = session.scalar(of_brand.order_by(LabelVersion.effective).limit(1))
    return label


def import_claims(
    session: Session, data: bytes, *, filename: str, actor: Person, dry_run: bool = False
) -> ImportReport:
    """Import a claims file, all or nothing; every claim lands as an unsigned draft.

    A claim whose content is what its latest version says is left alone, so an import can be run
    twice; a changed one becomes the next draft. Raises ``BadInput`` with every problem of the file.
    """
    roles.require(actor, Permission.KEEP_CLAIMS)
    brand = product_of(data, filename=filename)
    label = current_label(session, brand, upcoming=True)
    if label is None:
        raise BadInput(
            [
                Problem(
                    filename,
                    2,
                    "product",
                    f"There is no label of {brand!r} to find the evidence in: import it first.",
                    "no-label",
                )
            ]
        )
    read = read_claims(data, filename=filename, label=label.document())
    if read.problems:
        raise BadInput(read.problems)
    done: dict[str, list[str]] = {"created": [], "changed": [], "unchanged": []}
    known = {
        claim.code: claim
        for claim in session.scalars(
            select(Claim).where(Claim.code.in_([row.claim_id for row in read.rows]))
        )
    }
    for row in read.rows:
        claim = known.get(row.claim_id)
        values = values_of(row, label)
        what = difference(claim, values)
        done[what].append(row.claim_id)
        if not dry_run and what != "unchanged":
            land(session, claim, row.claim_id, values, label, actor=actor)
    return ImportReport(**{what: tuple(codes) for what, codes in done.items()})
