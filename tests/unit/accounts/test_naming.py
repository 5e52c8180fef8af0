from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.naming import printed_name


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("SAINT MARY'S HOSPITAL", "Saint Mary's Hospital"),
        ("ST. JOSEPH'S HOSPITAL AND MEDICAL CENTER", "St. Joseph's Hospital and Medical Center"),
        ("THE UNIVERSITY OF TEXAS MD ANDERSON", "The University of Texas MD Anderson"),
        ("RONALD REAGAN UCLA MEDICAL CENTER", "Ronald Reagan UCLA Medical Center"),
        ("UPMC PRESBYTERIAN", "UPMC Presbyterian"),
        ("MCLAREN NORTHERN MICHIGAN", "McLaren Northern Michigan"),
        ("MACON COUNTY HOSPITAL", "Macon County Hospital"),
        ("YALE-NEW HAVEN HOSPITAL", "Yale-New Haven Hospital"),
        ("O'CONNOR HOSPITAL", "O'Connor Hospital"),
        ("DOCTORS' HOSPITAL OF MICHIGAN", "Doctors' Hospital of Michigan"),
        ("JOHN D. ARCHBOLD MEMORIAL HOSPITAL", "John D. Archbold Memorial Hospital"),
        ("BRONX-LEBANON CENTER - THE CONCOURSE", "Bronx-Lebanon Center - The Concourse"),
        ("OLYMPIA MEDICAL CENTER D/P SNF", "Olympia Medical Center D/P SNF"),
        ("92ND MEDICAL GROUP", "92nd Medical Group"),
        ("CHARLES T. SITRIN, P.H.F.", "Charles T. Sitrin, P.H.F."),
        ("BATON ROUGE GENERAL (MID-CITY)", "Baton Rouge General (Mid-City)"),
        ("SOUTHERN HILLS HLTH CTR", "Southern Hills Hlth Ctr"),
        ("Dana-Farber CANCER Institute", "Dana-Farber CANCER Institute"),
        ("PITTSBURGH", "Pittsburgh"),
        ("12345", "12345"),
        ("", ""),
    ],
)
def test_a_name_in_capitals_is_printed_as_a_name(source: str, printed: str) -> None:
    assert printed_name(source) == printed


@given(st.text(alphabet="ABCDEFGMCOST'.-/&() 123", max_size=60))
def test_only_the_case_of_letters_changes_and_only_once(text: str) -> None:
    once = printed_name(text)
    assert once.upper() == text.upper()
    assert printed_name(once) == once or once == once.upper()
