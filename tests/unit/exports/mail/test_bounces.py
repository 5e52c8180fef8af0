"""Notices of non-delivery: read, matched with the letter, and followed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from exports.mail import bounces
from exports.mail.models import Sending, SendingState, Suppression
from records import errands
from records.problems import BadInput
from tests.unit.exports.mail.conftest import Inbox, Post
from tests.unit.exports.mail.test_sending import ANITA, queue

NOTICE = """\
From: MAILER-DAEMON@mx.example
To: medical@example.org
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 unknown mailbox

--b
Content-Type: text/rfc822-headers

X-Clearcopy-Material: EML-0001; version=1.0; copy={copy}
Subject: x

--b--
"""


def notice(copy: int, *, address="anita@a.example", action="failed", status="5.1.1") -> bytes:
    values = {"address": address, "action": action, "status": status, "copy": f"{copy:04d}"}
    return NOTICE.format(**values).replace("\n", "\r\n").encode()


def record(post: Post, data: bytes) -> list[str]:
    with post.sessions.write() as session:
        _, rep = post.open(session)
        found = bounces.read_notice(data, filename="notice.eml")
        return [bounces.record_notice(session, each, actor=rep) for each in found]


@pytest.fixture
def copy(post: Post, inbox: Inbox, clock) -> int:
    queue(post, ANITA)
    errands.run_waiting(post.sessions)
    with post.sessions.read() as session:
        return session.scalars(select(Sending.copy_number)).one()


def test_a_mailbox_that_does_not_exist_is_not_written_to_again(post: Post, copy: int) -> None:
    assert record(post, notice(copy)) == ["bounced"]
    assert record(post, notice(copy)) == ["bounced"]
    with post.sessions.read() as session:
        row = session.scalars(select(Sending)).one()
        assert (row.state, row.detail) == (SendingState.BOUNCED, "550 5.1.1 unknown mailbox")
        assert session.query(Suppression).count() == 1


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({"action": "delayed", "status": "4.4.1"}, "delayed"),
        ({"action": "failed", "status": "4.4.7"}, "delayed"),
        ({"address": "stranger@x.example"}, "unknown"),
    ],
)
def test_what_is_not_final_or_not_ours_changes_nothing(
    values: dict[str, str], answer: str, post: Post, copy: int
) -> None:
    assert record(post, notice(copy, **values)) == [answer]
    with post.sessions.read() as session:
        assert session.scalars(select(Sending)).one().state is SendingState.SENT
        assert session.query(Suppression).count() == 0


def test_a_notice_about_another_copy_is_not_believed(post: Post, copy: int) -> None:
    assert record(post, notice(copy + 5)) == ["unknown"]


@pytest.mark.parametrize("data", [b"", b"hello", b"Subject: Hi\r\n\r\nThanks!", b"\xff\x00"])
def test_what_is_no_notice_is_told(data: bytes) -> None:
    with pytest.raises(BadInput, match="no notice"):
        bounces.read_notice(data, filename="x.eml")
