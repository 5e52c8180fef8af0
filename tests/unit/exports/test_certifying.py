"""A PDF that carries the company's certificate too: valid for readers of PDFs, and sealed by us."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import PdfSignatureStatus, validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from cms.installation import create, open_installation
from cms.settings import Settings, UnsafeSettings
from exports import certifying, proofing
from exports.provenance import provenance_lines
from exports.seal import HIDDEN, MARK
from exports.sealing import seal_pdf
from exports.verifying_pdf import verify_pdf
from records.errors import Refused
from tests.documents.certificate import PASSWORD, as_pkcs12, authority, company
from tests.documents.halvoryn import brief
from tests.documents.press import KEYRING, STRANGER, rendered, sealed

ROOT = Path(__file__).parents[3]
KEYS = [KEYRING.public_pem]
COMPANY = replace(KEYRING, certificate=company())
DATA = seal_pdf(rendered(), brief(), keyring=COMPANY)
MOMENT = datetime(2026, 12, 1, tzinfo=UTC)


def as_readers_see(data: bytes) -> PdfSignatureStatus:
    """The answer of pyHanko's own validation for the one signature of a file."""
    root = x509.Certificate.load(authority()[0].public_bytes(Encoding.DER))
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    context = ValidationContext(trust_roots=[root], moment=MOMENT)
    with ThreadPoolExecutor(1) as thread:  # a browser of other tests may have a loop here
        return thread.submit(validate_pdf_signature, signature, context).result()


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_readers_find_the_whole_file_signed_and_we_find_it_sealed(kind: str) -> None:
    keyring = replace(KEYRING, certificate=company(kind))
    data = seal_pdf(rendered(), brief(), keyring=keyring)
    status = as_readers_see(data)
    assert status.bottom_line
    assert status.trusted
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.modification_level is ModificationLevel.NONE
    assert status.docmdp_ok
    assert status.signer_reported_dt == datetime(2026, 11, 24, 8, 15, tzinfo=UTC)
    found = verify_pdf(data, public_keys=KEYS)
    assert (found.ok, found.code) == (True, "valid")
    assert found.manifest is not None
    assert found.manifest["certificate"]["sha256"] == company(kind).sha256
    assert (
        "Certified by Medical Documents, Northlight Therapeutics; certificate issued by Example"
        " Root, Northlight Therapeutics"
    ) in provenance_lines(found.manifest)


def test_the_signature_is_of_the_baseline_and_holds_no_change() -> None:
    (signature,) = PdfFileReader(io.BytesIO(DATA)).embedded_signatures
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    signed = {each["type"].native for each in signature.signer_info["signed_attrs"]}
    assert {"content_type", "message_digest", "signing_certificate_v2"} <= signed
    assert "signing_time" not in signed
    with pikepdf.open(io.BytesIO(DATA)) as pdf:
        assert int(pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P) == 1
        assert str(pdf.Root.Perms.DocMDP.Reason) == "Issued as approved: BRF-0009 1.0, copy 0017"
        assert int(pdf.Root.AcroForm.SigFlags) == 3


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig of poppler-utils is not installed")
def test_another_program_agrees(tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(DATA)
    said = subprocess.run(
        ["pdfsig", "-nocert", str(path)], check=False, capture_output=True, text=True
    ).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said


def test_the_same_document_gives_the_same_bytes() -> None:
    assert seal_pdf(rendered(), brief(), keyring=COMPANY) == DATA
    long = replace(company(), chain=(*company().chain, *company().chain))
    assert seal_pdf(rendered(), brief(), keyring=replace(KEYRING, certificate=long)) == DATA


def test_it_gets_as_much_room_as_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certifying, "SMALLEST", 100)
    data = seal_pdf(rendered(), brief(), keyring=COMPANY)
    assert as_readers_see(data).bottom_line
    assert verify_pdf(data, public_keys=KEYS).ok


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_no_changed_byte_is_accepted(place: int, change: int) -> None:
    broken = bytearray(DATA)
    broken[place] ^= change
    assert not verify_pdf(bytes(broken), public_keys=KEYS).ok


