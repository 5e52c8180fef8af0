"""Hostile modules, names, templates and looks, through the real operations into every format.

Nothing is fetched, nothing is executed, nothing breaks out of its place; a refusal says what is
wrong. A server listens at the addresses they name and counts who comes.
"""

from __future__ import annotations

import csv
import email
import email.policy
import io
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pikepdf
import pytest
from lxml import html as lxml_html

from accounts.models import Account
from accounts.operations import import_accounts
from exports import copies, formats, frame, operations, preflight, renditions, verifying
from exports.brand import Brand
from exports.brand_file import read_brand
from exports.building import build
from exports.bulk.delivering import csv_text
from exports.bulk.results import safe_cells
from exports.copies import Press
from exports.deck import archive
from exports.deck.contents import read_slides
from exports.engine import RenderingFailed
from exports.mail.lettering import Addressed
from exports.models import MaterialVersion, Template
from modules.models import Module
from modules.module_file import collect
from modules.operations import import_modules
from records import clock, files
from records.database import keyring_of
from records.errors import Refused
from records.problems import BadInput
from tests import building
from tests.unit.exports.conftest import ORDER, Library

HEAD = """---
id: HAL-M-{number:03d}
title: Hostile
kind: text
product: HALVORYN
pillar: clinical-differentiation
phases: [evidence-review]
roles: [pharmacy-and-therapeutics]
tiers: [strategic]
channels: [brief, deck, email]
market: US
audience: hcp
requires: [HAL-M-IND]
excludes: []
valid_until: 2027-12-31
---
## About this

"""


