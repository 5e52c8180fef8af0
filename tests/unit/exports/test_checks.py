"""Checks that are signed with a material, and values that may not become claims."""

from __future__ import annotations

import pytest

from exports import checks, operations
from exports.building import build
from exports.reading import material_reading
from exports.review import MATERIALS
from mlr.comparing import compare_readings
from records.errors import Refused
from tests.unit.exports.conftest import Library


def submitted(library: Library):
    version = library.assemble()
    MATERIALS.submit(library.session, version, actor=library.writer)
    return version


def test_the_checkers_result_is_signed_and_told_in_the_manifest(library: Library) -> None:
    version = submitted(library)
    [run] = version.frame["checks"]
    assert run["name"] == checks.CHECKER
    assert version.frame["label"] in run["version"]
    assert "approved wording" in run["result"]
    assert version.content_sha256 == version.content_hash()
    document = build(library.session, version, base_url="https://clearcopy.example")
    assert [(one.name, one.result) for one in document.checks] == [(run["name"], run["result"])]


def test_an_edit_takes_the_result_away(library: Library) -> None:
    version = submitted(library)
    operations.change_parts(library.session, version, ["HAL-M-IND"], actor=library.writer)
    assert "checks" not in version.frame


def test_an_account_called_like_a_claim_is_refused(library: Library) -> None:
    library.account.name = library.claims["HAL-0001"].text
    version = library.assemble()
    with pytest.raises(Refused) as refusal:
        MATERIALS.submit(library.session, version, actor=library.writer)
    found = [each for each in refusal.value.objections if each.code == "token-claim"]
    assert {each.where for each in found} == {"account.name"}


def test_usual_values_are_no_claims(library: Library) -> None:
    assert list(checks.value_objections(library.session, library.assemble())) == []


def test_a_hospital_may_be_called_joy(library: Library) -> None:
    library.account.name = "HELEN NEWBERRY JOY HOSPITAL"
    version = library.assemble()
    assert version.tokens["account.name"] == "Helen Newberry Joy Hospital"
    assert list(checks.value_objections(library.session, version)) == []


def test_headings_lists_and_tables_do_not_run_into_the_claims_below_them(library: Library) -> None:
    body = (
        "## Overall response\n\n[[claim:HAL-0002]]\n\n### In short\n\n"
        "* [[claim:HAL-0002/1]]\n\n| Topic | Result |\n| --- | --- |\n"
        "| Response | [[claim:HAL-0002]] |\n"
    )
    library.module("HAL-M-001", body=body, requires=["HAL-M-IND"])
    version = submitted(library)
    assert "HAL-M-001" in [part["module"] for part in version.parts]
    [run] = version.frame["checks"]
    # four here, and the indication and the call-out of the library
    assert run["result"].startswith("6 passages of approved wording")


def test_what_a_reviewer_reads_first_is_what_nobody_approved(library: Library) -> None:
    body = "## Response\n\nFor {{account.name}}.\n\n[[claim:HAL-0002]]"
    library.module("HAL-M-001", body=body, requires=["HAL-M-IND"])
    found = compare_readings(None, material_reading(library.session, library.assemble()))
    stops = [text for block in found.blocks if block.changed for _, text in block.delta]
    assert any(text.startswith("For ") for text in stops)
    assert all(text.startswith(("For ", "HAL-M-")) for text in stops)
    names = {fact.what for fact in found.facts}
    assert "Template sha256" not in names
    assert {"Account", "For the role", "Printed account name"} <= names
