"""A document from a plate is the document that is rendered in full: words, look, proof."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
from collections import Counter
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports.body import Heading, ListNode, Paragraph, Strong, Text, Token
from exports.bulk import measures, printing
from exports.bulk.casting import make_plate
from exports.bulk.faces import ALPHABET, FILES, Unfit, face
from exports.bulk.plate import Plate
from exports.bulk.printing import FULL, PLATE, plate_of, print_one
from exports.bulk.slots import slots_of
from exports.copies import Press
from exports.document import ClaimUse, Stakeholder
from exports.rendering import render_pdf
from exports.sealing import seal_pdf
from exports.verifying_pdf import verify_pdf
from tests.unit.exports.bulk.conftest import BRAND, block, document, greeted

PRESS = Press(BRAND, "https://cc.example.org")
DPI = 60
NAMES = (
    "Mayo Clinic",
    "St. Brennan’s Regional Medical Center & Affiliated Offices",
    "Élan-Łódź Hôpital für Ärzte (Office of Efficiency)",
    "Quillan County Hospital of the Five Rivers and Their Far-Flung Tributaries",
)


@pytest.fixture(scope="module")
def plate() -> Plate:
    return make_plate(document(), brand=BRAND)


def full(made, keyring, brand=BRAND) -> bytes:
    return seal_pdf(render_pdf(made, brand=brand), made, keyring=keyring)


def texts(data: bytes) -> list[list[str]]:
    """The words of each page as another program reads them."""
    pdf = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_range().split() for page in pdf]


def pictures(data: bytes) -> list[bytes]:
    pdf = pypdfium2.PdfDocument(data)
    return [page.render(scale=DPI / 72, grayscale=True).to_pil().tobytes() for page in pdf]


def far_off(one: bytes, other: bytes) -> int:
    """Pixels that differ by more than a shade nobody sees."""
    assert len(one) == len(other)
    return sum(abs(a - b) > 48 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("make", [document, greeted])
@pytest.mark.parametrize("page_size", ["letter", "a4"])
def test_it_reads_and_looks_as_rendered_in_full(name, make, page_size, keyring) -> None:
    made = make(7, name=name, city="Prairie du Chien", page_size=page_size)
    assert_like_full(made, PRESS, keyring)


def assert_like_full(made, press, keyring) -> None:
    """It comes from a plate, and says and shows what its full rendering does."""
    data, way = print_one(made, press=press, keyring=keyring)
    wanted = full(made, keyring, press.brand)
    assert way == PLATE
    assert texts(data) == texts(wanted)
    for one, other in zip(pictures(data), pictures(wanted), strict=True):
        assert far_off(one, other) <= len(one) // 5000
    answer = verify_pdf(data, public_keys=[keyring.public_pem])
    assert answer.ok, (answer.reason, answer.differences)


HANDED_OVER = (
    ("leave-behind", "Information for {}"),
    ("faq-sheet", "Questions and answers"),
    ("faq-sheet", "Answers for {}"),
)


@pytest.mark.parametrize(("kind", "title"), HANDED_OVER)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("make", "page_size"), [(document, "letter"), (greeted, "a4")])
def test_other_kinds_read_and_look_as_rendered_in_full(
    kind, title, name, make, page_size, keyring
) -> None:
    made = make(7, name=name, page_size=page_size, kind=kind, title=title.format(name))
    assert_like_full(made, PRESS, keyring)


MEMOS = (
    ("meeting-prep", "Meeting with {}"),
    ("talk-track", "What to say at {}"),
    ("hand-off", "Hand-off of {}"),
)


def memo(kind: str, title: str, name: str, **values):
    within = {"audience": "internal", "channel": "meeting-prep", "phase": "Discovery"}
    return document(7, name=name, kind=kind, title=title.format(name), **within, **values)


@pytest.mark.parametrize(("kind", "title"), MEMOS)
@pytest.mark.parametrize("page_size", ["letter", "a4"])
def test_what_stays_within_reads_and_looks_as_rendered_in_full(
    kind, title, page_size, keyring
) -> None:
    made = memo(kind, title, "Élan & Ash Clinic", page_size=page_size)
    assert_like_full(made, PRESS, keyring)


@pytest.mark.parametrize(("kind", "title"), [MEMOS[0], MEMOS[2]])
def test_within_long_names_and_lists_of_people_are_rendered_in_full(kind, title, keyring) -> None:
    made = memo(kind, title, "Ash Clinic")
    listed = replace(made, people=(Stakeholder("Pharmacist", "Ann Lee", "Director"),))
    for each in (memo(kind, title, NAMES[1]), listed):
        assert print_one(each, press=PRESS, keyring=keyring)[1] == FULL


def test_a_brand_with_its_own_paper_has_plates_of_its_own(keyring) -> None:
    press = replace(PRESS, brand=replace(BRAND, page_size="a4"))
    for make, kind, title in (
        (greeted, "brief", "HALVORYN for {}"),
        (greeted, "leave-behind", "Information for {}"),
    ):
        made = make(7, name=NAMES[1], kind=kind, title=title.format(NAMES[1]))
        assert_like_full(made, press, keyring)


def test_a_leave_behind_of_one_page_has_a_plate(keyring) -> None:
    made = document(7, name=NAMES[0], kind="leave-behind", title=f"Information for {NAMES[0]}")
    short = replace(made, blocks=made.blocks[:1])
    data, _ = print_one(short, press=PRESS, keyring=keyring)
    assert len(texts(data)) == 1
    assert_like_full(short, PRESS, keyring)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "leave-behind", "title": "For an oncology practice"},
        {"kind": "leave-behind", "title": "About HALVORYN for Riverside Valley Health System"},
        {"kind": "deck", "title": "HALVORYN at Riverside Valley Health System"},
        {"kind": "email"},
    ],
)
def test_what_no_kind_measures_has_no_slots(values) -> None:
    with pytest.raises(Unfit):
        slots_of(document(4, **values))


@pytest.mark.parametrize("make", [document, greeted])
def test_its_manifest_is_that_of_the_full_rendering(make, keyring) -> None:
    made = make(12, name="Lakeshore Thoracic Institute")
    data, _ = print_one(made, press=PRESS, keyring=keyring)
    keys = [keyring.public_pem]
    found = verify_pdf(data, public_keys=keys)
    wanted = verify_pdf(full(made, keyring), public_keys=keys)
    assert found.ok, (found.reason, found.differences)
    assert found.manifest is not None
    assert wanted.manifest is not None
    differing = {name for name in wanted.manifest if found.manifest[name] != wanted.manifest[name]}
    assert differing == {"pages", "fingerprint"}
    was, now = ([page["text"] for page in each.manifest["pages"]] for each in (wanted, found))
    assert was == now


def test_it_is_tagged_with_the_same_metadata(keyring) -> None:
    made = document(3, name="Ash & <Birch> Hospital")
    data, _ = print_one(made, press=PRESS, keyring=keyring)
    with (
        pikepdf.open(io.BytesIO(data)) as pdf,
        pikepdf.open(io.BytesIO(full(made, keyring))) as wanted,
    ):
        assert {k: str(v) for k, v in pdf.docinfo.items()} == {
            k: str(v) for k, v in wanted.docinfo.items()
        }
        assert pdf.Root.Metadata.read_bytes() == wanted.Root.Metadata.read_bytes()
        assert pdf.Root.MarkInfo.Marked
        assert kinds(pdf) == kinds(wanted)
        alternatives = [str(each.Alt) for each in pdf.objects if has_alternative(each)]
        assert any(made.validity.url in each for each in alternatives)


def has_alternative(value: object) -> bool:
    return isinstance(value, pikepdf.Dictionary) and "/Alt" in value


def kinds(pdf: pikepdf.Pdf) -> Counter[str]:
    """How many elements of each kind that a reader hears."""
    heard = ("/H1", "/H2", "/P", "/Figure", "/L", "/LI", "/Table", "/TR", "/TH", "/TD", "/Link")
    found = Counter(
        str(each.S)
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/StructElem"
    )
    return Counter({kind: found[kind] for kind in heard})


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
def test_qpdf_finds_nothing_wrong(plate, keyring, tmp_path) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(plate.fill(document(9), keyring=keyring))
    done = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr


def test_the_same_document_gives_the_same_bytes_whatever_came_before(plate, keyring) -> None:
    once = plate.fill(document(5), keyring=keyring)
    for number in range(20, 40):
        plate.fill(document(number), keyring=keyring)
    assert plate.fill(document(5), keyring=keyring) == once
    again = make_plate(document(31, name="Quillan County Hospital of Name"), brand=BRAND)
    assert again.fill(document(5), keyring=keyring) == once


def test_one_plate_serves_accounts_that_are_named_in_the_text(keyring) -> None:
    made = make_plate(greeted(1, name=NAMES[0]), brand=BRAND)
    keys = [keyring.public_pem]
    for number, name in enumerate(("Lake Hospital", "Élan & <Ash>"), start=2):
        document = greeted(number, name=name, city="Rock/Falls-Town")
        answer = verify_pdf(made.fill(document, keyring=keyring), public_keys=keys)
        assert answer.ok, (answer.reason, answer.differences)
        assert answer.manifest is not None
        assert answer.manifest["material"]["content_sha256"] == document.content_sha256
        text = " ".join(page["text"] for page in answer.manifest["pages"])
        assert f"put together for {name}" in " ".join(text.split())


def test_a_value_in_a_list_or_heading_is_rendered_in_full(keyring) -> None:
    made = greeted(3)
    first, *others = made.blocks
    token = Token("account.name", made.account.name)
    for node in (
        Heading(2, (Text("In the pharmacy of "), token)),
        ListNode(False, 1, ((Paragraph((token,)),),)),
        Paragraph((Strong((token,)), Text(" is named."))),
    ):
        body = (*first.body, node)
        with pytest.raises(Unfit):
            plate_of(replace(made, blocks=(replace(first, body=body), *others)), PRESS, keyring)


def test_a_value_among_what_is_weighed_is_rendered_in_full(keyring) -> None:
    made = greeted(3)
    first, *others = made.blocks
    use = ClaimUse("HAL-0020", "1.0", "0" * 64, "safety", "14, paragraph 1", "label")
    with pytest.raises(Unfit):
        plate_of(replace(made, blocks=(replace(first, claims=(use,)), *others)), PRESS, keyring)


def test_a_mark_in_the_approved_text_is_no_slot(keyring) -> None:
    made = document(3)
    odd = replace(made, blocks=(block("HAL-M-001", "text", "Read §10§ and §100§."), *made.blocks))
    data, way = print_one(odd, press=PRESS, keyring=keyring)
    assert way == FULL
    assert verify_pdf(data, public_keys=[keyring.public_pem]).ok


def test_a_look_that_was_not_measured_is_rendered_in_full(monkeypatch) -> None:
    look = replace(measures._LOOKS["brief"], side=30)
    monkeypatch.setitem(measures._LOOKS, "brief", look)
    with pytest.raises(Unfit, match="the look of this kind"):
        make_plate(greeted(1, name=NAMES[0]), brand=BRAND)


def test_a_layout_without_a_plate_is_tried_once(monkeypatch, keyring) -> None:
    tried = []

    def none(*_args, **_named) -> Plate:
        tried.append(1)
        raise Unfit("no")

    monkeypatch.setattr(printing, "make_plate", none)
    for number in (1, 2):
        with pytest.raises(Unfit):
            plate_of(document(number, role="Payer"), PRESS, keyring)
    assert len(tried) == 1


def test_another_layout_is_not_filled(plate, keyring) -> None:
    with pytest.raises(Unfit):
        plate.fill(replace(document(2), role="Payer"), keyring=keyring)
    with pytest.raises(Unfit):
        plate.fill(document(2, care=""), keyring=keyring)


@pytest.mark.parametrize(
    "values",
    [
        {"name": "H" * 100},
        {"name": "W" * 40 + " Hospital"},
        {"care": "a care setting of very many words, which never ends in one line of its panel"},
        {"name": "Больница Святого Георгия"},
        {"name": "A §07§ Hospital"},
    ],
)
def test_what_no_slot_holds_is_rendered_in_full(values, keyring) -> None:
    made = document(4, **values)
    with pytest.raises(Unfit):
        plate_of(made, PRESS, keyring).fill(made, keyring=keyring)
    data, way = print_one(made, press=PRESS, keyring=keyring)
    assert way == FULL
    assert verify_pdf(data, public_keys=[keyring.public_pem]).ok


def test_every_altered_byte_is_noticed(plate, keyring) -> None:
    data = plate.fill(document(6), keyring=keyring)
    keys = [keyring.public_pem]
    for at in range(0, len(data), len(data) // 150):
        altered = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert not verify_pdf(altered, public_keys=keys).ok, at


def test_an_altered_slot_is_named(plate, keyring) -> None:
    data = plate.fill(document(6), keyring=keyring)
    at = data.index(b"BT\n1 0 0 -1") + 4
    altered = data[:at] + b"2" + data[at + 1 :]
    answer = verify_pdf(altered, public_keys=[keyring.public_pem])
    assert answer.code == "altered"
    assert "A text of the account differs." in answer.differences


SIGNS = st.text(
    st.characters(min_codepoint=1, max_codepoint=0x2FFFF, exclude_categories=["Cs"]),
    min_size=1,
    max_size=60,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=SIGNS
    | st.sampled_from(["<b>x</b>", ") Tj ET Q", "\u202egnp.exe", "🏥", "§10§", "x" * 500])
)
def test_no_text_breaks_out_of_its_slot(plate, keyring, name) -> None:
    """It is refused, or it is text: the file verifies and the page says exactly the name."""
    made = document(8, name=name)
    try:
        data = plate.fill(made, keyring=keyring)
    except Unfit:
        return
    answer = verify_pdf(data, public_keys=[keyring.public_pem])
    assert answer.ok, (answer.reason, answer.differences)
    assert answer.manifest is not None
    # a title may be broken within a name; its letters stay
    printed = "".join(answer.manifest["pages"][0]["text"].split())
    assert "".join(name.split()) in printed


PLAIN = st.text(st.sampled_from(sorted(ALPHABET)), min_size=1, max_size=40)


@given(text=PLAIN, name=st.sampled_from(sorted(FILES)), size=st.sampled_from([9.6, 12.0, 36.0]))
def test_no_text_is_wider_than_its_letters_at_most(text, name, size) -> None:
    """Lines are measured only near their ends: before that they fit whatever their letters are."""
    with contextlib.suppress(Unfit):
        assert face(name).advance(text, size) <= len(text) * face(name).widest
