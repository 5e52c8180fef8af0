from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from exports import operations, preflight
from exports.models import Material
from modules.review import withdraw
from records import audit, clock
from records.errors import NotAllowed, NotFound, Refused, Stale
from records.lifecycle import VersionState
from records.models import AuditRow
from records.roles import StaffRole
from records.vocabulary import Audience, Market, ModuleKind, Phase, Role
from tests import building
from tests.unit.exports.conftest import ORDER, Library


def codes(version) -> list[str]:
    return [part["module"] for part in version.parts]


def objections(refusal) -> list[tuple[str, str]]:
    return [(each.code, each.where) for each in refusal.value.objections]


def test_a_brief_is_proposed_with_companions_in_the_frames_order(library: Library) -> None:
    version = library.assemble()
    assert codes(version) == ["HAL-M-002", "HAL-M-IND", "HAL-M-001", "HAL-M-FN-ONE", "HAL-M-ISI"]
    slots = [part["slot"] for part in version.parts]
    assert slots == ["highlights", "indication", "messages", "footnotes", "safety"]
    tied = {part["module"]: part["tied_to"] for part in version.parts if part["tied_to"]}
    assert set(tied) == {"HAL-M-FN-ONE", "HAL-M-ISI"}
    assert version.code == "BRF-0001"
    assert version.title == "HALVORYN for Riverside Valley Health System"


def test_assembling_twice_proposes_the_same_under_another_code(library: Library) -> None:
    first, second = library.assemble(), library.assemble()
    assert codes(first) == codes(second)
    assert (first.code, second.code) == ("BRF-0001", "BRF-0002")
    assert first.validity_code != second.validity_code
    assert not set(first.validity_code) & set("01IO")


def test_codes_go_on_after_the_ten_thousandth(library: Library) -> None:
    library.session.execute(
        Material.__table__.update()
        .values(code="BRF-9999")
        .where(Material.id == library.assemble().material_id)
    )
    assert [library.assemble().code for _ in range(2)] == ["BRF-10000", "BRF-10001"]


def test_what_is_not_offered_says_why(library: Library) -> None:
    found = {
        each.version.code: each for each in operations.offers(library.session, library.assemble())
    }
    assert found["HAL-M-001"].fits
    assert "payer" in found["HAL-M-005"].reasons[0]
    assert (found["HAL-M-005"].choosable, found["HAL-M-005"].usable) == (False, True)
    assert "adoption support" in found["HAL-M-003"].reasons[0]
    assert found["HAL-M-003"].choosable
    assert not found["HAL-M-006"].usable


def test_the_material_ends_with_its_first_part(library: Library) -> None:
    library.module("HAL-M-010", valid_until=date(2027, 2, 1))
    version = library.assemble()
    assert "HAL-M-010" in codes(version)
    assert version.valid_until == date(2027, 2, 1)
    operations.change_parts(
        library.session, version, ["HAL-M-IND", "HAL-M-001"], actor=library.writer
    )
    assert version.valid_until > date(2027, 2, 1)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (["HAL-M-IND", "HAL-M-002", "HAL-M-003"], ("excludes", "HAL-M-002")),
        (["HAL-M-IND", "HAL-M-005"], ("not-offered", "HAL-M-005")),
        (["HAL-M-IND", "HAL-M-006"], ("module-not-usable", "HAL-M-006")),
        (["HAL-M-IND", "HAL-M-404"], ("unknown-module", "HAL-M-404")),
        (["HAL-M-003"], ("slot-empty", "indication")),
    ],
)
def test_a_rule_refuses_with_its_reason_and_nothing_changes(
    library: Library, chosen: list[str], expected: tuple[str, str]
) -> None:
    version = library.assemble()
    before = codes(version)
    with pytest.raises(Refused) as refusal:
        operations.change_parts(library.session, version, chosen, actor=library.writer)
    assert expected in objections(refusal)
    assert codes(version) == before