def test_no_digit_of_the_signature_is_free() -> None:
    """Readers of PDFs do not look at the zeros behind a signature, nor at the case of digits."""
    start = DATA.index(b"/Contents <") + 11
    end = DATA.index(b">", start)
    for place in (end - 1, end - 2, DATA.index(HIDDEN) - 1, DATA.index(HIDDEN), start, start - 1):
        for sign in b"1f ":
            broken = DATA[:place] + bytes([sign]) + DATA[place + 1 :]
            assert broken == DATA or not verify_pdf(broken, public_keys=KEYS).ok
    upper = DATA[:start] + DATA[start:end].upper() + DATA[end:]
    assert as_readers_see(upper).bottom_line
    assert not verify_pdf(upper, public_keys=KEYS).ok


def test_a_strangers_certificate_is_not_taken_for_the_companys() -> None:
    stranger = replace(STRANGER, certificate=company("ed25519"))
    again = seal_pdf(rendered(), brief(), keyring=stranger)
    assert verify_pdf(again, public_keys=KEYS).code == "unknown_key"


def test_a_revision_after_the_signature_is_refused() -> None:
    found = verify_pdf(DATA + b"\n%%EOF\n", public_keys=KEYS)
    assert (found.ok, found.code) == (False, "appended")


def test_two_seals_in_two_spellings_are_refused() -> None:
    for further in (MARK, HIDDEN):
        assert verify_pdf(DATA + further, public_keys=KEYS).code == "two_seals"
        assert verify_pdf(sealed() + further, public_keys=KEYS).code == "two_seals"


def test_the_altered_part_is_named() -> None:
    place = DATA.index(b"/Contents <") + 300
    broken = DATA[:place] + (b"0" if DATA[place : place + 1] != b"0" else b"1") + DATA[place + 1 :]
    found = verify_pdf(broken, public_keys=KEYS)
    assert "The signature of the certificate differs." in found.differences


def test_nothing_is_issued_with_a_certificate_that_ended() -> None:
    ended = company(last=datetime(2026, 11, 1, tzinfo=UTC))
    with pytest.raises(Refused, match="holds from 01 January 2026 to 01 November 2026, not on 24"):
        seal_pdf(rendered(), brief(), keyring=replace(KEYRING, certificate=ended))


def test_a_preview_is_not_certified() -> None:
    document = replace(brief(), status="preview", copy=None)
    data = seal_pdf(rendered(document), document, keyring=COMPANY)
    assert b"/ByteRange" not in data
    assert verify_pdf(data, public_keys=KEYS).ok


def test_what_was_measured_on_the_pages_stays_in_the_manifest() -> None:
    assert proofing.results_of(DATA)
    assert all(each["severity"] == "pass" for each in proofing.results_of(DATA))


def test_no_page_and_no_start_loads_the_library_of_signatures() -> None:
    program = (
        "import sys, cms.app, cms.cli.serving, exports.copies, exports.verifying_pdf;"
        "print([name for name in sys.modules if name.startswith(('pyhanko', 'asn1crypto'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_certificate_that_cannot_be_used_keeps_the_program_from_starting(tmp_path: Path) -> None:
    home, good = tmp_path / "home", as_pkcs12(company(), tmp_path / "company.p12")
    place, _ = create(Settings(home=home, certificate=str(good), certificate_password=PASSWORD))
    place.engine.dispose()
    assert place.sessions.keyring.certificate is not None
    assert PASSWORD not in repr(place.settings)
    for path, password in ((good, "another"), (tmp_path / "none.p12", "")):
        given = Settings(home=home, certificate=str(path), certificate_password=password)
        with pytest.raises(UnsafeSettings, match="CLEARCOPY_CERTIFICATE cannot be used: /"):
            open_installation(given)
