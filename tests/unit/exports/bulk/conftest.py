"""A printed document with slots, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from exports.body import Heading, Paragraph, Text, Token
from exports.brand import Brand
from exports.document import (
    AccountFacts,
    Approval,
    Block,
    Copy,
    Document,
    ProductFacts,
    TemplateFacts,
    TokenValue,
    Validity,
)

BRAND = Brand("Northlight Therapeutics")
MOMENT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
CODES = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def signed(number: int) -> tuple[Approval, ...]:
    return (Approval("Vera Klein", "regulatory", "I approve it.", MOMENT, str(number)),)


def block(code: str, kind: str, words: str) -> Block:
    body = (Heading(1, (Text(f"About {code}"),)), Paragraph((Text(words),)))
    return Block(code, "1.0", "0" * 64, kind, "Clinical differentiation", code, body)


def greeting(name: str, city: str, care: str) -> Block:
    """A section that names the account in its text, as opening modules do."""
    made = block("HAL-M-000", "text", "What follows was approved for your country.")
    sentence = (
        Text("This brief was put together for "),
        Token("account.name", name),
        Text(" in "),
        Token("account.city", city),
        Text(" (care setting: "),
        Token("account.care_setting", care),
        Text("). Statements are worded as approved; questions beyond the prescribing information"),
        Text(" are passed to Medical Information."),
    )
    heading, *others = made.body
    return replace(made, body=(heading, Paragraph(sentence), *others))


def greeted(number: int = 1, **values) -> Document:
    """``document`` with a section that names the account in its text."""
    made = document(number, **values)
    account = made.account
    first = greeting(account.name, account.city, account.care_setting)
    values = {"account.name": account.name, "account.city": account.city}
    tokens = (*values.items(), ("account.care_setting", account.care_setting))
    return replace(
        made,
        # narrow letters: the longest line is none of those that name the account
        blocks=(
            first,
            *made.blocks,
            block("HAL-M-009", "text", "It is still little, if it fits. " * 9),
        ),
        tokens=tuple(TokenValue(*pair) for pair in sorted(tokens)),
    )


def document(number: int = 1, **values) -> Document:
    """The document of an account; ``name``, ``city`` and ``care`` are those of the account."""
    name = values.pop("name", "Riverside Valley Health System")
    city, care = values.pop("city", "Madison"), values.pop("care", "academic cancer center")
    base = values.pop("base", "https://cc.example.org")
    code = "".join(CODES[(number * 7 + place * 11) % len(CODES)] for place in range(10))
    words = "The overall response rate was 57% in the trial of adults. " * 20
    given = {
        "kind": "brief",
        "code": f"BRF-{number:04d}",
        "version": "1.0",
        "title": f"HALVORYN for {name}",
        "audience": "hcp",
        "product": ProductFacts("HALVORYN", "ostavatinib", "capsules"),
        "account": AccountFacts(f"A-{number}", name, city, "WI", care, "hospital"),
        "role": "Pharmacy and therapeutics",
        "template": TemplateFacts("TPL-BRIEF-US", "1.0", "1" * 64),
        "blocks": (block("HAL-M-001", "text", words), block("HAL-M-002", "text", words * 2)),
        "isi": block("HAL-M-ISI", "isi", "HALVORYN can cause severe diarrhea. " * 12),
        "prepared": date(2026, 11, 24),
        "valid_until": date(2027, 12, 31),
        "tokens": (TokenValue("account.name", name),),
        "approvals": signed(number),
        "copy": Copy(f"{number:04d}", "Daniel Okoro", MOMENT),
        "validity": Validity(f"{base}/v/{code}", code),
    }
    return Document(**{**given, **values})


def without_place(made: Document) -> Document:
    return replace(made, account=replace(made.account, care_setting=""))


@pytest.fixture(scope="session")
def brand() -> Brand:
    return BRAND