def test_companions_come_and_go_with_their_module(library: Library) -> None:
    version = library.assemble()
    operations.change_parts(library.session, version, ["HAL-M-IND"], actor=library.writer)
    assert codes(version) == ["HAL-M-IND", "HAL-M-ISI"]
    operations.change_parts(
        library.session, version, ["HAL-M-IND", "HAL-M-001"], actor=library.writer
    )
    assert "HAL-M-FN-ONE" in codes(version)


def test_a_stale_screen_changes_nothing(library: Library) -> None:
    version = library.assemble()
    seen = version.revision
    operations.change_parts(
        library.session, version, ["HAL-M-IND"], actor=library.writer, revision=seen
    )
    with pytest.raises(Stale):
        operations.change_parts(
            library.session, version, ["HAL-M-IND"], actor=library.writer, revision=seen
        )


def test_a_withdrawn_module_is_no_longer_proposed(library: Library) -> None:
    signer = library.signers[2]
    withdraw(library.session, library.modules["HAL-M-001"], actor=signer, reason="wrong")
    assert "HAL-M-001" not in codes(library.assemble())


def test_without_its_safety_information_nothing_is_assembled(library: Library) -> None:
    signer = library.signers[2]
    withdraw(library.session, library.modules["HAL-M-ISI"], actor=signer, reason="wrong")
    with pytest.raises(Refused) as refusal:
        library.assemble()
    assert ("module-not-usable", "HAL-M-IND") in objections(refusal)


def test_payers_get_what_was_written_for_payers_and_the_words_of_the_label(
    library: Library,
) -> None:
    library.claim("HAL-0009", audiences=["hcp", "payer"], companions=["ISI", "FN-ONE"])
    library.module("HAL-M-008", audience=Audience.PAYER, body="## Cost\n\n[[claim:HAL-0009]]")
    version = library.assemble(replace(ORDER, role=Role.PAYER))
    assert codes(version) == ["HAL-M-IND", "HAL-M-008", "HAL-M-FN-ONE", "HAL-M-ISI"]
    assert version.frame["audience"] == "payer"


def test_a_claim_that_is_not_for_payers_keeps_the_words_of_the_label_from_them(
    library: Library,
) -> None:
    library.claim("HAL-0010", audiences=["hcp"])
    library.module("HAL-M-IND", body="## Indication\n\n[[claim:HAL-0010]]", requires=["HAL-M-ISI"])
    with pytest.raises(Refused):
        library.assemble(replace(ORDER, role=Role.PAYER))
    assert library.assemble().frame["audience"] == "hcp"


def test_a_proposal_never_breaks_its_own_rules(library: Library) -> None:
    library.module("HAL-M-021", excludes=["HAL-M-022"], phases=["evidence-review"])
    library.module("HAL-M-022", phases=["evidence-review"])
    library.module("HAL-M-023", requires=["HAL-M-022"], phases=["evidence-review"])
    version = library.assemble()
    held = set(codes(version))
    assert not {"HAL-M-021", "HAL-M-022"} <= held
    assert not {"HAL-M-021", "HAL-M-023"} <= held
    found = preflight.check(library.session, version, at=clock.now())
    assert [each for each in found if each.severity == "block"] == []


def test_a_material_begins_with_what_was_chosen_for_another(library: Library) -> None:
    first = library.assemble()
    operations.change_parts(library.session, first, ["HAL-M-IND"], actor=library.writer)
    again = library.assemble(replace(ORDER, like=first.code))
    assert (codes(again), again.code) == (codes(first), "BRF-0002")
    with pytest.raises(NotFound):
        library.assemble(replace(ORDER, like="BRF-9999"))


def test_a_draft_is_given_up_and_what_was_approved_stays(library: Library) -> None:
    session, writer = library.session, library.writer
    first = library.approved()
    draft = operations.new_version(session, first.material, actor=writer)
    operations.cancel(session, draft, actor=writer)
    assert (draft.state, first.material.approved) == (VersionState.CANCELLED, first)
    with pytest.raises(Refused):
        operations.change_parts(session, draft, ["HAL-M-IND"], actor=writer)
    assert operations.new_version(session, first.material, actor=writer).version == "1.2"


