"""Handing one message to the mail server, and what its answer means.

The one question that matters afterwards is whether the server may have taken the message. Up to
the moment the text is on its way it surely has not; from then until its answer nobody knows.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """What became of one message."""

    SENT = "sent"
    REFUSED = "refused"  # for good: trying again will not help
    LATER = "later"  # surely not taken: may be tried again
    UNCERTAIN = "uncertain"  # perhaps taken: must not be tried again by itself


@dataclass(frozen=True, slots=True)
class Delivery:
    """An outcome with the server's words; ``bounced`` when it says there is no such mailbox."""

    outcome: Outcome
    words: str
    bounced: bool = False


@dataclass(frozen=True)
class Mailer:
    """The mail server of an installation; without a host nothing can be sent.

    Attributes:
        sender: the one verified address that stands in From and takes the notices (R-807).
        starttls: refuse to speak without encryption.
        per_minute: at most so many messages are sent in a minute.
    """

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = ""
    sender: str = ""
    starttls: bool = True
    per_minute: int = 60
    timeout: float = 30

    @property
    def ready(self) -> bool:
        """Whether the settings name a server and a sender."""
        return bool(self.host and self.sender)

    def deliver(self, message: bytes, *, recipient: str) -> Delivery:
        """Send one message to one recipient."""
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            return Delivery(Outcome.LATER, f"The mail server cannot be used: {_said(error)}")
        try:
            return self._send(server, message, recipient)
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            server.ehlo_or_helo_if_needed()
            if self.starttls:
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _send(self, server: smtplib.SMTP, message: bytes, recipient: str) -> Delivery:
        try:
            for answer in (server.mail(self.sender), server.rcpt(recipient), server.docmd("DATA")):
                if answer[0] not in (250, 251, 354):
                    return _refused(*answer)
        except (OSError, smtplib.SMTPException) as error:
            return Delivery(Outcome.LATER, f"The connection was lost early: {_said(error)}")
        return _hand_over(server, message)


def _hand_over(server: smtplib.SMTP, message: bytes) -> Delivery:
    """From here on the server may have the message whatever we hear."""
    dotted = re.sub(rb"(?m)^\.", b"..", message)
    end = b".\r\n" if dotted.endswith(b"\r\n") else b"\r\n.\r\n"
    try:
        server.send(dotted + end)
        code, words = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        said = f"The connection was lost before the mail server confirmed: {_said(error)}"
        return Delivery(Outcome.UNCERTAIN, said)
    if code == 250:
        return Delivery(Outcome.SENT, _plain(words))
    return _refused(code, words)


def _refused(code: int, words: bytes) -> Delivery:
    """Codes of 4xx are for a while, those of 5xx for good; 5.1.x is about the mailbox."""
    said = f"{code} {_plain(words)}"
    if 400 <= code < 500:
        return Delivery(Outcome.LATER, said)
    about_mailbox = re.match(rb"5\.1\.[1236]\b", words.strip()) is not None
    return Delivery(Outcome.REFUSED, said, bounced=code in (550, 551, 553) and about_mailbox)


def _plain(words: bytes) -> str:
    return " ".join(words.decode("utf-8", "replace").split())[:300]


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
