"""The invented label agrees with itself, and its older version differs where it should."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parents[3] / "cms" / "demonstration"


def label_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CONTENT / name).read_text("utf-8"))["results"][0]
    return found


LABEL = label_of("label.json")
TEXTS = {name: value[0] for name, value in LABEL.items() if isinstance(value, list)}

COUNTS = re.compile(
    r"(?P<part>\d+) of (?:these )?(?P<whole>\d+) patients \((?P<share>[\d.]+)%"
    r"|(?:[Oo]f the|of|Among) (?P<group>\d+) patients"
    r"|(?P<more>\d+) (?:patients? )?\((?P<same>[\d.]+)%"
)
ROWS = re.compile(
    r"N = (?P<arm>\d+)"
    r"|n \(%\)(?: [a-d])? (?P<first>\d+) \((?P<one>\d+)\)(?: (?P<second>\d+) \((?P<two>\d+)\))?"
)


def shares_in_sentences() -> Iterator[tuple[int, int, str]]:
    """(count, of how many, per cent as printed); a count without a whole belongs to the last."""
    for text in TEXTS.values():
        whole = 0
        for found in COUNTS.finditer(text):
            whole = int(found["whole"] or found["group"] or whole)
            if found["part"]:
                yield int(found["part"]), whole, found["share"]
            elif found["more"]:
                assert whole, text[max(0, found.start() - 80) : found.end()]
                yield int(found["more"]), whole, found["same"]


def shares_in_tables() -> Iterator[tuple[int, int, str]]:
    """The same from the rows "n (%)" of the efficacy tables, whose heads give the arms."""
    arms: list[int] = []
    in_rows = False
    for found in ROWS.finditer(TEXTS["clinical_studies"]):
        if found["arm"]:
            arms = [*([] if in_rows else arms), int(found["arm"])]
            in_rows = False
            continue
        in_rows = True
        yield int(found["first"]), arms[0], found["one"]
        if found["second"]:
            yield int(found["second"]), arms[1], found["two"]


def test_percentages_are_their_counts() -> None:
    checked = [*shares_in_sentences(), *shares_in_tables()]
    assert len(checked) > 40
    for count, whole, printed in checked:
        half = 0.05 if "." in printed else 0.5
        assert abs(100 * count / whole - float(printed)) <= half + 1e-9, (count, whole, printed)


def test_populations_add_up() -> None:
    pooled = re.search(
        r"consists of (\d+) patients .*?MERIDIAN-1 \(n = (\d+)\) or MERIDIAN-2 \(n = (\d+)\)",
        TEXTS["adverse_reactions"],
    )
    arms = re.search(
        r"docetaxel in (\d+) adult .*?\(n = (\d+)\) or docetaxel .*?\(n = (\d+)\)",
        TEXTS["clinical_studies"],
    )
    for found in (pooled, arms):
        assert found
        assert int(found[1]) == int(found[2]) + int(found[3])
    for response in re.finditer(
        r"ORR, n \(%\) (\d+).*?Complete response, n \(%\) (\d+).*?Partial response, n \(%\) (\d+)",
        TEXTS["clinical_studies"],
    ):
        assert int(response[1]) == int(response[2]) + int(response[3])


def test_estimates_lie_within_their_intervals() -> None:
    found = re.findall(r"(\d+\.\d+) \((\d+\.\d+), (\d+\.\d+)\)", TEXTS["clinical_studies"])
    assert len(found) == 9
    for estimate, low, high in found:
        assert float(low) < float(estimate) < float(high)


def test_hazard_ratios_intervals_and_p_values_agree() -> None:
    found = re.findall(
        r"(\d\.\d+) \((\d\.\d+), (\d\.\d+)\) p-value b (<?)(\d\.\d+)", TEXTS["clinical_studies"]
    )
    assert len(found) == 2
    for row in found:
        ratio, low, high, bound = (float(row[place]) for place in (0, 1, 2, 4))
        assert abs(math.sqrt(low * high) - ratio) < 0.01
        z = abs(math.log(ratio)) / (math.log(high / low) / (2 * 1.96))
        p = math.erfc(z / math.sqrt(2))
        assert p < bound if row[3] else abs(p - bound) < 0.01


def test_the_older_version_has_one_other_number_and_one_paragraph_elsewhere() -> None:
    old = label_of("label-v5.json")
    changed = {name for name, text in TEXTS.items() if old[name] != [text]}
    assert changed == {"warnings_and_cautions", "dosage_and_administration"}
    new = TEXTS["warnings_and_cautions"]
    assert old["warnings_and_cautions"] == [new.replace("the first 4 weeks", "the first 2 weeks")]
    before, now = old["dosage_and_administration"][0], TEXTS["dosage_and_administration"]
    moved = re.search(r"Acid-Reducing Agents Avoid use .*?\(7\.1\)\] \. ", now)
    assert moved
    assert now.replace(moved[0], "") == before.replace(moved[0], "")
    assert before.index(moved[0]) < before.index(" 2.3 ") < now.index(moved[0])
    assert old["set_id"] == LABEL["set_id"]
    assert int(old["version"]) < int(LABEL["version"])
    assert old["effective_time"] < LABEL["effective_time"]
