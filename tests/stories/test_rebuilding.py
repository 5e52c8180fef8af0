"""``clearcopy rebuild``: issued files made again from the library, the same to the last byte."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import select

from cms import demo
from cms.installation import Installation, create
from cms.kinds import KINDS
from cms.settings import Settings
from exports import copies, operations, validity, verifying
from exports.bulk import reviewing, running
from exports.bulk.wishes import Wish
from exports.document import Copy
from exports.fingerprint import fingerprint
from exports.mail import permission, sending
from exports.mail.delivering import Delivery, Mailer, Outcome
from exports.models import ControlledCopy, Material, MaterialVersion
from exports.rebuilding import Rebuilt, rebuild
from exports.sealing import seal_pdf
from mlr.models import Verdict
from modules.models import ModuleVersion
from records import clock, errands, files, passwords, people
from records.errors import NotFound
from records.keys import PUBLIC_NAME
from records.problems import BadInput
from records.roles import StaffRole
from records.vocabulary import Phase, Role
from tests.conftest import MOMENT
from tests.documents.certificate import PASSWORD, as_pkcs12, company
from tests.documents.halvoryn import brief
from tests.documents.press import STRANGER, rendered
from tests.pages.conftest import CHEAP

SENDER = "medical@northlight.example"
ADDRESS = "Northlight Therapeutics; 1 Example Way, Springfield, IL 62701"
ANITA = "anita.reyes@demo-001.example"


@dataclass
class House:
    """An installation with one file of each kind that is handed over."""

    home: Path
    certificate: Path
    issued: dict[str, bytes]

    def run(self, *words: str, status: int = 0, **settings: str) -> str:
        """A command in a process of its own, as anybody would start it later."""
        command = [sys.executable, "-m", "cms.cli", *words]
        environment = {**os.environ, **self.environment, **settings}
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
        assert done.returncode == status, done
        return done.stderr if status == 2 else done.stdout

    @property
    def environment(self) -> dict[str, str]:
        return {
            "CLEARCOPY_HOME": str(self.home),
            "CLEARCOPY_POSTAL_ADDRESS": ADDRESS,
            "CLEARCOPY_SMTP_HOST": "127.0.0.1",
            "CLEARCOPY_SMTP_FROM": SENDER,
            "CLEARCOPY_CERTIFICATE": str(self.certificate),
            "CLEARCOPY_CERTIFICATE_PASSWORD": PASSWORD,
        }

    @property
    def public_key(self) -> bytes:
        return (self.home / "keys" / PUBLIC_NAME).read_bytes()

    def file(self, name: str, data: bytes | None = None) -> Path:
        """One of the files, or something else under its name."""
        path = self.home.parent / name
        path.write_bytes(self.issued[name] if data is None else data)
        return path

    def open(self, **settings: str) -> Installation:
        given = {"postal_address": ADDRESS, "smtp_host": "127.0.0.1", "smtp_from": SENDER}
        return create(Settings(home=self.home, **{**given, **settings}))[0]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    before, passwords._hasher = passwords._hasher, CHEAP
    try:
        folder = tmp_path_factory.mktemp("house")
        made = House(folder / "home", as_pkcs12(company(), folder / "company.p12"), {})
        demo.dress(made.home)
        place = made.open()
        for _ in demo.play(place):
            pass
        made.issued["brief.pdf"] = demo.brief(place).read_bytes()
        for path in demo.deck(place):
            made.issued[f"deck{path.suffix}"] = path.read_bytes()
        made.issued["letter.eml"] = sent(place)
        made.issued |= sorted_out(in_bulk(place), made.public_key)
        place.engine.dispose()
        place = made.open(certificate=str(made.certificate), certificate_password=PASSWORD)
        made.issued["certified.pdf"] = another(place)
        place.engine.dispose()
        yield made
    finally:
        passwords._hasher = before


def signed(place: Installation) -> None:
    list(demo._sign(place, demo.cast()))
    errands.run_waiting(place.sessions)


def sent(place: Installation) -> bytes:
    """A letter as a mail server took it."""
    troupe = demo.cast()
    taken: list[bytes] = []

    class Post(Mailer):
        def deliver(self, message: bytes, *, recipient: str) -> Delivery:
            taken.append(message)
            return Delivery(Outcome.SENT, "taken")

    with place.sessions.write() as session:
        writer = people.by_email(session, troupe.email(StaffRole.WRITER))
        librarian = people.by_email(session, troupe.email(StaffRole.LIBRARIAN))
        order = operations.Order(
            account=demo.ACCOUNT, product="HALVORYN", role=Role.PHARMACY_AND_THERAPEUTICS,
            phase=Phase.DISCOVERY, template="email",
        )  # fmt: skip
        version = operations.assemble(session, order, actor=writer)
        KINDS["material"][1].submit(session, version, actor=writer)
        permission.record_consent(
            session, ANITA, basis="Congress form", given_on=clock.today(), actor=librarian
        )
        number = version.id
    signed(place)
    place.sessions.info["mailer"] = Post(host="127.0.0.1", sender=SENDER)
    with place.sessions.write() as session:
        version = session.get_one(MaterialVersion, number)
        offered = sending.candidates(session, version)
        chosen = [each.stakeholder.id for each in offered if not each.objections]
        rep = people.by_email(session, troupe.email(StaffRole.REP))
        sending.queue(session, version, chosen, actor=rep, press=place.press, request_key="letter")
    errands.run_waiting(place.sessions)
    return taken[0]


def sorted_out(found: list[bytes], public_key: bytes) -> dict[str, bytes]:
    """The last file of a bulk run that comes from a plate, and one that fits none."""
    kinds: dict[bool, list[bytes]] = {True: [], False: []}
    for data in found:
        manifest = verifying.verify(data, public_keys=[public_key]).manifest or {}
        kinds["plate" in manifest["fingerprint"]].append(data)
    return {"plate.pdf": kinds[True][-1], "unfit.pdf": kinds[False][-1]}


def in_bulk(place: Installation) -> list[bytes]:
    """The files of a bulk run over all accounts."""
    troupe = demo.cast()
    with place.sessions.write() as session:
        roles = (Role.PHARMACY_DIRECTOR.value, Role.PHARMACY_AND_THERAPEUTICS.value)
        wish = Wish("", roles, "HALVORYN")
        actor = people.by_email(session, troupe.email(StaffRole.LIBRARIAN))
        code = running.start(session, wish, actor=actor, request_key="rebuilding").code
    errands.run_waiting(place.sessions)
    with place.sessions.write() as session:
        signer = people.by_email(session, troupe.email(StaffRole.REGULATORY))
        run = running.get(session, code)
        reviewing.decide(
            session, run, actor=signer, verdict=Verdict.APPROVE, password=troupe.password
        )
    errands.run_waiting(place.sessions)
    with place.sessions.read() as session:
        store = files.store_of(session)
        return [
            store.get(copy.file_sha256)
            for copy in session.scalars(
                select(ControlledCopy)
                .where(
                    ControlledCopy.request_key.startswith(code), ControlledCopy.file_sha256 != ""
                )
                .order_by(ControlledCopy.number)
            )
        ]


def another(place: Installation) -> bytes:
    """One more copy of the brief, issued while the company's certificate is set."""
    with place.sessions.write() as session:
        rep = people.by_email(session, demo.cast().email(StaffRole.REP))
        version = session.scalars(
            select(MaterialVersion)
            .join(Material, Material.approved_id == MaterialVersion.id)
            .order_by(Material.id)
        ).first()
        assert version is not None
        copy = copies.issue_copy(
            session, version, format="pdf", holder=rep, actor=rep, request_key="certified",
            press=place.press,
        )  # fmt: skip
        return files.store_of(session).get(copy.file_sha256 or "")


