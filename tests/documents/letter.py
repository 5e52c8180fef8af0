"""The invented brief as an email: what the tests of messages render."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from exports.brand import Brand
from exports.document import Document, Letter
from exports.mail.message import render_mail
from exports.mail.sealing import seal_mail
from tests.documents.halvoryn import brief
from tests.documents.press import KEYRING

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20">'
    '<path d="M0 0H20V20H0Z" fill="#ffffff"/><circle cx="50" cy="10" r="9" fill="#7fe0d4"/></svg>'
)
BRAND = Brand(
    "Northlight Therapeutics", logo=LOGO, address=("1 Example Way", "Springfield, IL 62701")
)
LETTER = Letter(
    subject="HALVORYN (ostavatinib): information for Riverside Valley Health System",
    preheader="Please see the Important Safety Information.",
    greeting="Dear Anita Reyes,",
    closing="Kind regards,",
    reason="You receive this email because you agreed to it.",
    prescribing_information="https://label.example/drugInfo?setid=0001",
    unsubscribe="https://copy.example/u/17.token",
    signed_by="Daniel Okoro",
    signed_title="Key Account Manager",
    sender="medical@northlight.example",
    recipient="anita.reyes@riverside.example",
    recipient_name="Anita Reyes",
)


def email(**changes: str) -> Document:
    letter = replace(LETTER, **changes)
    return replace(brief(), kind="email", channel="email", letter=letter)


@cache
def rendered() -> bytes:
    return render_mail(email(), brand=BRAND)


@cache
def sealed() -> bytes:
    return seal_mail(rendered(), email(), KEYRING)
