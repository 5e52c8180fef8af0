"""Assembling a chunk: one composition put together and checked once, written for many accounts.

The first document of a chunk goes the way of a single material. The others get its parts, its frame
and the result of its checks, and values of their own, each of which is checked. All stand in review
afterwards, as parts of one batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from exports import checks, numbering, operations, personalising, tokens
from exports.bulk.chunks import left, locked
from exports.bulk.models import BulkDocument, DocumentState, RunState
from exports.bulk.reviewing import close_list
from exports.bulk.wishes import Wish, of_json
from exports.frame import of_json as frame_of
from exports.models import Material, MaterialPart, MaterialVersion
from exports.review import MATERIALS
from exports.validity import part_versions
from modules import content
from records import audit, clock
from records.actions import Action
from records.audit import Entry
from records.canonical import sha256
from records.errors import DomainError
from records.lifecycle import VersionState
from records.models import Person


def assemble_chunk(session: Session, run_id: int, first: int, last: int) -> None:
    """Assemble the planned documents of a range of places, in the caller's transaction."""
    run = locked(session, run_id)
    if run.paused or run.state is not RunState.ASSEMBLING:
        return
    documents = session.scalars(
        select(BulkDocument)
        .where(
            BulkDocument.run_id == run.id,
            BulkDocument.place.between(first, last),
            BulkDocument.state == DocumentState.PLANNED,
        )
        .order_by(BulkDocument.place)
    ).all()
    actor, wish = session.get_one(Person, run.created_by_id), of_json(run.wish)
    exemplar, rest = _first(session, documents, wish, actor=actor)
    if exemplar is not None and rest:
        _Copier(session, exemplar, wish, actor).copy(rest)
    session.flush()
    if left(session, run) == 0:
        close_list(session, run, actor=actor)


def _first(
    session: Session, documents: Sequence[BulkDocument], wish: Wish, *, actor: Person
) -> tuple[MaterialVersion | None, Sequence[BulkDocument]]:
    """The first document that can be assembled, and those after it."""
    for at, document in enumerate(documents):
        try:
            with session.begin_nested():
                version = operations.assemble(
                    session, wish.order(document.account.code, document.role), actor=actor
                )
                MATERIALS.prepare(session, version)
                problems = [str(each) for each in MATERIALS.submit_objections(session, version)]
                if problems:
                    raise _NotLikeThis(" ".join(problems))
                version.state = VersionState.IN_REVIEW
                version.seal_content()
                session.flush()
                _record(session, Action.MATERIAL_SUBMIT, [version], actor=actor)
        except DomainError as error:
            document.state, document.reason = DocumentState.REFUSED, str(error)[:2000]
            continue
        _hold(document, version.id, version.content_sha256)
        return version, documents[at + 1 :]
    return None, ()


class _NotLikeThis(DomainError):
    """Pre-flight or a check stops the document; nothing of it stays."""


def _hold(document: BulkDocument, version_id: int, content_sha256: str) -> None:
    document.state = DocumentState.ASSEMBLED
    document.material_version_id = version_id
    document.content_sha256 = content_sha256


def _record(session: Session, action: Action, versions: Sequence[Any], *, actor: Person) -> None:
    audit.record_many(session, [Entry(action, each.subject) for each in versions], actor=actor)


