"""The message of an email: headers, a text part and an HTML part, every byte decided by us.

Date, Message-ID and boundary come from the document, so that the same document gives the same
bytes. Lines are short and of ASCII, and none begins as a mailbox file would change it: what a
server may alter on the way has nothing to alter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from urllib.parse import urlsplit

import css_inline
from markupsafe import Markup

from exports.brand import Brand
from exports.document import Document, Letter
from exports.engine import RenderingFailed
from exports.layouts import stylesheet, template
from exports.mail.anatomy import AROUND, fields_before
from exports.mail.picture import Logo, logo_of_mail
from exports.mail.text import mail_text
from exports.mail.view import mail_view
from records.canonical import sha256

# keeps what follows the preheader out of an inbox's preview of the message
_FILLER = "\u034f\u200c\xa0" * 60
_FROM_LINE = re.compile(rb"^From ", re.MULTILINE)
_DOT_LINE = re.compile(rb"^\.", re.MULTILINE)


def mail_html(document: Document, brand: Brand, *, alone: bool = True) -> str:
    """The HTML part: styles written into the elements, dark mode and phones in the head.

    ``alone``: as a file of its own, which holds the logo itself; else a message holds it.
    """
    logo = logo_of_mail(brand)
    address = "" if logo is None else logo.embedded if alone else f"cid:{logo.id}"
    style = stylesheet(document.kind, brand, document.page_size)
    return _inliner().inline(_page(document, brand, style=style, logo=address))


def mail_page(
    document: Document, brand: Brand, *, style: str, stylesheets: Sequence[str], nonce: str
) -> str:
    """The email as a page to look at, with what an inbox shows of it above."""
    logo = logo_of_mail(brand)
    return _page(
        document,
        brand,
        style=style,
        logo=logo.embedded if logo else "",
        stylesheets=stylesheets,
        nonce=nonce,
        envelope=True,
    )


def _page(
    document: Document,
    brand: Brand,
    *,
    style: str,
    logo: str,
    stylesheets: Sequence[str] = (),
    nonce: str = "",
    envelope: bool = False,
) -> str:
    return template(document.kind).render(
        view=mail_view(document, letter_of(document), brand),
        logo=Markup(logo),  # noqa: S704 - an address made of a hash or of base64
        style=Markup(style),  # noqa: S704 - our own files and checked colours
        stylesheets=stylesheets,
        nonce=nonce,
        envelope=envelope,
        filler=_FILLER,
    )


def render_mail(document: Document, *, brand: Brand) -> bytes:
    """The message, not yet sealed (see ``exports.mail.sealing``).

    Raises:
        RenderingFailed: a header would not be what it says.
    """
    letter = letter_of(document)
    text, html = mail_text(document, letter, brand), mail_html(document, brand, alone=False)
    message = EmailMessage(policy=SMTP.clone(max_line_length=76))
    try:
        headers = _headers(document, letter, brand)
        for name, value in headers:
            _check_header(name, str(value))
            message[name] = value
    except ValueError:
        raise RenderingFailed("A header of the email holds a line break or no address.") from None
    seed = sha256([[name, str(value)] for name, value in message.items()] + [text, html])
    message["Message-ID"] = f"<{seed[:32]}@{_host(letter)}>"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_clearcopy_{seed[32:]}")
    data = _with_logo(message, logo_of_mail(brand)).as_bytes()
    data = data.replace(_folded(data, b"Subject"), _subject(letter.subject), 1)
    _check_headers(data, [name for name, _ in headers])
    return _kept_on_the_way(data)


def _with_logo(letter: EmailMessage, logo: Logo | None) -> EmailMessage:
    """The message with the picture its HTML shows, which no program lists as an attachment."""
    if logo is None:
        return letter
    whole, inner, picture = (EmailMessage(policy=letter.policy) for _ in range(3))
    for name, value in letter.items():
        if name not in ("MIME-Version", "Content-Type"):
            whole[name] = value
    whole["MIME-Version"] = "1.0"
    whole["Content-Type"] = 'multipart/related; type="multipart/alternative"'
    inner["Content-Type"] = letter["Content-Type"]
    inner.set_payload(letter.get_payload())
    picture.set_content(
        logo.data, "image", "png", disposition="inline", filename="logo.png", cid=f"<{logo.id}>"
    )
    del picture["MIME-Version"]
    whole.set_payload([inner, picture])
    whole.set_boundary(f"{letter.get_boundary()}{AROUND}")
    return whole


# headers that every message has beside those of the letter
_USUAL = ("MIME-Version", "Message-ID", "Content-Type")


def _check_header(name: str, value: str) -> None:
    """Words that a mail program would decode into other words, or into a header, are refused."""
    if "=?" in value or not value.isprintable():
        raise RenderingFailed(
            f"The header {name} of the email cannot say “{value[:60]}”: it holds a line break, a"
            " sign that cannot be seen, or “=?”, which mail programs take for encoded words."
            " Correct the name or title it comes from."
        )


def _check_headers(data: bytes, names: Sequence[str]) -> None:
    """The message has the headers it was given and no other, whatever a library made of them."""
    found = fields_before(data.partition(b"\r\n\r\n")[0] + b"\r\n")
    if found is None or sorted(found) != sorted([*names, *_USUAL]):
        raise RenderingFailed("The headers of the email are not those it was given.")


def _folded(data: bytes, name: bytes) -> bytes:
    """A whole header field as it stands in the message."""
    found = re.search(rb"^" + name + rb":[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n", data, re.MULTILINE)
    return found[0] if found else b""


def _subject(text: str) -> bytes:
    """The subject folded at its spaces, in one kind of encoding: else a space more is read."""
    signs = "us-ascii" if text.isascii() else "utf-8"
    value = Header(text, signs, maxlinelen=76, header_name="Subject").encode(linesep="\r\n")
    return f"Subject: {value}\r\n".encode()


def letter_of(document: Document) -> Letter:
    """The letter of a document that is an email."""
    if document.letter is None:
        raise RenderingFailed(
            f"{document.code} has no letter: its template is not one of an email."
        )
    return document.letter


def made_at(document: Document) -> datetime:
    """When these bytes came to be, as the document says: no clock is asked."""
    if document.copy:
        return document.copy.issued_at.astimezone(UTC)
    return datetime.combine(document.prepared, time(), tzinfo=UTC)


def _headers(document: Document, letter: Letter, brand: Brand) -> list[tuple[str, object]]:
    host = _host(letter)
    sender = letter.sender or f"unaddressed@{host}"
    name = f"{letter.signed_by}, {brand.name}" if letter.signed_by else brand.name
    copy = f"; copy={document.copy.number}" if document.copy else ""
    return [
        ("From", Address(name, addr_spec=sender)),
        ("To", _to(letter)),
        ("Subject", letter.subject),
        ("Date", format_datetime(made_at(document))),
        ("List-Unsubscribe", f"<{letter.unsubscribe}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("X-Clearcopy-Material", f"{document.code}; version={document.version}{copy}"),
    ]


def _to(letter: Letter) -> object:
    if letter.recipient:
        return Address(letter.recipient_name, addr_spec=letter.recipient)
    return "undisclosed-recipients:;"


def _host(letter: Letter) -> str:
    """The domain that names the message: the sender's, or the installation's."""
    if letter.sender:
        return letter.sender.rpartition("@")[2]
    address = urlsplit(letter.unsubscribe)
    return address.hostname or "clearcopy.invalid"


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(
        keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False
    )


def _kept_on_the_way(data: bytes) -> bytes:
    """No line that begins with ``From `` or a dot, in parts that are quoted-printable."""
    head, gap, body = data.partition(b"\r\n\r\n")
    return head + gap + _DOT_LINE.sub(b"=2E", _FROM_LINE.sub(b"=46rom ", body))
