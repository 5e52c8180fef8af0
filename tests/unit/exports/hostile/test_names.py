"""Hostile names and facts of accounts, people and agendas: refused, or words and no more."""

from __future__ import annotations

import csv
import email
import email.policy
import io
from dataclasses import replace

import pytest
from lxml import html as lxml_html

from accounts.models import Account
from accounts.operations import import_accounts
from exports import formats, preflight
from exports.building import build
from exports.bulk.delivering import csv_text
from exports.bulk.results import safe_cells
from exports.copies import Press
from exports.engine import RenderingFailed
from exports.mail.lettering import Addressed
from records import clock
from records.errors import Refused
from records.problems import BadInput
from tests.unit.exports.conftest import ORDER, Library
from tests.unit.exports.hostile.harmless import Trap, files_of, harmless, harmless_mail, materials

NAMES = (
    "A & B <Clinic> \"x\" 'y'",
    "<script>alert(1)</script> Hospital",
    "=HYPERLINK(A1) Hospital",
    "</w:t> &amp; {{7*7}} {brand} %s Center",
    "../../etc/passwd Clinic",
    "A & B Clinic \"x\" 'y'",
    "Röntgen–Klinik “São João”",
)


@pytest.mark.parametrize("given", NAMES)
def test_the_name_of_an_account_is_refused_or_stays_a_name(
    library: Library, trap: Trap, looked_up: list[object], press: Press, given: str
) -> None:
    quoted = given.replace('"', '""')
    rows = (
        "account_id,name,type,city,state,beds,care_setting,tier\r\n"
        f'A-9,"{quoted}",General acute care,Madison,WI,100,community hospital,strategic\r\n'
    ).encode()
    if set(given) & set("<{"):
        with pytest.raises(BadInput, match="row 2, column name: HTML and templates are not"):
            import_accounts(library.session, rows, filename="accounts.csv", actor=library.librarian)
        return
    import_accounts(library.session, rows, filename="accounts.csv", actor=library.librarian)
    version = library.approved(replace(ORDER, account="A-9"))
    made = files_of(library, version, "brief", press)
    for name, data in made.items():
        harmless(name, data, library)
    page = lxml_html.document_fromstring(made["html"].decode())
    assert given in " ".join(page.text_content().split())


def with_fact(library: Library, column: str, value: str) -> None:
    facts = {"city": "Madison", "care_setting": "community hospital", "type": "Hospital"}
    row = ",".join({**facts, column: value}.values())
    rows = f"account_id,name,state,{','.join(facts)}\r\nA-9,Some Hospital,WI,{row}\r\n"
    import_accounts(
        library.session, rows.encode(), filename="accounts.csv", actor=library.librarian
    )


@pytest.mark.parametrize("column", ["city", "care_setting", "type"])
@pytest.mark.parametrize("value", ["<b>here</b>", "{{7*7}}", "{% x %}", "<!-- x -->"])
def test_no_fact_of_an_account_is_markup(library: Library, column: str, value: str) -> None:
    with pytest.raises(BadInput, match=f"accounts.csv, row 2, column {column}: HTML and"):
        with_fact(library, column, value)


@pytest.mark.parametrize("column", ["city", "care_setting"])
@pytest.mark.parametrize("value", ["[[claim:HAL-0001]]", "`code` **bold**", "see http://x.example"])
def test_no_value_is_more_than_words(library: Library, column: str, value: str) -> None:
    with_fact(library, column, value)
    version = library.assemble(replace(ORDER, account="A-9"))
    found = preflight.check(library.session, version, at=clock.now())
    stopping = [each for each in found if each.severity == "block"]
    assert any(f"account.{column}" in str(each) for each in stopping), stopping


@pytest.mark.parametrize(
    "line",
    ["<script>alert(1)</script>", "{{ account.name }}", "A line\nof two", "HALVORYN cures"],
)
def test_an_agenda_holds_approved_lines_only(library: Library, line: str) -> None:
    with pytest.raises(Refused, match="agenda"):
        library.assemble(replace(ORDER, agenda=(line,)))


@pytest.mark.parametrize("cell", ["bell\x07", "nul\x00", "turned \u202eround"])
def test_no_control_sign_gets_into_a_name(library: Library, cell: str) -> None:
    rows = f'account_id,name,type,city,state\r\nA-9,"{cell}",Hospital,Madison,WI\r\n'
    with pytest.raises(BadInput, match=r"accounts\.csv"):
        import_accounts(
            library.session, rows.encode(), filename="accounts.csv", actor=library.librarian
        )


def test_a_line_break_in_a_name_is_a_space(library: Library) -> None:
    rows = b'account_id,name,type,city,state\r\nA-9,"two\r\nlines",Hospital,Madison,WI\r\n'
    import_accounts(library.session, rows, filename="accounts.csv", actor=library.librarian)
    assert library.session.query(Account).filter_by(code="A-9").one().name == "two lines"


@pytest.mark.parametrize(
    ("sender", "recipient"),
    [
        ("Rep\r\nBcc: all@x.example", "Anita Reyes"),
        ("Daniel Okoro", "Eve\nTo: all@x.example"),
        ('Rep" <rep@x.example>', 'Eve" <eve@x.example>, all@x.example'),
        ("=?utf-8?q?Rep=0D=0ABcc:_x?=", "Anita Reyes"),
        ("Daniel Okoro", "=?utf-8?b?RXZlDQpCY2M6IHg=?= Reyes"),
        ("Daniel Okoro", "Anita; group: a@b.example;"),
    ],
)
def test_people_whose_names_hold_more_than_a_name(
    library: Library, press: Press, sender: str, recipient: str
) -> None:
    """A representative's name stands in From, a stakeholder's in To: neither opens a header."""
    version = materials(library)["email"]
    addressed = Addressed(
        sender="medical@northlight.example",
        signed_by=sender,
        signed_title="",
        recipient="eve@a.example",
        recipient_name=recipient,
        unsubscribe="https://copy.example/u/1",
    )
    document = build(library.session, version, base_url=press.base_url, addressed=addressed)
    if "=?" in f"{sender}{recipient}" or not f"{sender}{recipient}".isprintable():
        with pytest.raises(RenderingFailed, match="of the email"):
            formats.get("eml").make(document, press.brand)
        return
    data = formats.get("eml").make(document, press.brand)
    harmless_mail(data)
    letter = email.message_from_bytes(data, policy=email.policy.SMTP)
    assert [each.addr_spec for each in letter["To"].addresses] == ["eve@a.example"]
    assert [each.addr_spec for each in letter["From"].addresses] == ["medical@northlight.example"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_of_a_result_is_a_formula(sign: str) -> None:
    name = f"{sign}HYPERLINK(x) Hospital"
    (row,) = csv.reader(io.StringIO(csv_text([safe_cells(["1", name, "issued"])])))
    assert row == ["1", f"'{name}", "issued"]
