"""What a label file may not bring, in either format; nothing lands then."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claims_library.labels import read_label
from claims_library.models import LabelVersion, Product
from claims_library.operations import import_label
from records.actions import Action
from records.files import FileStore
from records.models import AuditRow
from records.problems import BadInput
from records.roles import StaffRole
from tests import building
from tests.conftest import Clock

SOURCE = Path(__file__).parents[3] / "cms" / "demonstration" / "label.json"
SPL = """<document xmlns="urn:hl7-org:v3"><setId root="a-b"/><effectiveTime value="20260101"/>
<versionNumber value="3"/><component><structuredBody>
<component><section><code code="34067-9"/><title>1 INDICATIONS AND USAGE</title>
<text>HALVORYN is indicated for adults; p&lt;0.001.</text></section></component>
<component><section><subject><manufacturedProduct><manufacturedProduct><name>NAME</name>
<asEntityAsSpecializedKind><generic><genericMedicine><name>ostavatinib</name></genericMedicine>
</generic></asEntityAsSpecializedKind></manufacturedProduct></manufacturedProduct></subject></section>
</component></structuredBody></component></document>"""


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The demonstration's label with something else in it."""
    document = json.loads(SOURCE.read_text(encoding="utf-8"))
    change(document.get("results", [document])[0])
    return json.dumps(document).encode()


def problems(data: bytes) -> list[tuple[str | None, str]]:
    with pytest.raises(BadInput) as refused:
        read_label(data, filename="label")
    return [(each.field, each.code) for each in refused.value.problems]


@pytest.mark.parametrize(
    "name", ["<b>HALVORYN</b>", "{{ 7*7 }}", "{% if x %}", "HAL\u200bVORYN", "[[claim:HAL-1]]"]
)
@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("brand_name", "brand_name"),
        ("generic_name", "generic_name"),
        ("manufacturer", "manufacturer_name"),
        ("application_number", "application_number"),
    ],
)
def test_a_fact_is_plain_text(field: str, given: str, name: str) -> None:
    data = changed(lambda record: record["openfda"].update({given: [name]}))
    assert problems(data) == [(field, "markup")]


def test_a_name_of_an_spl_document_is_plain_text_too() -> None:
    assert read_label(SPL.encode(), filename="label").brand_name == "NAME"
    bad = SPL.replace("NAME", "&lt;i&gt;NAME&lt;/i&gt;")
    assert problems(bad.encode()) == [("brand_name", "markup")]


def test_a_name_has_an_end() -> None:
    data = changed(lambda record: record["openfda"].update(brand_name=["H" * 101]))
    assert problems(data) == [("brand_name", "too-long")]


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_what_is_no_character_is_refused_and_its_section_named(sign: str) -> None:
    data = changed(lambda record: record.update(contraindications=[f"4 CONTRA {sign}"]))
    assert problems(data) == [("contraindications", "no-character")]


def test_flags_follow_the_label_in_force(session: Session, tmp_path: Path, clock: Clock) -> None:
    session.info["files"] = FileStore(tmp_path)
    librarian = building.person(session, StaffRole.LIBRARIAN)

    def bring(version: int, day: str, *, boxed: bool) -> bool:
        def change(record: dict[str, Any]) -> None:
            record.update(version=str(version), effective_time=day)
            if not boxed:
                del record["boxed_warning"]

        import_label(session, changed(change), filename="label.json", actor=librarian)
        return session.scalars(select(Product.boxed_warning)).one()

    def recorded() -> int:
        query = select(func.count()).select_from(AuditRow)
        return session.scalar(query.where(AuditRow.action == Action.PRODUCT_CHANGE)) or 0

    assert not bring(6, "20260105", boxed=False)
    assert not bring(5, "20250105", boxed=True), "an older label changes nothing"
    assert bring(7, "20270105", boxed=True), "what is stricter counts before it is in force"
    assert bring(8, "20270205", boxed=False), "what is less strict waits"
    assert recorded() == 1
    clock.set(datetime(2027, 3, 1, tzinfo=UTC))
    assert not bring(9, "20270301", boxed=False)
    assert recorded() == 2


def test_the_same_text_written_anew_is_the_same_label(session: Session, tmp_path: Path) -> None:
    session.info["files"] = FileStore(tmp_path)
    librarian = building.person(session, StaffRole.LIBRARIAN)

    def bring(data: bytes) -> Any:
        return import_label(session, data, filename="label.json", actor=librarian)

    assert bring(SOURCE.read_bytes()).created == ("HALVORYN label 6",)
    assert bring(changed(lambda _: None)).unchanged == ("HALVORYN label 6",)
    with pytest.raises(BadInput, match="imported before with other content"):
        bring(changed(lambda record: record.update(contraindications=["4 CONTRA None at all."])))
    assert session.scalar(select(func.count()).select_from(LabelVersion)) == 1