NAMES = (
    "brief.pdf",
    "deck.pdf",
    "deck.pptx",
    "letter.eml",
    "plate.pdf",
    "unfit.pdf",
    "certified.pdf",
)


def rebuilt(house: House, name: str, data: bytes | None = None, **settings: str) -> Rebuilt:
    """The answer in this process."""
    place = house.open(**settings)
    with place.sessions.read() as session:
        found = rebuild(session, data or house.issued[name], name=name, press=place.press)
    place.engine.dispose()
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_file_is_made_again_in_another_process(house: House, name: str) -> None:
    said = house.run(
        "rebuild", str(house.file(name)), "--format", "json", TZ="Asia/Tokyo", PYTHONHASHSEED="77"
    )
    answer = json.loads(said)
    assert (answer["same"], answer["code"], answer["differences"]) == (True, "same", [])
    assert "the same to the last byte" in answer["reason"]
    kind = verifying.verify(house.issued[name], public_keys=[house.public_key], name=name)
    assert kind.manifest is not None
    assert ("plate" in kind.manifest["fingerprint"]) == (name == "plate.pdf")
    assert ("certificate" in kind.manifest) == (name == "certified.pdf")


def place_in(data: bytes, name: str) -> int:
    """A byte that is neither the seal's nor the manifest's."""
    if name == "brief.pdf":
        with pikepdf.open(io.BytesIO(data)) as pdf:
            drawn = pdf.pages[0].obj.Contents.read_raw_bytes()
        return data.index(drawn) + len(drawn) // 2
    mark = b"ppt/slides/slide3.xml" if name == "deck.pptx" else b"<h1"
    return data.index(mark) + len(mark) + 20


@pytest.mark.parametrize("name", ["brief.pdf", "deck.pptx", "letter.eml"])
def test_an_altered_file_is_told_from_a_changed_library(house: House, name: str) -> None:
    data = bytearray(house.issued[name])
    data[place_in(house.issued[name], name)] ^= 1
    found = rebuilt(house, name, bytes(data))
    assert (found.same, found.code) == (False, "altered")
    assert "makes, byte for byte, what was issued" in found.reason
    assert found.differences
    house.run("rebuild", str(house.file(f"altered-{name}", bytes(data))), status=1)


