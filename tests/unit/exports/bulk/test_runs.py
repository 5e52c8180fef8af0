"""A run from its plan to its files: what may stop it, and what never gets through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from accounts.models import Account
from accounts.queries import AccountFilter
from cms.installation import Installation
from exports.bulk import issuing, jobs, planning, reviewing, running
from exports.bulk.delivering import Delivery, zipped
from exports.bulk.models import BulkDocument, DocumentState, RunState
from exports.bulk.printing import Made, PressRoom, Sheet
from exports.bulk.wishes import Wish, filter_words, read_filter
from exports.models import MaterialVersion
from mlr.models import Verdict
from modules.models import Module
from records import audit, errands, passwords
from records.actions import Action
from records.errors import NotAllowed, Refused, Stale
from records.models import AuditRow, Errand, Person
from records.problems import BadInput
from records.vocabulary import Phase, Tier
from tests.unit.exports.bulk.test_crash import SECRET, made_place, person, sealed, sign, states

WISH = Wish("state=WI", ("pharmacy-and-therapeutics",), "HALVORYN", phase="evidence-review")


@pytest.fixture
def place(empty_database_url: str, tmp_path: Path) -> Iterator[Installation]:
    made = made_place(empty_database_url, tmp_path, accounts=4)
    yield made
    made.engine.dispose()


def assembled(place: Installation, wish: Wish = WISH) -> str:
    with place.sessions.write() as session:
        actor = session.get_one(Person, person(place, "librarian"))
        code = running.start(session, wish, actor=actor, request_key="once").code
    errands.run_waiting(place.sessions)
    return code


def change(place: Installation, code: str) -> str:
    """Alter the content of the run's first version, as somebody with the database could."""
    with place.sessions.write() as session:
        run = running.get(session, code)
        version = session.scalars(
            select(MaterialVersion)
            .join(BulkDocument)
            .where(BulkDocument.run_id == run.id)
            .order_by(BulkDocument.place)
        ).first()
        assert version is not None
        session.execute(
            text("UPDATE material_version SET title = 'Another title' WHERE id = :id"),
            {"id": version.id},
        )
        return version.code


def test_a_plan_says_what_would_be_refused_and_writes_nothing(place: Installation) -> None:
    with place.sessions.write() as session:
        changed = update(Account).where(Account.code == "B-001")
        session.execute(changed.values(state="WY"))
        session.execute(update(Account).where(Account.code == "B-002").values(name="Клиника\u202e"))
    with place.sessions.read() as session:
        actor = session.get_one(Person, person(place, "librarian"))
        everywhere = Wish("", WISH.roles, WISH.product, phase=WISH.phase)
        plan = planning.plan(session, everywhere, actor=actor)
        said = {each.account.code: each.refusal for each in plan.refused}
        assert set(said) == {"B-001", "B-002"}
        assert "No field representative has WY" in said["B-001"]
        assert "invisible character" in said["B-002"]
        assert len(plan.wanted) == 2
        assert not session.scalars(select(BulkDocument)).all()


def test_a_wish_that_cannot_be_met_is_refused_whole(place: Installation) -> None:
    with place.sessions.read() as session:
        librarian = session.get_one(Person, person(place, "librarian"))
        for wish, words in (
            (Wish("", (), "HALVORYN"), "which roles"),
            (Wish("", ("poet",), "HALVORYN"), "no role poet"),
            (Wish("", WISH.roles, "HALVORYN", format="pptx"), "one material at a time"),
        ):
            with pytest.raises(Refused, match=words):
                planning.plan(session, wish, actor=librarian)
        with pytest.raises(NotAllowed):
            planning.plan(session, WISH, actor=session.get_one(Person, person(place, "rep")))
    with pytest.raises(BadInput):
        read_filter("tier=golden")


def test_a_writer_may_look_and_not_start(place: Installation) -> None:
    with place.sessions.write() as session:
        writer = session.get_one(Person, person(place, "writer"))
        assert planning.plan(session, WISH, actor=writer).wanted
        assert planning.start_objections(writer)
        with pytest.raises(NotAllowed):
            running.start(session, WISH, actor=writer, request_key="once")