def test_only_a_draft_is_given_up(library: Library) -> None:
    approved = library.approved()
    with pytest.raises(Refused):
        operations.cancel(library.session, approved, actor=library.writer)
    with pytest.raises(NotAllowed):
        operations.cancel(library.session, library.assemble(), actor=library.rep)


@pytest.mark.parametrize(
    "order",
    [
        replace(ORDER, account="none"),
        replace(ORDER, product="NONE"),
        replace(ORDER, template="none"),
    ],
)
def test_what_does_not_exist_is_not_found(library: Library, order) -> None:
    with pytest.raises(NotFound):
        library.assemble(order)


def test_only_who_assembles_may(library: Library) -> None:
    version = library.assemble()
    for role in (StaffRole.REP, StaffRole.MEDICAL, StaffRole.ADMINISTRATOR):
        other = building.person(library.session, role, territory=["WI"])
        with pytest.raises(NotAllowed):
            operations.assemble(library.session, ORDER, actor=other)
        with pytest.raises(NotAllowed):
            operations.change_parts(library.session, version, [], actor=other)
        with pytest.raises(NotAllowed):
            operations.set_tokens(
                library.session, version, actor=other, meeting_date=None, agenda=()
            )


def test_values_come_from_the_account_the_date_and_the_approved_lines(library: Library) -> None:
    version = library.assemble()
    operations.set_tokens(
        library.session,
        version,
        actor=library.writer,
        meeting_date=date(2026, 12, 4),
        agenda=["Review of the prescribing information"],
    )
    assert version.tokens == {
        "account.name": "Riverside Valley Health System",
        "account.city": "Madison",
        "account.care_setting": "academic cancer center",
        "meeting.date": "4 December 2026",
        "agenda": "Review of the prescribing information",
    }


def test_a_module_that_needs_an_unknown_value_is_left_out_and_named(library: Library) -> None:
    body = "## Meeting\n\nWe meet on {{meeting.date}}."
    library.module("HAL-M-020", body=body)
    order = replace(ORDER, unfilled=False)
    placed = operations.place(library.session, order, actor=library.writer)
    proposal = operations.propose(library.session, placed)
    assert proposal.unfilled == (("HAL-M-020", "It needs the date of the meeting."),)
    version = library.assemble(order)
    assert "HAL-M-020" not in codes(version)
    findings = preflight.check(library.session, version, at=clock.now())
    assert "token-empty" not in {each.code for each in findings}

    dated = replace(order, meeting_date=date(2026, 12, 4))
    assert "HAL-M-020" in codes(library.assemble(dated))
    # on a page the date is given afterwards, and asked for until then
    begun = library.assemble(ORDER)
    assert "HAL-M-020" in codes(begun)
    findings = preflight.check(library.session, begun, at=clock.now())
    (asked,) = [each for each in findings if each.code == "token-empty"]
    assert "give the date of the meeting" in asked.sentence


def test_what_needs_something_that_needs_an_unknown_value_is_left_out(library: Library) -> None:
    body = "See you on {{meeting.date}}."
    library.module("HAL-M-FN-TWO", kind=ModuleKind.FOOTNOTE, body=body)
    library.module("HAL-M-021", requires=["HAL-M-FN-TWO"])
    held = codes(library.assemble(replace(ORDER, unfilled=False)))
    assert not {"HAL-M-021", "HAL-M-FN-TWO"} & set(held)
    assert "HAL-M-021" in codes(library.assemble(ORDER))


