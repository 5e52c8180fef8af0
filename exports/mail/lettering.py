"""The words of an email around its modules: from the approved template, with names filled in."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from exports.document import Letter
from exports.frame import Frame, LetterFrame
from exports.models import MaterialVersion
from exports.product_names import established_name


@dataclass(frozen=True, slots=True)
class Addressed:
    """Who one copy of an email is from and to.

    Attributes:
        sender: the verified address of the company that stands in From (R-807).
        signed_by: name under the letter.
        signed_title: their title.
        recipient: the address it goes to.
        recipient_name: as the greeting says it; empty greets without a name.
        unsubscribe: where this recipient ends all mail with one click.
    """

    sender: str
    signed_by: str
    signed_title: str
    recipient: str
    recipient_name: str
    unsubscribe: str


def letter_of(
    version: MaterialVersion, frame: Frame, *, base_url: str, addressed: Addressed | None
) -> Letter | None:
    """The letter of a material version; None where the template is not one of an email."""
    words = frame.email
    if words is None:
        return None
    product = version.material.product
    fields = {
        "brand": product.brand,
        "generic": established_name(product.generic),
        "account": version.facts["name"],
    }
    fixed = {name: getattr(words, name).format(**fields) for name in _FILLED}
    name = addressed.recipient_name if addressed else ""
    return Letter(
        **fixed,
        greeting=_greeting(words, name, fields),
        prescribing_information=words.prescribing_information.format(
            brand=quote(product.brand.lower()), set_id=quote(version.label_version.set_id)
        ),
        unsubscribe=addressed.unsubscribe if addressed else f"{base_url.rstrip('/')}/unsubscribe",
        signed_by=addressed.signed_by if addressed else "",
        signed_title=addressed.signed_title if addressed else "",
        sender=addressed.sender if addressed else "",
        recipient=addressed.recipient if addressed else "",
        recipient_name=name,
    )


_FILLED = ("subject", "preheader", "closing", "reason")


def _greeting(words: LetterFrame, name: str, fields: dict[str, str]) -> str:
    if name:
        return words.greeting.format(recipient=name)
    return words.greeting_without_name.format(**fields)
