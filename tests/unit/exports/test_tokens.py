from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.account_file import read_accounts
from exports import personalising, tokens
from exports.frame import read_frame, shipped
from exports.tokens import forbidden_words, normalised, objections, value_objections
from tests.shared import shared

FORBIDDEN = forbidden_words(
    "HALVORYN", "ostavatinib mesylate", ["RXA2 fusion-positive non-small cell lung cancer"]
)
FRAME = read_frame(shipped("brief.us"), filename="brief.us.yaml")


def refused(value: str, name: str = "account.name") -> bool:
    return bool(list(value_objections(name, normalised(value), FORBIDDEN)))


@pytest.mark.parametrize(
    "name",
    [
        "Riverside Valley Health System",
        "Hospital 21",
        "US Air Force Hospital 92nd Medical Group",
        "I-70 Community Hospital",
        "Roswell Park Cancer Institute",
        "Memorial Hospital for Cancer and Allied Diseases",
        "St. Joseph's Hospital & Medical Center (Unit 6 and 7)",
        "Edward Hines| Jr. Veterans Affairs Hospital",
        "Safe Haven Hospital of Pocatello",
        "LAC+USC Medical Center",
        "Cancer Treatment Centers of Tulsa",
        "Peña Clinic",
    ],
)
def test_names_of_organisations_are_fine(name: str) -> None:
    assert not refused(name)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "57% Hospital",
        "57 % of patients respond at Riverside",
        "５７％ Hospital",
        "57 per cent Clinic",
        "Riverside, where 160 mg works",
        "median 14.7 months Hospital",
        "p < 0.001 Hospital",
        "HR 0.48 Clinic",
        "HALVORYN Clinic",
        "halvoryn clinic",
        "Hálvorýn Clinic",
        "H A L V O R Y N Clinic",
        "HALV0RYN Clinic",
        "Ostavatinib Center",
        "mesylate Center",
        "Riverside: effective and well tolerated",
        "Superior to docetaxel Hospital",
        "Hospital where survival is prolonged",
        "Reduces risk Hospital",
        "Indicated for adults Clinic",
        "First-line Hospital",
        "Lung cancer",
        "NSCLC",
        "<b>Riverside</b>",
        "{{ 7 * 7 }}",
        "[[claim:HAL-0001]]",
        "**Riverside**",
        "`Riverside`",
        "www.example.org",
        "https://example.org Hospital",
        "info@example.org",
        "River\u202edis",
        "River\u200bside",
        "River\x00side",
        "Riversidе Hospital",  # the last e of Riverside is Cyrillic
        "x" * 201,
    ],
)
def test_what_could_be_a_claim_or_an_attack_is_refused(value: str) -> None:
    assert refused(value)


@pytest.mark.parametrize("value", ["Superior", "Hazard", "Madison", "Coeur d'Alene", "29 Palms"])
def test_cities_are_places(value: str) -> None:
    assert not refused(value, "account.city")


@pytest.mark.parametrize("value", ["Cancer", "Lung cancer center", "safe treatment of tumors"])
def test_a_city_is_no_disease(value: str) -> None:
    assert refused(value, "account.city")


@pytest.mark.parametrize("value", ["better results", "the best safety", "only treatment", "cancer"])
def test_lines_and_settings_praise_nothing(value: str) -> None:
    assert refused(value, "account.care_setting")
    assert refused(value, "agenda")


def test_unknown_fields_are_refused() -> None:
    assert [each.where for each in objections({"account.tier": "strategic"}, FORBIDDEN)] == [
        "account.tier"
    ]


def test_the_approved_agenda_holds_no_claim_itself() -> None:
    assert FRAME.agenda
    assert objections({"agenda": "\n".join(FRAME.agenda)}, FORBIDDEN) == []


def test_an_agenda_is_put_together_from_approved_lines() -> None:
    approved = FRAME.agenda[0]
    assert not list(personalising.agenda_objections([approved], FRAME))
    for lines in ([approved.upper()], [approved + " "], [f"{approved}\nmore"], [approved] * 2):
        assert list(personalising.agenda_objections(lines, FRAME))


def test_dates_are_dates() -> None:
    assert personalising.read_date("2026-12-04") == date(2026, 12, 4)
    for text in ("4 December 2026", "2026-13-01", "57%", ""):
        assert personalising.read_date(text) is None
    assert tokens.meeting_day(date(2026, 12, 4)) == "4 December 2026"


LETTERS = st.text(st.characters(categories=["Lu", "Ll", "Nd", "Po", "Zs"]), max_size=12)


@given(LETTERS, LETTERS, st.integers(0, 999), st.sampled_from(["%", " %", " percent", "％"]))
def test_a_percentage_never_passes(before: str, after: str, number: int, sign: str) -> None:
    assert refused(f"{before} {number}{sign} {after}")


@given(LETTERS, LETTERS, st.sampled_from(["HALVORYN", "ostavatinib"]), st.data())
def test_a_products_name_never_passes(before: str, after: str, brand: str, data) -> None:
    cased = "".join(data.draw(st.sampled_from([sign.upper(), sign.lower()])) for sign in brand)
    gap = data.draw(st.sampled_from(["", " ", "-", "."]))
    assert refused(f"{before} {gap.join(cased)} {after}")


@given(st.text(max_size=60))
def test_what_passes_is_plain_printable_text(value: str) -> None:
    if refused(value):
        return
    text = normalised(value)
    assert text
    assert not any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs", "Cn") for sign in text)
    assert not set(text) & set("<>{}[]`\\%‰")
    assert normalised(text) == text


@pytest.mark.parametrize(
    "name", ["us_hospitals_hifld_open_with_beds.csv", "us_facility_beds_covidcaremap_hcris.csv"]
)
def test_every_real_hospital_and_its_city_can_be_printed(name: str) -> None:
    data = (shared() / "data" / "accounts" / name).read_bytes()
    bad = []
    for row in read_accounts(data, filename=name).rows:
        values = {"account.name": row.name, "account.city": row.city}
        values |= {"account.care_setting": row.care_setting} if row.care_setting else {}
        bad += [value for field, value in values.items() if refused(value, field)]
    assert bad == []