@pytest.mark.parametrize(
    ("day", "agenda", "code"),
    [
        (date(2026, 11, 23), [], "meeting-past"),
        (date(2029, 11, 23), [], "meeting-far"),
        (None, ["HALVORYN works better"], "agenda-not-approved"),
        (None, ["Open questions and next steps"] * 2, "agenda-repeated"),
    ],
)
def test_other_values_are_refused(library: Library, day, agenda, code: str) -> None:
    version = library.assemble()
    with pytest.raises(Refused) as refusal:
        operations.set_tokens(
            library.session, version, actor=library.writer, meeting_date=day, agenda=agenda
        )
    assert objections(refusal)[0][0] == code
    with pytest.raises(Refused):
        library.assemble(replace(ORDER, meeting_date=day, agenda=tuple(agenda)))


def test_every_step_is_in_the_trail(library: Library) -> None:
    version = library.assemble()
    operations.change_parts(library.session, version, ["HAL-M-IND"], actor=library.writer)
    rows = library.session.scalars(
        select(AuditRow.action).where(AuditRow.subject_kind == "material_version")
    ).all()
    assert [str(row) for row in rows] == ["material_version:assemble", "material_version:change"]
    assert audit.verify(library.session) is None


def test_the_phase_may_come_from_the_account(library: Library) -> None:
    library.account.journey_phase = Phase.ADOPTION_SUPPORT
    version = library.assemble(replace(ORDER, phase=None))
    assert version.material.phase is Phase.ADOPTION_SUPPORT
    assert version.material.market is Market.US


def test_one_module_is_added_moved_and_removed(library: Library) -> None:
    session, writer = library.session, library.writer
    library.module("HAL-M-011")
    version = library.assemble()
    operations.remove_part(session, version, "HAL-M-011", actor=writer)
    assert "HAL-M-011" not in codes(version)
    operations.add_part(session, version, "HAL-M-011", actor=writer)
    operations.move_part(session, version, "HAL-M-011", to=0, actor=writer)
    assert codes(version).index("HAL-M-011") < codes(version).index("HAL-M-001")
    operations.move_part(session, version, "HAL-M-011", by=1, actor=writer)
    assert codes(version).index("HAL-M-011") > codes(version).index("HAL-M-001")
    operations.move_part(session, version, "HAL-M-011", by=9, actor=writer)
    assert codes(version)[-1] == "HAL-M-ISI"


@pytest.mark.parametrize("code", ["HAL-M-ISI", "HAL-M-FN-ONE", "HAL-M-IND"])
def test_what_another_module_needs_cannot_be_removed(library: Library, code: str) -> None:
    version = library.assemble()
    before = codes(version)
    with pytest.raises(Refused) as refusal:
        operations.remove_part(library.session, version, code, actor=library.writer)
    assert objections(refusal) == [("tied", code)]
    assert codes(version) == before


def test_the_next_version_is_put_together_from_what_is_in_force_now(library: Library) -> None:
    session = library.session
    first = library.approved()
    library.module("HAL-M-001", body="## Newer\n\n[[claim:HAL-0002]]", requires=["HAL-M-IND"])
    library.account.city = "Monona"
    second = operations.new_version(session, first.material, actor=library.writer)
    assert (second.version, second.code) == ("1.1", "BRF-0001")
    assert codes(second) == codes(first)
    pinned = {part["module"]: part["version"] for part in second.parts}
    assert pinned["HAL-M-001"] == library.modules["HAL-M-001"].id
    assert second.facts["city"] == "Monona"
    assert second.validity_code != first.validity_code
    assert operations.new_version(session, first.material, actor=library.writer) is second


def test_the_next_version_leaves_out_what_was_withdrawn(library: Library) -> None:
    first = library.approved()
    signer = library.signers[2]
    withdraw(library.session, library.modules["HAL-M-001"], actor=signer, reason="wrong")
    second = operations.new_version(library.session, first.material, actor=library.writer)
    assert codes(second) == ["HAL-M-002", "HAL-M-IND", "HAL-M-FN-ONE", "HAL-M-ISI"]


def test_an_approved_version_is_not_changed(library: Library) -> None:
    version = library.approved()
    with pytest.raises(Refused):
        operations.change_parts(library.session, version, ["HAL-M-IND"], actor=library.writer)
