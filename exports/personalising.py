"""The values of one material: from the account's row, the meeting's date and the template's lines.

Nothing is typed freely. What a person gives (a date, lines of the agenda) is read here, refused
with the reason or turned into what is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Account
from accounts.naming import printed_name
from claims_library.models import Claim, ClaimVersion, Product
from exports import tokens
from exports.frame import Frame
from exports.tokens import Forbidden, forbidden_words
from records.errors import Objection
from records.vocabulary import Role

FROM_THE_ACCOUNT = ("account.name", "account.city", "account.care_setting")


def forbidden(session: Session, product: Product) -> Forbidden:
    """What no value may name: any product of the library, and this product's diseases."""
    names = session.execute(select(Product.brand, Product.generic)).all()
    indications = session.scalars(
        select(ClaimVersion.indication)
        .join(Claim, Claim.latest_id == ClaimVersion.id)
        .where(Claim.product_id == product.id)
        .distinct()
    )
    diseases = forbidden_words("", "", indications).diseases
    words = [forbidden_words(brand, generic, ()).words for brand, generic in names]
    return Forbidden(tuple(dict.fromkeys(word for held in words for word in held)), diseases)


def facts_of(account: Account, *, people: bool = False) -> dict[str, Any]:
    """The account's facts as a material pins and prints them; ``people`` for internal ones."""
    facts = {
        "code": account.code,
        "name": _printed(account.name),
        "city": _printed(account.city),
        "state": account.state,
        "care_setting": _printed(account.care_setting),
        "type": _printed(account.type),
    }
    return {**facts, "people": _people(account)} if people else facts


def _people(account: Account) -> list[dict[str, str]]:
    """Who is spoken to, in the order of the roles; a function may have no name."""
    rows = sorted(account.stakeholders, key=lambda row: (list(Role).index(row.role), row.id))
    return [
        {
            "role": row.role.value,
            "name": tokens.normalised(row.name),
            "title": tokens.normalised(row.title),
        }
        for row in rows
    ]


def people_objections(facts: Mapping[str, Any], forbidden: Forbidden) -> Iterator[Objection]:
    """Why a name or title of somebody at the account cannot be printed."""
    for each in facts.get("people", ()):
        for value in (each["name"], each["title"]):
            if value:
                yield from tokens.value_objections("person", value, forbidden)


def _printed(text: str) -> str:
    return printed_name(tokens.normalised(text))


def values_of(
    facts: Mapping[str, Any], meeting: date | None, agenda: Sequence[str]
) -> dict[str, str]:
    """Printed values by field, those that are empty left out."""
    values = {
        "account.name": facts["name"],
        "account.city": facts["city"],
        "account.care_setting": facts["care_setting"],
        "meeting.date": tokens.meeting_day(meeting) if meeting else "",
        "agenda": "\n".join(agenda),
    }
    return {name: value for name, value in values.items() if value}


def read_date(text: str) -> date | None:
    """A date as forms give it, ``2026-12-04``; None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def meeting_objections(meeting: date | None, day: date) -> Iterator[Objection]:
    """A meeting lies ahead, and not beyond any plan."""
    if meeting is None:
        return
    if meeting < day:
        sentence = f"The meeting on {tokens.meeting_day(meeting)} is in the past."
        yield Objection("meeting-past", sentence, where="meeting.date")
    if (meeting - day).days > 2 * 366:
        sentence = f"The meeting on {tokens.meeting_day(meeting)} is more than two years ahead."
        yield Objection("meeting-far", sentence, where="meeting.date")


def agenda_objections(lines: Sequence[str], frame: Frame) -> Iterator[Objection]:
    """An agenda is put together from the template's approved lines, each once."""
    for line in lines:
        if line not in frame.agenda:
            yield Objection(
                "agenda-not-approved",
                f"{line[:80]!r} is not a line of the approved agenda.",
                where="agenda",
                instead=f"There are: {'; '.join(frame.agenda) or 'none in this template'}.",
            )
    if len(set(lines)) < len(lines):
        yield Objection("agenda-repeated", "A line of the agenda is there twice.", where="agenda")
