"""What a recipient gets: parts, headers, order, and the same bytes everywhere."""

from __future__ import annotations

import email as stdlib
import email.policy
import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as lxml_html

from exports.body import runs, words
from exports.engine import RenderingFailed
from exports.mail.message import mail_html, render_mail
from exports.mail.text import mail_text
from tests.documents.letter import BRAND, LETTER, email, rendered, sealed

ROOT = Path(__file__).resolve().parents[4]


def parsed(data: bytes):
    return stdlib.message_from_bytes(data, policy=stdlib.policy.default)


def test_a_mail_program_finds_text_manifest_html_and_the_logo_it_shows() -> None:
    message = parsed(sealed())
    assert not message.defects
    letter, logo = message.iter_parts()
    kinds = [part.get_content_type() for part in letter.iter_parts()]
    assert kinds == ["text/plain", "application/vnd.clearcopy.manifest+json", "text/html"]
    assert message.get_body(("html",)).get_content_type() == "text/html"
    assert (logo.get_content_type(), logo.get_content_disposition()) == ("image/png", "inline")
    shown = lxml_html.document_fromstring(message.get_body(("html",)).get_content()).xpath("//img")
    assert [f"<{each.get('src').removeprefix('cid:')}>" for each in shown] == [logo["Content-ID"]]
    parts = [*letter.iter_parts(), logo]
    dispositions = [part.get_content_disposition() for part in parts]
    assert dispositions == [None, "inline", None, "inline"]
    assert not any(part.defects for part in parts)
    assert message["Subject"] == LETTER.subject
    assert message["From"] == '"Daniel Okoro, Northlight Therapeutics" <medical@northlight.example>'
    assert message["To"] == "Anita Reyes <anita.reyes@riverside.example>"
    assert message["List-Unsubscribe"] == f"<{LETTER.unsubscribe}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Date"] == "Tue, 24 Nov 2026 08:15:00 +0000"


def test_lines_are_short_ascii_and_none_begins_as_a_mailbox_would_change_it() -> None:
    lines = sealed().split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert sealed().isascii()
    body = sealed().partition(b"\r\n\r\n")[2].split(b"\r\n")
    assert not [line for line in body if line.startswith((b"From ", b"."))]


def test_safety_information_stands_above_the_signature_in_both_parts() -> None:
    document = email()
    page = lxml_html.document_fromstring(mail_html(document, BRAND)).text_content()
    for text in (page, mail_text(document, LETTER, BRAND)):
        safety = text.rindex("Hepatotoxicity:")
        closing = text.index("Kind regards,")
        assert safety < closing < text.index("References", closing)
        for wanted in ("1 Example Way", "Springfield, IL 62701", "BRF-0009", "Copy 0017"):
            assert wanted in text
        assert "Date of preparation" in text
    html = mail_html(document, BRAND)
    assert html.count(LETTER.prescribing_information) >= 2
    assert f'href="{LETTER.unsubscribe}"' in html


def test_legal_lines_and_address_are_those_of_the_market() -> None:
    brand = replace(BRAND, markets=(("UK", ("Registered in England.",), ("9 Example Street",)),))
    document = replace(email(), market="UK")
    for text in (mail_html(document, brand), mail_text(document, LETTER, brand)):
        assert "Registered in England." in text
        assert "9 Example Street" in text
        assert "1 Example Way" not in text


def test_every_word_of_every_block_is_in_both_parts() -> None:
    document = email()
    text = re.sub(r"\s+", " ", mail_text(document, LETTER, BRAND))
    for block in document.parts:
        for run in runs(block.body):
            first = re.split(r"[\d\W]{2,}", words(run))[0]
            assert first in text


def test_a_company_without_a_logo_sends_no_picture() -> None:
    message = parsed(render_mail(email(), brand=replace(BRAND, logo="")))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert "<img" not in message.get_body(("html",)).get_content()


def test_nothing_is_fetched_or_run_and_the_only_picture_is_the_logo() -> None:
    html = mail_html(email(), BRAND)
    page = lxml_html.document_fromstring(html)
    assert not page.xpath("//script | //link | //iframe | //form | //*[@background]")
    (logo,) = page.xpath("//img")
    assert logo.get("src").startswith("data:image/png;base64,")
    # with pictures off, and to who hears it, the name beside it says everything
    assert logo.get("alt") == ""
    assert logo.getparent().text_content() == BRAND.name
    assert "url(" not in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert not re.search(r'data-claim|href="#', html)
    addresses = {LETTER.prescribing_information, LETTER.unsubscribe, email().validity.url}
    found = set(page.xpath("//a/@href"))
    assert addresses <= found


@pytest.mark.parametrize("name", ["Björk & Guðrún", "<b>Ann</b>", 'A "B" C', "O’Neil; Ann, MD"])
def test_a_hostile_name_stays_a_name(name: str) -> None:
    document = email(recipient_name=name, greeting=f"Dear {name},")
    message = parsed(render_mail(document, brand=BRAND))
    assert message["To"].addresses[0].display_name == name
    assert message["To"].addresses[0].addr_spec == LETTER.recipient
    assert "<b>Ann" not in mail_html(document, BRAND)


@pytest.mark.parametrize("field", ["subject", "recipient_name", "signed_by", "unsubscribe"])
def test_no_line_break_gets_into_a_header(field: str) -> None:
    with pytest.raises(RenderingFailed):
        render_mail(email(**{field: "x\r\nBcc: other@x.example"}), brand=BRAND)


def test_a_subject_of_other_letters_is_read_as_it_was_written() -> None:
    subject = "HALVORYN (ostavatinib): information for Hôpital Saint-Étienne – Centre d’oncologie"
    assert parsed(render_mail(email(subject=subject), brand=BRAND))["Subject"] == subject


def test_without_a_letter_there_is_no_email() -> None:
    with pytest.raises(RenderingFailed):
        render_mail(replace(email(), letter=None), brand=BRAND)


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert rendered() == render_mail(email(), brand=BRAND)