@dataclass
class _Copier:
    """Writes the like of one version for other accounts."""

    session: Session
    exemplar: MaterialVersion
    wish: Wish
    actor: Person

    def __post_init__(self) -> None:
        self.frame = frame_of(self.exemplar.template_version.frame)
        self.forbidden = personalising.forbidden(self.session, self.exemplar.material.product)
        modules = part_versions(self.session, self.exemplar)
        self.fields = {name for each in modules.values() for name in content.field_names(each.body)}
        self.order = self.wish.order("", self.exemplar.material.role)
        self.checks = checks.Alike(self.session, self.exemplar)

    def copy(self, documents: Sequence[BulkDocument]) -> None:
        fit = [(each, values) for each in documents if (values := self._values(each)) is not None]
        if not fit:
            return
        codes = numbering.material_codes(self.session, self.frame.material_prefix, len(fit))
        materials = self._insert_materials([each for each, _ in fit], codes)
        rows = [
            self._version(material, code, document, values)
            for (document, values), material, code in zip(fit, materials, codes, strict=True)
        ]
        if self.fields & set(personalising.FROM_THE_ACCOUNT):
            self._check_each(rows)
        ids = self._insert_versions(rows)
        for (document, _), row, id in zip(fit, rows, ids, strict=True):
            _hold(document, id, row["content_sha256"])
        self._record(rows, ids)

    def _values(self, document: BulkDocument) -> tuple[dict[str, Any], dict[str, str]] | None:
        """Facts and values of a document, or its refusal."""
        facts = personalising.facts_of(document.account)
        values = personalising.values_of(facts, self.order.meeting_date, self.order.agenda)
        lacking = {name: "" for name in self.fields if name not in values}
        problems = tokens.objections({**values, **lacking}, self.forbidden)
        problems += self.checks.value_objections(values)
        if problems:
            document.state = DocumentState.REFUSED
            document.reason = " ".join(map(str, problems))[:2000]
            return None
        return facts, values

    def _draft(self, values: dict[str, str]) -> MaterialVersion:
        """The exemplar with other values, as the checks read it; no row of any table."""
        like = self.exemplar
        held = ("material", "template_version", "parts", "frame")
        draft = SimpleNamespace(tokens=values, **{name: getattr(like, name) for name in held})
        return cast(MaterialVersion, draft)

    def _insert_materials(
        self, documents: Sequence[BulkDocument], codes: Sequence[str]
    ) -> list[int]:
        like, now = self.exemplar.material, clock.now()
        shared = {
            name: getattr(like, name)
            for name in ("product_id", "role", "phase", "market", "audience", "channel")
        }
        rows = [
            {
                **shared,
                "code": code,
                "account_id": document.account_id,
                "owner_id": self.actor.id,
                "created_at": now,
            }
            for document, code in zip(documents, codes, strict=True)
        ]
        statement = insert(Material).returning(Material.id, sort_by_parameter_order=True)
        return list(self.session.scalars(statement, rows))

    def _version(
        self,
        material_id: int,
        code: str,
        document: BulkDocument,
        given: tuple[dict[str, Any], dict[str, str]],
    ) -> dict[str, Any]:
        like, (facts, values), now = self.exemplar, given, clock.now()
        brand = like.material.product.brand
        version = {
            "title": self.frame.title_pattern.format(brand=brand, account=facts["name"]),
            "frame": like.frame,
            "facts": facts,
            "parts": like.parts,
            "tokens": values,
            "free_text": "",
            "prepared_on": like.prepared_on,
            "valid_until": like.valid_until,
            "validity_code": numbering.new_validity_code(),
        }
        signed = {"kind_of": MaterialVersion.KIND, "code": code, **version}
        return {
            **version,
            "code": code,
            "material_id": material_id,
            "template_version_id": like.template_version_id,
            "label_version_id": like.label_version_id,
            "author_id": self.actor.id,
            "created_at": now,
            "updated_at": now,
            "state": VersionState.IN_REVIEW,
            "content_sha256": sha256(signed),
            "major": like.major,
            "minor": like.minor,
            "revision": 1,
        }

    def _check_each(self, rows: Sequence[dict[str, Any]]) -> None:
        """Values that stand in running text change what was checked: check each text."""
        for row in rows:
            checked = self.checks.run(self._draft(row["tokens"]))
            row["frame"] = {**row["frame"], "checks": checked}
            names = ("code", *MaterialVersion.CONTENT)
            signed = {name: row[name] for name in names}
            row["content_sha256"] = sha256({"kind_of": MaterialVersion.KIND, **signed})

    def _insert_versions(self, rows: Sequence[dict[str, Any]]) -> list[int]:
        session = self.session
        statement = insert(MaterialVersion).returning(
            MaterialVersion.id, sort_by_parameter_order=True
        )
        ids = list(session.scalars(statement, rows))
        table = Material.__table__
        session.connection().execute(
            update(Material)
            .where(table.c.id == bindparam("thing"))
            .values(latest_id=bindparam("new")),
            [{"thing": row["material_id"], "new": id} for row, id in zip(rows, ids, strict=True)],
        )
        held = sorted({part["version"] for part in self.exemplar.parts})
        session.execute(
            insert(MaterialPart),
            [{"material_version_id": id, "module_version_id": part} for id in ids for part in held],
        )
        return ids

    def _record(self, rows: Sequence[dict[str, Any]], ids: Sequence[int]) -> None:
        modules = [part["module"] for part in self.exemplar.parts]
        entries = []
        for row, id in zip(rows, ids, strict=True):
            subject = (MaterialVersion.KIND, id, f"{row['code']} {row['major']}.{row['minor']}")
            after = {
                "account": row["facts"]["code"],
                "role": self.exemplar.material.role,
                "template": self.exemplar.template_version.label,
                "modules": modules,
            }
            entries += [
                Entry(Action.MATERIAL_ASSEMBLE, subject, after=after),
                Entry(Action.MATERIAL_SUBMIT, subject),
            ]
        audit.record_many(self.session, entries, actor=self.actor)