@dataclass
class Trap:
    """A server that takes connections and remembers how many there were."""

    port: int
    visits: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def trap() -> Iterator[Trap]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        made = Trap(server.getsockname()[1])

        def serve() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                with caller:
                    caller.settimeout(1)
                    made.visits.append(caller.recv(200))

        threading.Thread(target=serve, daemon=True).start()
        yield made
        assert made.visits == []


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Every name that is looked up and every address that is called: none."""
    asked: list[object] = []

    def refuse(*words: object, **_options: object) -> None:
        asked.append(words)
        raise OSError("nothing is fetched")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield asked
    assert asked == []


@pytest.fixture
def press() -> Press:
    brand = Brand("Northlight Therapeutics", address=("1 Example Way, Springfield",))
    return Press(brand, "https://copy.example")


# what a module may not say, and the words of the refusal
REFUSED = {
    "<img src={url}/x.png onerror=alert(1)>": "HTML is not allowed",
    "<script>fetch('{url}')</script>": "HTML is not allowed",
    "<svg><image href='{url}/x.svg'/><script>alert(1)</script></svg>": "HTML is not allowed",
    "</style><style>@import url({url}/x.css);</style>": "HTML is not allowed",
    "<iframe src='{url}'></iframe>": "HTML is not allowed",
    "<!-- hidden -->": "HTML is not allowed",
    "</a:t></a:r><a:hlinkClick r:id='x'/>": "HTML is not allowed",
    "<{url}/auto>": "HTML is not allowed",
    "{{{{ 7 * 7 }}}} {{% for x in y %}}": "Template code is not allowed",
    "{{{{config.items()}}}}": "Template code is not allowed",
    "{{{{account.__class__}}}}": "Not a claim reference or a field",
    "[[claim:../../etc/passwd]]": "Not a claim reference or a field",
    "[[claim:HAL-9999]]": "is not in the claims library",
    "red \x1b[31m and \x00": "invisible control character",
}


def bring(library: Library, folder: Path, body: str, number: int = 900) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"HAL-M-{number:03d}.md").write_text(HEAD.format(number=number) + body + "\n")
    import_modules(library.session, collect(folder), actor=library.writer)


@pytest.mark.parametrize("body", list(REFUSED))
def test_a_hostile_module_is_refused_with_the_reason(
    library: Library, trap: Trap, looked_up: list[object], tmp_path: Path, body: str
) -> None:
    with pytest.raises(BadInput, match=re.escape(REFUSED[body])) as caught:
        bring(library, tmp_path / "in", body.format(url=trap.url))
    assert "HAL-M-900.md, field body" in str(caught.value)


# what is mere words, and must stay words everywhere
WORDS = (
    "![a chart]({url}/x.png)",
    "![a][1]\n\n[1]: {url}/x.png",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt&colon;alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](file:///etc/passwd)",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#x3C;b&#x3E;",
    "%CLEARCOPY-SEAL-1 abc and 2525434c454152434f5059",
    "$\\input{{/etc/passwd}}$ and endobj startxref %%EOF",
    "=HYPERLINK(x) and +cmd and @SUM",
    "\\r\\nBcc: a@b.example and --=_clearcopy_ and .\n\nFrom here on",
)


def materials(library: Library) -> dict[str, MaterialVersion]:
    """An approved brief, presentation and email that hold what was imported."""
    for name in ("deck.us", "email.us"):
        operations.import_template(
            library.session, frame.shipped(name), filename=f"{name}.yaml", actor=library.librarian
        )
        template = library.session.query(Template).order_by(Template.id.desc()).first()
        building.sign(library.session, template.latest, by=library.signers)
    made = {}
    for kind in ("brief", "deck", "email"):
        made[kind] = library.approved(replace(ORDER, template=kind))
    return made


def files_of(
    library: Library, version: MaterialVersion, kind: str, press: Press
) -> dict[str, bytes]:
    """Every format of a material: copies where there are copies, renditions of all."""
    store, made = files.store_of(library.session), {}
    for each in formats.of_kind(kind):
        row = renditions.render(
            library.session, version, format=each.name, press=press, actor=library.writer
        )
        made[each.name] = store.get(row.file_sha256)
    for each in formats.issued(kind):
        copy = copies.issue_copy(
            library.session, version, format=each.name, holder=library.rep, actor=library.rep,
            request_key=f"{kind}-{each.name}", press=press,
        )  # fmt: skip
        made[f"copy.{each.name}"] = store.get(copy.file_sha256 or "")
    return made


def harmless(name: str, data: bytes, library: Library) -> None:
    """Nothing in a file runs, loads or leads where nobody meant it to."""
    end = name.rpartition(".")[2]
    if end == "html":
        harmless_page(data.decode())
    elif end == "pdf":
        harmless_pdf(data)
    elif end == "pptx":
        parts = archive.read(data)
        assert read_slides(parts)
        assert not any(b'TargetMode="External"' in part for part in parts.values())
        assert not any("vba" in each.lower() or ".." in each for each in parts)
    elif end == "eml":
        harmless_mail(data)
    if name.startswith("copy."):
        answer = verifying.verify(data, public_keys=[keyring_of(library.session).public_pem])
        assert answer.ok, answer


def harmless_page(text: str) -> None:
    page = lxml_html.document_fromstring(text)
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in ("script", "iframe", "object", "embed", "form", "base", "link")
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name)
            if name in ("src", "href", "xlink:href"):
                assert re.match(r"(https?:|mailto:|#|data:image/)", value), value
                assert element.tag == "a" or value.startswith(("#", "data:image/")), value
            assert "javascript:" not in value
            assert "url(" not in value
    for style in page.iter("style"):
        assert "@import" not in (style.text or "")
        assert "url(http" not in (style.text or "")


def harmless_pdf(data: bytes) -> None:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for found in pdf.objects:
            if not isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
                continue
            for key in ("/JS", "/JavaScript", "/Launch", "/SubmitForm", "/RichMedia", "/AA"):
                assert key not in found
            action = str(found.get("/S", ""))
            assert action not in ("/JavaScript", "/Launch", "/GoToR", "/SubmitForm", "/ImportData")
            if "/URI" in found and isinstance(found.get("/URI"), pikepdf.String):
                assert re.match(r"https?:", str(found.URI))
        assert "/OpenAction" not in pdf.Root


def harmless_mail(data: bytes) -> None:
    letter = email.message_from_bytes(data)
    for header in ("From", "To", "Subject", "Date", "MIME-Version"):
        assert len(letter.get_all(header, [])) == 1
    assert letter["Bcc"] is None
    parts = [part.get_content_type() for part in letter.walk()]
    assert parts in (
        ["multipart/alternative", "text/plain", "text/html"],
        [
            "multipart/alternative", "text/plain", "application/vnd.clearcopy.manifest+json",
            "text/html",
        ],
    )  # fmt: skip
    harmless_page(letter.get_payload()[-1].get_payload(decode=True).decode())


def test_what_is_mere_words_stays_words_in_every_format(
    library: Library, trap: Trap, looked_up: list[object], tmp_path: Path, press: Press
) -> None:
    bring(library, tmp_path / "in", "\n\n".join(WORDS).format(url=trap.url), 900)
    module = library.session.query(Module).filter_by(code="HAL-M-900").one()
    building.sign(library.session, module.latest, by=library.signers)
    for kind, version in materials(library).items():
        assert "HAL-M-900" in {part["module"] for part in version.parts}
        made = files_of(library, version, kind, press)
        assert any(name.startswith("copy.") for name in made)
        for name, data in made.items():
            harmless(name, data, library)
        page = lxml_html.document_fromstring(made["html"].decode())
        text = " ".join(page.text_content().split())
        assert "<script>alert(1)</script> <b>" in text
        assert "[click](javascript:alert(1))" in text


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
    ("field_name", "value"),
    [
        ("subject", "Hello {account}\\r\\nBcc: a@b.example"),
        ("subject", "{brand.__class__.__mro__}"),
        ("subject", "<b>{brand}</b> information"),
        ("reason", "{0} and {account!r} and more"),
        ("greeting", "Dear {recipient.__init__.__globals__},"),
        ("prescribing_information", "javascript:alert(1)"),
        ("prescribing_information", "http://127.0.0.1/{brand}"),
        ("closing", "Bye\\u2028 {account}"),
    ],
)
def test_a_hostile_template_is_refused_at_its_field(
    library: Library, looked_up: list[object], field_name: str, value: str
) -> None:
    text = frame.shipped("email.us").decode()
    line = f'  {field_name}: "{value}"'
    changed = re.sub(rf"(?m)^  {field_name}:.*(?:\n    .*)*", lambda _: line, text)
    assert changed != text
    with pytest.raises(BadInput, match=field_name):
        operations.import_template(
            library.session, changed.encode(), filename="hostile.yaml", actor=library.librarian
        )


@pytest.mark.parametrize(
    "data",
    [
        b"!!python/object/apply:os.system ['touch /tmp/clearcopy-was-here']",
        b"code: &a [*a]",
        b"a: &a [x,x]\nb: &b [*a,*a]\nc: !!python/name:os.system",
        b"title: {{ cycler.__init__.__globals__ }}",
    ],
)
def test_a_template_is_data_and_no_program(library: Library, data: bytes) -> None:
    with pytest.raises(BadInput, match=r"hostile\.yaml"):
        operations.import_template(
            library.session, data, filename="hostile.yaml", actor=library.librarian
        )


@pytest.mark.parametrize(
    "text",
    [
        "colours:\n  accent: 'red; } @import url(http://127.0.0.1/x.css); a {'\n",
        "colours:\n  accent: url(http://127.0.0.1/x)\n",
        "logo: ../../../etc/passwd\n",
        "logo: http://127.0.0.1/logo.svg\n",
        "logo: logo.svg\n",
        'name: "North\\nBcc: a@b.example"\n',
        "!!python/object/apply:os.system ['true']\n",
    ],
)
def test_a_hostile_look_is_refused_at_its_field(
    trap: Trap, looked_up: list[object], tmp_path: Path, text: str
) -> None:
    (tmp_path / "logo.svg").write_text(
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{trap.url}/x.png"/>'
        "<script>alert(1)</script><text>&x;</text></svg>"
    )
    (tmp_path / "brand.yaml").write_text(text.replace("127.0.0.1", f"127.0.0.1:{trap.port}"))
    with pytest.raises(BadInput, match=r"brand\.yaml|logo\.svg"):
        read_brand(tmp_path, otherwise=Brand("Northlight"))


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
