"""The way from a signed library to bytes, with the real renderer."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from exports import copies, renditions
from exports.brand import Brand
from exports.models import Rendition
from exports.verifying_pdf import verify_pdf
from records import files
from records.errors import NotAllowed, Refused
from records.models import AuditRow
from records.roles import StaffRole
from tests import building
from tests.unit.exports.conftest import Library

PRESS = copies.Press(brand=Brand("Northlight"), base_url="https://example.org")


def render(library: Library, version, *, format: str = "pdf", actor=None) -> Rendition:
    actor = actor or library.writer
    return renditions.render(library.session, version, format=format, press=PRESS, actor=actor)


def test_a_rendition_is_made_once_for_the_same_content(library: Library) -> None:
    version = library.approved()
    first = render(library, version)
    assert render(library, version) is first
    assert renditions.renditions_of(library.session, version) == [first]
    assert files.store_of(library.session).get(first.file_sha256).startswith(b"%PDF")
    rendered = select(func.count()).where(AuditRow.action == "material_version:render")
    assert library.session.scalar(rendered) == 1


def test_a_rendition_asked_for_badly_is_refused(library: Library) -> None:
    version = library.approved()
    with pytest.raises(Refused):
        render(library, version, format="exe")
    with pytest.raises(NotAllowed):
        render(library, version, actor=building.person(library.session, StaffRole.REP))


def test_an_issued_copy_verifies_and_one_changed_byte_does_not(library: Library, keyring) -> None:
    copy = copies.issue_copy(
        library.session,
        library.approved(),
        format="pdf",
        holder=library.rep,
        actor=library.rep,
        request_key="a form",
        press=PRESS,
    )
    data = copies.open_copy(library.session, copy.number, actor=library.rep)
    assert verify_pdf(data, public_keys=[keyring.public_pem]).ok
    middle = len(data) // 2
    altered = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    assert not verify_pdf(altered, public_keys=[keyring.public_pem]).ok
