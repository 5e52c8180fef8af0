"""A library of one product of ours with one approved claim, for tests of what is no claim."""

from __future__ import annotations

import pytest

from claims_library.compiling import ClaimText, Library, ProductFacts, compile_library


@pytest.fixture(scope="session")
def library() -> Library:
    claim = ClaimText(code="VEL-0001", text="The recommended dosage of VELOTRIN is 40 mg daily.")
    return compile_library(ProductFacts(brand="VELOTRIN", generic="velotrinib"), [claim])
