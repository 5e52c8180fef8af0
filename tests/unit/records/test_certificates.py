"""Files of certificates: what can be used, and one sentence for what cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from records.certificates import CertificateUnusable, read_certificate
from tests.documents.certificate import PASSWORD, as_pem, as_pkcs12, company


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_both_kinds_of_file_give_key_certificate_and_chain(kind: str, tmp_path: Path) -> None:
    held = company(kind)
    for path, password in (
        (as_pkcs12(held, tmp_path / "a.p12"), PASSWORD),
        (as_pem(held, tmp_path / "a.pem"), ""),
        (as_pem(held, tmp_path / "b.pem", PASSWORD), PASSWORD),
        (tmp_path / "a.pem", "a password that is not needed"),
    ):
        found = read_certificate(path, password)
        assert (found.own, found.chain) == (held.own, held.chain)
        assert found.key.public_key() == held.key.public_key()
    assert found.subject == "Medical Documents, Northlight Therapeutics"
    assert found.issuer == "Example Root, Northlight Therapeutics"
    assert len(found.sha256) == 64
    assert found.holds(datetime(2027, 1, 1, tzinfo=UTC))
    assert not found.holds(datetime(2029, 1, 2, tzinfo=UTC))


def test_what_cannot_be_used_is_refused_in_one_sentence(tmp_path: Path) -> None:
    other = replace(company(), key=company("ed25519").key)
    (tmp_path / "text.p12").write_text("hello")
    (tmp_path / "half.pem").write_text("-----BEGIN CERTIFICATE-----\nhello")
    cases = {
        as_pkcs12(company(), tmp_path / "a.p12"): ("wrong", "its password is another one"),
        as_pem(company(), tmp_path / "a.pem", PASSWORD): ("", "the password must be"),
        as_pem(other, tmp_path / "other.pem"): ("", "is not that of the private key"),
        as_pem(company("ec"), tmp_path / "ec.pem"): ("", "must be RSA of at least 2048 bits"),
        as_pem(company("short"), tmp_path / "short.pem"): ("", "must be RSA of at least 2048"),
        as_pem(company(usage=False), tmp_path / "use.pem"): ("", "is not one for signing"),
        tmp_path / "text.p12": ("", "is no PKCS#12 or PEM file"),
        tmp_path / "half.pem": ("", "must hold a private key and its certificate"),
        tmp_path / "none.p12": ("", "No such file"),
        tmp_path: ("", "Is a directory"),
    }
    for path, (password, words) in cases.items():
        with pytest.raises(CertificateUnusable, match=words) as caught:
            read_certificate(path, password)
        assert str(path) in str(caught.value)