def test_what_was_looked_at_is_what_starts(place: Installation) -> None:
    with place.sessions.write() as session:
        actor = session.get_one(Person, person(place, "librarian"))
        seen = planning.plan(session, WISH, actor=actor).digest
        session.execute(update(Account).where(Account.code == "B-001").values(state="IL"))
        with pytest.raises(Stale):
            running.start(session, WISH, actor=actor, request_key="once", seen=seen)


def test_a_list_that_was_altered_takes_no_signature(place: Installation) -> None:
    code = assembled(place)
    with place.sessions.write() as session:
        row = session.scalars(select(BulkDocument).order_by(BulkDocument.place)).first()
        assert row is not None
        row.content_sha256 = "0" * 64
    with pytest.raises(Stale):
        sign(place, code)
    assert states(place, code) == Counter({DocumentState.ASSEMBLED: 4})


def test_a_document_altered_after_the_signature_is_not_issued(place: Installation) -> None:
    code = assembled(place)
    sign(place, code)
    change(place, code)
    errands.run_waiting(place.sessions)
    found = states(place, code)
    assert found == Counter({DocumentState.ISSUED: 3, DocumentState.REFUSED: 1})
    with place.sessions.read() as session:
        refused = session.scalars(
            select(BulkDocument).where(BulkDocument.state == DocumentState.REFUSED)
        ).one()
        assert "not what was signed" in refused.reason
        assert running.get(session, code).state is RunState.DONE


def test_a_run_ends_though_everything_was_altered(place: Installation) -> None:
    code = assembled(place)
    sign(place, code)
    with place.sessions.write() as session:
        session.execute(text("UPDATE material_version SET title = 'Another title'"))
    errands.run_waiting(place.sessions)
    assert states(place, code) == Counter({DocumentState.REFUSED: 4})
    with place.sessions.read() as session:
        assert running.get(session, code).state is RunState.DONE


def test_the_author_and_others_cannot_sign(place: Installation) -> None:
    code = assembled(place)
    with place.sessions.write() as session:
        run = running.get(session, code)
        for role in ("librarian", "medical", "writer"):
            other = session.get_one(Person, person(place, role))
            other.password_hash = passwords.hash_password(SECRET)
            with pytest.raises((NotAllowed, Refused)):
                reviewing.decide(
                    session, run, actor=other, verdict=Verdict.APPROVE, password=SECRET
                )


def test_what_a_part_loses_between_signature_and_issue_stops_every_copy(
    place: Installation,
) -> None:
    code = assembled(place)
    sign(place, code)
    with place.sessions.write() as session:
        module = session.scalars(select(Module).where(Module.code == "HAL-M-001")).one()
        session.execute(
            text("UPDATE module_version SET state = 'withdrawn' WHERE id = :id"),
            {"id": module.approved_id},
        )
    errands.run_waiting(place.sessions)
    assert states(place, code) == Counter({DocumentState.REFUSED: 4})


def test_what_ends_after_the_issue_is_not_handed_out(place: Installation) -> None:
    code = assembled(place)
    sign(place, code)
    errands.run_waiting(place.sessions)
    assert states(place, code) == Counter({DocumentState.ISSUED: 4})
    with place.sessions.write() as session:
        run_id = running.get(session, code).id
        module = session.scalars(select(Module).where(Module.code == "HAL-M-001")).one()
        session.execute(
            text("UPDATE module_version SET state = 'withdrawn' WHERE id = :id"),
            {"id": module.approved_id},
        )
    delivery = Delivery(place.sessions, run_id, person(place, "librarian"))
    archive = b"".join(zipped(delivery))
    assert delivery.given == 0
    assert len(delivery.left_out) == 4
    assert b"%PDF" not in archive


def test_only_who_may_issue_hands_files_out(place: Installation) -> None:
    code = assembled(place)
    with place.sessions.read() as session:
        run_id = running.get(session, code).id
    with pytest.raises(NotAllowed):
        list(Delivery(place.sessions, run_id, person(place, "writer")).files())


