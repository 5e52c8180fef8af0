"""Hostile modules, templates and looks, through the real operations into every format.

Nothing is fetched, nothing is executed, nothing breaks out of its place; a refusal says what is
wrong. A server listens at the addresses they name and counts who comes.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html as lxml_html

from exports import frame, operations
from exports.brand import Brand
from exports.brand_file import read_brand
from exports.copies import Press
from modules.models import Module
from modules.module_file import collect
from modules.operations import import_modules
from records.problems import BadInput
from tests import building
from tests.unit.exports.conftest import Library
from tests.unit.exports.hostile.harmless import (
    Trap,
    files_of,
    harmless,
    materials,
)

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