def test_headers_that_servers_put_in_front_of_a_letter_are_not_compared(house: House) -> None:
    letter = house.issued["letter.eml"]
    on_the_way = b"Received: from a by b;\r\n\tTue, 24 Nov 2026\r\n" + letter
    assert rebuilt(house, "letter.eml", on_the_way).same
    assert rebuilt(house, "letter.eml", on_the_way.replace(b"\r\n", b"\n")).same


def test_what_makes_the_bytes_differ_is_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = rebuilt(house, "brief.pdf", base_url="https://elsewhere.example")
    assert (moved.same, moved.code) == (False, "differs")
    assert "The render fingerprint is the same." in moved.differences
    assert any(line.startswith("The validity page, url: “http://127") for line in moved.differences)
    today = fingerprint("brief")
    newer = {**today, "versions": {**today["versions"], "weasyprint": "99"}}
    monkeypatch.setattr("exports.sealing.fingerprint", lambda kind: newer)
    found = rebuilt(house, "brief.pdf")
    assert (found.same, found.code) == (False, "differs")
    assert found.differences == (
        "The render fingerprint differs in 1 entry:",
        f"versions, weasyprint: “{today['versions']['weasyprint']}” in the file, “99” today.",
    )


def test_a_letter_made_with_another_sender_is_told(house: House) -> None:
    found = rebuilt(house, "letter.eml", smtp_from="sales@northlight.example")
    assert (found.same, found.code) == (False, "differs")
    assert any("sales@northlight.example" in line for line in found.differences)


def test_a_certificate_that_is_not_set_any_more_is_told(house: House, tmp_path: Path) -> None:
    found = rebuilt(house, "certified.pdf")
    assert (found.same, found.code) == (False, "differs")
    assert any(line.startswith("The certificate: ") for line in found.differences)
    other = as_pkcs12(company("ed25519"), tmp_path / "other.p12")
    found = rebuilt(house, "certified.pdf", certificate=str(other), certificate_password=PASSWORD)
    assert any(line.startswith("The certificate, sha256: ") for line in found.differences)


def test_what_cannot_be_compared_is_bad_input(house: House, tmp_path: Path) -> None:
    words = {
        "text.pdf": (b"hello", "This is not a PDF file"),
        "text.txt": (b"hello", "none of the files Clearcopy seals"),
        "stranger.pdf": (seal_pdf(rendered(), brief(), keyring=STRANGER), "none of the keys given"),
        "mine.eml": (b"From: a@b.example\r\nTo: c@d.example\r\n\r\nhello\r\n", "no Clearcopy seal"),
    }
    for name, (data, reason) in words.items():
        said = house.run("rebuild", str(house.file(name, data)), status=2)
        assert name in said
        assert reason in said
    assert "No such file" in house.run("rebuild", str(tmp_path / "none.pdf"), status=2)


def test_a_file_of_another_library_with_the_same_key_is_told(house: House) -> None:
    place = house.open()
    keyring = place.sessions.keyring
    place.engine.dispose()
    document = replace(brief(), copy=Copy("9999", "Somebody", MOMENT))
    foreign = seal_pdf(rendered(document), document, keyring=keyring)
    with pytest.raises(NotFound, match="no copy 9999"):
        rebuilt(house, "foreign.pdf", foreign)
    document = replace(brief(), copy=Copy("0001", "Somebody", MOMENT))
    foreign = seal_pdf(rendered(document), document, keyring=keyring)
    with pytest.raises(NotFound, match="belongs to another library"):
        rebuilt(house, "foreign.pdf", foreign)
    document = replace(brief(), copy=None, status="preview")
    preview = seal_pdf(rendered(document), document, keyring=keyring)
    with pytest.raises(BadInput, match="no numbered copy"):
        rebuilt(house, "preview.pdf", preview)


def test_a_copy_stays_provable_after_its_parts_ended(house: House) -> None:
    """Last of all, for it withdraws what the others look at."""
    place = house.open()
    with place.sessions.write() as session:
        librarian = people.by_email(session, demo.cast().email(StaffRole.LIBRARIAN))
        copy = session.scalars(
            select(ControlledCopy).where(ControlledCopy.request_key == "demonstration")
        ).one()
        part = copy.material_version.parts[0]["version"]
        module = session.get_one(ModuleVersion, part)
        KINDS["module"][1].withdraw(session, module, actor=librarian, reason="A test")
    with place.sessions.write() as session:
        version = session.get_one(MaterialVersion, copy.material_version_id)
        assert [each.code for each in validity.objections(session, version, at=clock.now())]
    place.engine.dispose()
    for name in ("brief.pdf", "deck.pptx", "plate.pdf"):
        assert rebuilt(house, name).same
