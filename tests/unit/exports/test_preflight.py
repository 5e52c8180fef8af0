from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from exports import preflight
from exports.frame import of_json
from exports.models import MaterialVersion
from modules.review import withdraw
from tests import building
from tests.unit.exports.conftest import Library

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def found(library: Library, version, *, at: datetime = AT) -> dict[str, list[str]]:
    """Codes by severity."""
    answers = preflight.check(library.session, version, at=at)
    assert all(each.sentence.endswith(".") for each in answers)
    return {
        severity: [each.code for each in answers if each.severity == severity]
        for severity in ("block", "warn", "pass")
    }


def test_a_proposed_brief_passes_every_check(library: Library) -> None:
    answers = found(library, library.assemble())
    assert answers["block"] == answers["warn"] == []
    assert {"parts", "rules", "tokens", "isi", "tier", "established-name"} <= set(answers["pass"])


def test_a_part_that_ended_blocks_with_its_place(library: Library) -> None:
    version = library.assemble()
    withdraw(library.session, library.modules["HAL-M-001"], actor=library.signers[2], reason="x")
    [blocked] = [
        each
        for each in preflight.check(library.session, version, at=AT)
        if each.severity == "block"
    ]
    assert (blocked.code, blocked.where) == ("withdrawn", "HAL-M-001 1.0")


def test_safety_taken_out_behind_the_program_blocks(library: Library) -> None:
    version = library.assemble()
    version.parts = [part for part in version.parts if part["module"] != "HAL-M-ISI"]
    assert {"isi-missing", "order"} & set(found(library, version)["block"])


def test_an_order_that_is_not_the_frames_blocks(library: Library) -> None:
    version = library.assemble()
    version.parts = list(reversed(version.parts))
    assert found(library, version)["block"]


def test_a_value_written_behind_the_program_blocks(library: Library) -> None:
    version = library.assemble()
    version.tokens = {**version.tokens, "account.name": "57% response at Riverside"}
    assert (
        found(library, version)["block"] == ["token", "token"]
        or "token" in found(library, version)["block"]
    )
    version.tokens = {**version.tokens, "account.name": "Riverside", "agenda": "We reduce costs"}
    assert "agenda-not-approved" in found(library, version)["block"]


def test_a_field_without_a_value_blocks(library: Library) -> None:
    library.module("HAL-M-012", body="Meeting on {{meeting.date}} at {{account.name}}.")
    version = library.assemble()
    assert "HAL-M-012" in [part["module"] for part in version.parts]
    assert found(library, version)["block"] == ["token-empty"]


def test_a_newer_label_blocks(library: Library) -> None:
    version = library.assemble()
    building.label(library.session, library.product, by=library.librarian, version=2)
    assert found(library, version)["block"] == ["label-superseded"]


@pytest.mark.parametrize(
    ("at", "severity", "code"),
    [(date(2027, 1, 10), "warn", "expiring"), (date(2027, 2, 1), "block", "expired")],
)
def test_the_end_is_told_before_it_comes(library: Library, at, severity, code) -> None:
    library.module("HAL-M-010", valid_until=date(2027, 2, 1))
    version = library.assemble()
    moment = datetime(at.year, at.month, at.day, tzinfo=UTC)
    assert code in found(library, version, at=moment)[severity]


def test_free_text_needs_full_review(library: Library) -> None:
    version = library.assemble()
    assert version.least_tier() == "T1"
    library.session.execute(
        text("UPDATE material_version SET free_text = 'words' WHERE id = :id"), {"id": version.id}
    )
    library.session.expire_all()
    version = library.session.get_one(MaterialVersion, version.id)
    assert version.least_tier() == "full"
    [tier] = [e for e in preflight.check(library.session, version, at=AT) if e.code == "tier"]
    assert "medical, legal and regulatory" in tier.sentence


def test_a_material_without_a_message_is_told(library: Library) -> None:
    version = library.assemble()
    frame = of_json(version.template_version.frame)
    pillared = {slot.name for slot in frame.slots if slot.pillars}
    assert "no-message" not in found(library, version)["warn"]
    version.parts = [part for part in version.parts if part["slot"] not in pillared]
    assert "no-message" in found(library, version)["warn"]
