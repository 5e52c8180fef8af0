"""A library kept on disk saves judging and compiling, and never says what is no longer so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from claims_library import keeping, library
from claims_library.checking import check
from claims_library.compiling import Scope
from claims_library.keeping import LibraryStore
from claims_library.library import compiled, is_on_disk
from claims_library.models import ClaimVersion, LabelVersion
from records import audit
from records.actions import Action
from records.clock import now
from records.keys import Keyring
from records.lifecycle import VersionState
from records.models import Person
from records.roles import StaffRole
from tests import building
from tests.conftest import Clock

RATE = "The overall response rate was 57% (95% CI: 49, 65) with HALVORYN."
FOOD = "HALVORYN can be taken with or without food."


class House:
    """A product with its claims, whose libraries are kept; every process begins with no memory."""

    def __init__(self, session: Session, patch: pytest.MonkeyPatch, folder: Path) -> None:
        roles = (StaffRole.MEDICAL, StaffRole.LEGAL, StaffRole.REGULATORY)
        self.session, self.patch, self.folder = session, patch, folder
        self.reviewers = [building.person(session, role) for role in roles]
        self.author: Person = building.person(session, StaffRole.WRITER)
        product = building.product(session)
        self.label: LabelVersion = building.label(session, product, by=self.reviewers[0])
        self.judged: list[str] = []
        self._watch()
        self.reads(only=True)
        self.use(LibraryStore(folder, session.info["keyring"]))

    def _watch(self) -> None:
        whole = library.objections

        def objections(session: Session, versions: list[ClaimVersion], **use: object) -> object:
            self.judged.extend(each.code for each in versions)
            return whole(session, versions, **use)  # type: ignore[arg-type]

        self.patch.setattr(library, "objections", objections)

    def reads(self, *, only: bool) -> None:
        self.patch.setattr(library, "reads_only", lambda _session: only)

    def use(self, store: LibraryStore) -> None:
        self.patch.setitem(self.session.info, "libraries", store)

    def claim(self, code: str, text: str) -> ClaimVersion:
        made = building.claim(self.session, code, of=self.label, author=self.author, text=text)
        building.sign(self.session, made, by=self.reviewers)
        self.record(made)
        return made

    def record(self, version: ClaimVersion) -> None:
        subject = (version.KIND, version.id, version.label)
        audit.record(self.session, Action.CLAIM_IMPORT, actor=self.reviewers[0], subject=subject)

    def found(self, text: str) -> list[str]:
        """What a process that has just begun says of a text, having judged ``judged``."""
        library._kept.clear()
        self.judged.clear()
        made = compiled(self.session, self.label.product, at=now(), quick=True)
        return [match.claim for match in check(text, made, whole=False).matches]

    def files(self) -> list[Path]:
        return list(self.folder.glob("*"))


@pytest.fixture
def house(session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: Clock) -> House:
    made = House(session, monkeypatch, tmp_path / "compiled")
    made.claim("HAL-0001", RATE)
    return made


def test_the_next_process_judges_nothing(house: House) -> None:
    assert house.found(RATE) == ["HAL-0001"]
    assert house.judged == ["HAL-0001"]
    assert house.found(RATE) == ["HAL-0001"]
    assert house.judged == []


def test_what_was_approved_since_is_judged_and_there(house: House) -> None:
    house.found(RATE)
    house.claim("HAL-0002", FOOD)
    assert house.found(FOOD) == ["HAL-0002"]
    assert house.judged == ["HAL-0002"]


def test_what_was_withdrawn_since_is_gone(house: House) -> None:
    rate = house.session.query(ClaimVersion).one()
    house.found(RATE)
    rate.state, rate.claim.approved = VersionState.WITHDRAWN, None
    house.session.flush()
    house.record(rate)
    assert house.found(RATE) == []


def test_another_label_has_every_claim_judged_again(house: House) -> None:
    house.found(RATE)
    building.label(
        house.session, house.label.product, by=house.reviewers[0], version=house.label.version + 1
    )
    house.record(house.session.query(ClaimVersion).one())
    house.found(RATE)
    assert house.judged == ["HAL-0001"]


def test_the_next_day_has_every_claim_judged_again(house: House, clock: Clock) -> None:
    house.found(RATE)
    clock.advance(days=(building.UNTIL - now().date()).days)
    assert house.found(RATE) == []
    assert house.judged == ["HAL-0001"]


def test_another_program_has_every_claim_judged_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.found(RATE)
    monkeypatch.setattr(keeping, "_program", lambda: "another")
    house.found(RATE)
    assert house.judged == ["HAL-0001"]


@pytest.mark.parametrize("at", [3, 70, -1])
def test_an_altered_file_is_no_library(house: House, at: int) -> None:
    house.found(RATE)
    (file,) = house.files()
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)
    assert house.found(RATE) == ["HAL-0001"]
    assert house.judged == ["HAL-0001"]
    house.found(RATE)
    assert house.judged == []


def test_a_file_under_another_name_is_no_library(house: House, clock: Clock) -> None:
    house.found(RATE)
    (former,) = house.files()
    clock.advance(days=(building.UNTIL - now().date()).days)
    house.found(RATE)
    (later,) = [file for file in house.files() if file != former]
    later.write_bytes(former.read_bytes())
    assert house.found(RATE) == []


def test_the_library_of_another_installation_is_none(house: House, tmp_path: Path) -> None:
    house.use(LibraryStore(house.folder, replace(_keys())))
    house.found(RATE)
    house.use(LibraryStore(house.folder, house.session.info["keyring"]))
    house.found(RATE)
    assert house.judged == ["HAL-0001"]


def _keys() -> Keyring:
    return Keyring(Ed25519PrivateKey.generate())


def test_what_may_yet_be_taken_back_is_not_kept(house: House) -> None:
    house.reads(only=False)
    assert house.found(RATE) == ["HAL-0001"]
    assert house.files() == []


def test_a_folder_that_cannot_be_written_keeps_nothing(house: House) -> None:
    house.folder.write_text("a file where the folder would be", encoding="utf-8")
    assert house.found(RATE) == ["HAL-0001"]
    assert house.found(RATE) == ["HAL-0001"]


def test_old_files_make_room(house: House, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(keeping, "KEPT", 2)
    for _ in range(4):
        house.found(RATE)
        clock.advance(days=1)
    assert len(house.files()) == 2


def test_it_can_be_told_whether_one_is_there(house: House) -> None:
    product = house.label.product
    assert not is_on_disk(house.session, product, at=now(), scope=Scope())
    house.found(RATE)
    assert is_on_disk(house.session, product, at=now(), scope=Scope())
    assert not is_on_disk(house.session, product, at=now(), scope=Scope("UK"))