def test_a_paused_run_stands_still(place: Installation) -> None:
    code = assembled(place)
    sign(place, code)
    with place.sessions.write() as session:
        actor = session.get_one(Person, person(place, "librarian"))
        running.pause(session, running.get(session, code), actor=actor)
    errands.run_waiting(place.sessions)
    assert states(place, code) == Counter({DocumentState.ASSEMBLED: 4})
    with place.sessions.write() as session:
        actor = session.get_one(Person, person(place, "librarian"))
        running.resume(session, running.get(session, code), actor=actor)
    errands.run_waiting(place.sessions)
    assert states(place, code) == Counter({DocumentState.ISSUED: 4})


def test_a_part_that_fails_again_and_again_pauses_the_run(
    place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = assembled(place)
    sign(place, code)

    def full(*_args: object, **_named: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(issuing, "issue_chunk", full)
    for _ in range(jobs.MOST_ATTEMPTS):
        with place.sessions.write() as session:
            session.execute(update(Errand).values(run_after=Errand.created_at))
        errands.run_waiting(place.sessions)
    with place.sessions.read() as session:
        run = running.get(session, code)
        assert run.paused
        assert "the disk is full" in running.halted_because(session, run)
    monkeypatch.undo()
    with place.sessions.write() as session:
        actor = session.get_one(Person, person(place, "librarian"))
        assert running.resume(session, running.get(session, code), actor=actor) == 1
    errands.run_waiting(place.sessions)
    assert states(place, code) == Counter({DocumentState.ISSUED: 4})


def test_a_long_chunk_asks_for_its_rest(
    place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = assembled(place)
    sign(place, code)
    monkeypatch.setattr(issuing, "PORTION", 1)
    monkeypatch.setattr(issuing, "ENOUGH_SECONDS", -1)
    before = asked(place)
    errands.run_waiting(place.sessions)
    assert asked(place) - before == 3
    assert states(place, code) == Counter({DocumentState.ISSUED: 4})


def test_of_two_workers_with_the_same_part_one_keeps_its_files(
    place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one makes its files another, whom the part was given to as well, does all of it."""
    code = assembled(place)
    sign(place, code)
    with place.sessions.read() as session:
        run_id = running.get(session, code).id
    make, others = issuing.PressRoom.make, []

    def interrupted(room: PressRoom, sheet: Sheet) -> Made:
        if not others:
            others.append(0)
            others[0] = issuing.issue_chunk(place.sessions, run_id, 1, 4, press=place.press)
            others.append(sealed(place))
        return make(room, sheet)

    monkeypatch.setattr(issuing.PressRoom, "make", interrupted)
    assert issuing.issue_chunk(place.sessions, run_id, 1, 4, press=place.press) == 0
    assert others == [4, sealed(place)]
    assert states(place, code) == Counter({DocumentState.ISSUED: 4})
    with place.sessions.read() as session:
        assert audit.verify(session) is None
        made = Counter(session.scalars(select(AuditRow.action)))
    for action in (Action.COPY_ISSUE, Action.COPY_MAKE, Action.MATERIAL_APPROVE):
        assert made[action] == 4, action
    assert made[Action.BULK_FINISH] == 1


def asked(place: Installation) -> int:
    with place.sessions.read() as session:
        return len(session.scalars(select(Errand.id)).all())


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1)


@given(
    words=st.lists(WORDS, max_size=4),
    types=st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)
        .map(str.strip)
        .filter(bool),
        max_size=3,
    ),
    tiers=st.lists(st.sampled_from([*Tier, None]), max_size=2, unique=True),
    phases=st.lists(st.sampled_from([*Phase, None]), max_size=2, unique=True),
)
@example(words=["=a"], types=["=b", "c, d"], tiers=[None], phases=[])
def test_a_filter_is_read_as_it_was_written(words, types, tiers, phases) -> None:
    narrowed = AccountFilter(
        text=" ".join(words), types=tuple(types), tiers=tuple(tiers), phases=tuple(phases)
    )
    assert read_filter(filter_words(narrowed)) == narrowed
