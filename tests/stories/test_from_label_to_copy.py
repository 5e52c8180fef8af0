"""The whole way: a label and its files, reviewed by three people, to a copy in a rep's hands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from accounts.operations import import_accounts
from claims_library.operations import import_claims, import_label
from cms.installation import load_tables
from cms.kinds import CYCLES, KINDS
from exports import copies, frame, operations, preflight, validity
from exports.brand import Brand
from exports.models import ControlledCopy, MaterialVersion
from exports.operations import Order
from exports.templating import import_template
from mlr.engine import PERMISSION
from mlr.models import ReviewTask, Verdict
from mlr.standing import approval
from modules.models import Module
from modules.module_file import collect
from modules.operations import import_modules, new_draft
from records import audit, passwords, people
from records.database import Sessions, make_engine
from records.errors import Refused
from records.files import FileStore
from records.keys import Keyring
from records.models import Person
from records.roles import StaffRole, may
from records.vocabulary import Phase, Role
from tests.conftest import Clock
from tests.shared import shared

PASSWORD = "a long enough secret 42"
ROLES = {
    "writer": StaffRole.WRITER,
    "librarian": StaffRole.LIBRARIAN,
    "medical": StaffRole.MEDICAL,
    "legal": StaffRole.LEGAL,
    "regulatory": StaffRole.REGULATORY,
    "rep": StaffRole.REP,
    "elsewhere": StaffRole.REP,
}
PRODUCTS = {
    "kisqali": ("KISQALI", "kisqali_NDA209092.json"),
    "tagrisso": ("TAGRISSO", "tagrisso_NDA208065.json"),
}
PRESS = copies.Press(Brand("Example company"), "https://clearcopy.example")


@dataclass
class House:
    """One installation with its people."""

    sessions: Sessions
    brand: str

    def who(self, session: Session, name: str) -> Person:
        return people.by_email(session, f"{name}@example.org")


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the least cost: hundreds of signatures are given here."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)


@pytest.fixture(params=list(PRODUCTS))
def house(
    request: pytest.FixtureRequest,
    database_url: str,
    keyring: Keyring,
    tmp_path: Path,
    quick_passwords: None,
) -> Iterator[House]:
    """Everything imported, submitted and signed for one real product."""
    brand, label = PRODUCTS[request.param]
    data = shared() / "data"
    load_tables()
    engine = make_engine(database_url)
    house = House(Sessions(engine, keyring, files=FileStore(tmp_path / "files")), brand)
    with house.sessions.write() as session:
        _hire(session)
        librarian, writer = house.who(session, "librarian"), house.who(session, "writer")
        folder = data / "products" / request.param
        import_label(
            session, (data / "labels" / label).read_bytes(), filename=label, actor=librarian
        )
        claims = (folder / "claims.csv").read_bytes()
        import_claims(session, claims, filename="claims.csv", actor=librarian)
        import_modules(session, collect(folder / "modules"), actor=writer)
        import_template(
            session, frame.shipped("brief.us"), filename="brief.us.yaml", actor=librarian
        )
        accounts = data / "accounts" / "us_hospitals_hifld_open_with_beds.csv"
        import_accounts(session, accounts.read_bytes(), filename=accounts.name, actor=librarian)
        again = import_claims(session, claims, filename="claims.csv", actor=librarian)
        assert (len(again.unchanged), again.created, again.changed) == (40, (), ())
    for kind, author in (("claim", "librarian"), ("template", "librarian"), ("module", "writer")):
        _submit_all(house, kind, author)
        _sign_all(house)
    yield house
    engine.dispose()


def _hire(session: Session) -> None:
    admin = people.add_person(
        session,
        actor=None,
        email="admin@example.org",
        name="Ada Min",
        roles_held=[StaffRole.ADMINISTRATOR],
        password=PASSWORD,
    )
    for name, role in ROLES.items():
        territory = {"rep": ["MA"], "elsewhere": ["TX"]}.get(name, [])
        people.add_person(
            session,
            actor=admin,
            email=f"{name}@example.org",
            name=f"Some {name.capitalize()}",
            roles_held=[role],
            territory=territory,
            password=PASSWORD,
        )


def _submit_all(house: House, kind: str, author: str) -> None:
    table, cycle = KINDS[kind]
    with house.sessions.write() as session:
        for thing in session.scalars(select(table).order_by(table.code)).all():
            cycle.submit(session, thing.latest, actor=house.who(session, author))


def _sign_all(house: House) -> None:
    for name in ("medical", "legal", "regulatory"):
        with house.sessions.write() as session:
            person = house.who(session, name)
            for task in session.scalars(select(ReviewTask).where(ReviewTask.open)).all():
                if may(person, PERMISSION[task.discipline]):
                    CYCLES[task.job.subject_kind].decide(
                        session, task, actor=person, verdict=Verdict.APPROVE, password=PASSWORD
                    )


def _material(house: House) -> str:
    with house.sessions.write() as session:
        version = operations.assemble(
            session,
            Order(
                account="0002202115",
                product=house.brand,
                role=Role.PHARMACY_AND_THERAPEUTICS,
                phase=Phase.EVIDENCE_REVIEW,
                meeting_date=date(2026, 12, 4),
            ),
            actor=house.who(session, "writer"),
        )
        code = version.code
    _submit_all(house, "material", "writer")
    _sign_all(house)
    return code


def _approved(session: Session, code: str) -> MaterialVersion:
    version = session.scalars(select(MaterialVersion).where(MaterialVersion.code == code)).one()
    assert version.material.approved_id == version.id
    return version


def _issue(house: House, code: str, *, to: str = "rep", key: str = "k1") -> ControlledCopy:
    with house.sessions.write() as session:
        holder = house.who(session, to)
        return copies.issue_copy(
            session,
            _approved(session, code),
            format="pdf",
            holder=holder,
            actor=holder,
            request_key=key,
            press=PRESS,
        )


def _codes(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {objection.code for objection in refusal.value.objections}


def test_a_rep_gets_a_copy_until_something_in_it_ends(house: House, clock: Clock) -> None:
    code = _material(house)
    copy = _issue(house, code)
    assert _issue(house, code).number == copy.number, "a double click issues one copy"
    assert _issue(house, code, key="k2").number == copy.number + 1
    with house.sessions.read() as session:
        version = _approved(session, code)
        assert {f.severity for f in preflight.check(session, version, at=clock.moment)} == {"pass"}
        assert [s.discipline for s in approval(session, version).signatures] == ["regulatory"]
        status = validity.status_of_code(session, version.validity_code, at=clock.moment)
        assert status.state == "valid"
        kinds = [part["slot"] for part in version.parts]
        assert "indication" in kinds[:2]
        assert kinds[-1] == "safety"
        assert audit.verify(session) is None
    with pytest.raises(Refused) as refusal:
        _issue(house, code, to="elsewhere", key="k3")
    assert _codes(refusal) == {"territory"}
    _withdraw_a_claim_of(house, code)
    with pytest.raises(Refused) as refusal:
        _issue(house, code, key="k4")
    assert _codes(refusal) == {"claim-withdrawn"}
    with house.sessions.write() as session, pytest.raises(Refused):
        copies.open_copy(session, copy.number, actor=house.who(session, "rep"))
    with house.sessions.read() as session:
        validity_code = _approved(session, code).validity_code
        status = validity.status_of_code(session, validity_code, at=clock.moment)
        assert status.state == "not-valid"


def _indication(version: MaterialVersion) -> int:
    return next(int(part["version"]) for part in version.parts if part["slot"] == "indication")


def _withdraw_a_claim_of(house: House, code: str) -> None:
    with house.sessions.write() as session:
        version = _approved(session, code)
        indication = validity.part_versions(session, version)[_indication(version)]
        claim = session.get_one(CYCLES["claim_version"].model, indication.pins[0]["version"])
        CYCLES["claim_version"].withdraw(
            session, claim, actor=house.who(session, "regulatory"), reason="The label changed."
        )


def test_an_expired_material_is_refused_without_any_job_having_run(
    house: House, clock: Clock
) -> None:
    code = _material(house)
    with house.sessions.read() as session:
        end = _approved(session, code).valid_until
    clock.set(clock.moment.replace(year=end.year, month=end.month, day=end.day))
    with pytest.raises(Refused) as refusal:
        _issue(house, code)
    assert "expired" in _codes(refusal)


TAMPERING = {
    "an approved text": "UPDATE claim_version SET text = replace(text, '6', '7')",
    "an approved module": "UPDATE module_version SET body = body || ' Better.'",
    "a module back to draft": "UPDATE module_version SET state = 'draft'",
    "a withdrawn claim": "UPDATE claim_version SET state = 'withdrawn'; "
    "UPDATE claim_version SET state = 'approved'",
    "the trail": "UPDATE audit_row SET actor_name = 'Nobody' WHERE number = 3",
    "a row of the trail": "DELETE FROM audit_row WHERE number = 3",
    "a signature": "UPDATE signature SET subject_id = subject_id + 1",
    "a label": "UPDATE label_version SET version = 1",
    "a person": "DELETE FROM person WHERE id = 1",
}


def test_the_database_refuses_tampering(house: House) -> None:
    for what, statements in TAMPERING.items():
        with pytest.raises(DatabaseError):
            _tamper(house, statements)
        assert what


def _tamper(house: House, statements: str) -> None:
    with house.sessions.write() as session:
        for statement in statements.split("; "):
            session.execute(text(statement))


def test_a_state_set_by_sql_approves_nothing(house: House, clock: Clock) -> None:
    with house.sessions.write() as session:
        module = session.scalars(select(Module).order_by(Module.code)).first()
        assert module is not None
        draft = new_draft(session, module, actor=house.who(session, "writer"))
        id, former = draft.id, module.approved_id
    with house.sessions.write() as session:
        session.execute(
            text("UPDATE module_version SET state = 'approved' WHERE id = :id"), {"id": id}
        )
        _copy_signatures(session, former, id)
    with house.sessions.read() as session:
        version = session.get_one(CYCLES["module_version"].model, id)
        standing = approval(session, version)
        assert not standing.holds
        assert standing.objection is not None
        assert standing.objection.code == "signatures-missing"


def _copy_signatures(session: Session, former: int | None, id: int) -> None:
    """What somebody with SQL would try: the old version's signature rows, for the new one."""
    columns = (
        "person_id, printed_name, at, meaning, discipline, verdict, subject_kind, "
        "content_sha256, context, seal"
    )
    session.execute(
        text(
            f"INSERT INTO signature ({columns}, subject_id) SELECT {columns}, :id "
            "FROM signature WHERE subject_kind = 'module_version' AND subject_id = :former"
        ),
        {"id": id, "former": former},
    )


def test_nobody_signs_two_parts_or_their_own(house: House, clock: Clock) -> None:
    with house.sessions.write() as session:
        module = session.scalars(select(Module).order_by(Module.code)).first()
        assert module is not None
        writer = house.who(session, "writer")
        draft = new_draft(session, module, actor=writer)
        job = KINDS["module"][1].submit(session, draft, actor=writer)
        task = next(each for each in job.tasks if each.discipline == "medical")
        writer.role_rows.append(type(writer.role_rows[0])(role=StaffRole.MEDICAL))
        session.flush()
        with pytest.raises(Refused) as refusal:
            KINDS["module"][1].decide(
                session, task, actor=writer, verdict=Verdict.APPROVE, password=PASSWORD
            )
        assert _codes(refusal) == {"own-work"}
        medical = house.who(session, "medical")
        with pytest.raises(passwords.WrongPassword):
            KINDS["module"][1].decide(
                session, task, actor=medical, verdict=Verdict.APPROVE, password="wrong"
            )
        assert task.verdict is None
