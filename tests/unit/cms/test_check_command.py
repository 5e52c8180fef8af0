"""``clearcopy pack build`` and ``clearcopy check``: answers in every format, and every refusal."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from claims_library.detectors.weighing import learned
from claims_library.rules.loading import built_in
from cms import VERSION
from cms.demo import FOLDER
from tests.unit.cms.conftest import Run

CLAIMS = list(csv.DictReader(io.StringIO((FOLDER / "claims.csv").read_text("utf-8"))))
DOSE = next(row["text"] for row in CLAIMS if row["claim_id"] == "HAL-0017")
RATE = next(row["text"] for row in CLAIMS if row["claim_id"] == "HAL-0024")
ALTERED = RATE.replace("48%", "84%")
ON = ("--on", "2026-06-01")
CORE, US = (built_in(name).label for name in ("core", "us"))


def _build(run: Run, folder: Path, *more: str, name: str = "own.pack") -> Path:
    out = folder / name
    files = ("--label", str(FOLDER / "label.json"), "--claims", str(FOLDER / "claims.csv"))
    texts = ("--modules", str(FOLDER / "modules"))
    status, told, err = run("pack", "build", *files, *texts, *more, "--out", str(out))
    assert (status, err) == (0, "")
    assert "HALVORYN, 34 claims" in told
    return out


@pytest.fixture
def pack(run: Run, tmp_path: Path) -> Path:
    return _build(run, tmp_path)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "copy.md"
    path.write_text(f"{DOSE}\n\n{ALTERED}\n", "utf-8")
    return path


def _json(run: Run, *words: str) -> tuple[int, Any]:
    status, out, err = run("check", *words, "--format", "json")
    assert err == ""
    return status, json.loads(out)


def test_json_is_the_contract(run: Run, pack: Path, text: Path) -> None:
    status, answer = _json(run, str(text), "--pack", str(pack), *ON)
    assert status == 1
    source = text.read_text("utf-8")
    (finding,) = answer["findings"]
    assert {finding[key] for key in ("name", "severity", "claim")} == {
        *("number-changed", "block", "HAL-0024")
    }
    assert source[finding["start"] : finding["end"]] == finding["text"] == ALTERED
    assert finding["suggestion"] == RATE
    assert finding["evidence"]["locator"]
    assert finding["source"]
    changed = [each for each in finding["difference"] if each["kind"] != "same"]
    assert [(each["approved"], each["found"]) for each in changed] == [("48", "84")]
    assert {match["claim"] for match in answer["matches"]} == {"HAL-0017"}
    assert answer["summary"] == {"block": 1, "warn": 0, "matched": 1}
    assert answer["checked"]["program"] == VERSION


def test_a_fix_put_in_its_place_is_approved(run: Run, pack: Path, text: Path) -> None:
    _, answer = _json(run, str(text), "--pack", str(pack), *ON)
    (finding,) = answer["findings"]
    source = text.read_text("utf-8")
    start, end = finding["start"], finding["end"]
    text.write_text(source[:start] + finding["suggestion"] + source[end:], "utf-8")
    status, answer = _json(run, str(text), "--pack", str(pack), *ON)
    assert (status, answer["findings"]) == (0, [])


def test_text_tells_place_claim_fix_and_rule(run: Run, pack: Path, text: Path) -> None:
    status, out, _ = run("check", str(text), "--pack", str(pack), *ON, "--market", "us")
    assert status == 1
    assert f"{text}:3:1: block C104 number-changed: HAL-0024 says" in out
    assert f"    write: {RATE}" in out
    assert "    rule of: " in out
    assert f"for US, rules {CORE}, {US}," in out


def test_the_day_market_audience_and_channel_decide(run: Run, pack: Path, text: Path) -> None:
    text.write_text(RATE, "utf-8")
    assert _json(run, str(text), "--pack", str(pack), *ON)[0] == 0
    for use in (
        ("--on", "2028-03-31"),
        ("--on", "2026-03-31"),
        (*ON, "--market", "EU"),
    ):
        status, answer = _json(run, str(text), "--pack", str(pack), *use)
        assert (status, answer["matches"]) == (1, [])


def test_sarif_is_what_2_1_0_asks_for(run: Run, pack: Path, text: Path) -> None:
    status, out, _ = run("check", str(text), "--pack", str(pack), *ON, "--format", "sarif")
    log = json.loads(out)
    assert (status, log["version"]) == (1, "2.1.0")
    (only,) = log["runs"]
    driver = only["tool"]["driver"]
    assert only["columnKind"] == "unicodeCodePoints"
    assert len({rule["id"] for rule in driver["rules"]}) == len(driver["rules"])
    for result in only["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert driver["rules"][result["ruleIndex"]]["help"]["text"].startswith("Source: ")
        assert result["level"] in {"none", "note", "warning", "error"}
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == text.as_uri()
        region = place["region"]
        source = text.read_text("utf-8")
        start = region["charOffset"]
        assert source[start : start + region["charLength"]] == region["snippet"]["text"]
        line = source.splitlines()[region["startLine"] - 1]
        assert line[region["startColumn"] - 1 :].startswith(region["snippet"]["text"][:10])
        (fix,) = result["fixes"]
        (change,) = fix["artifactChanges"]
        assert change["replacements"][0]["insertedContent"]["text"] == RATE


def test_html_is_one_page_that_escapes_and_explains(run: Run, pack: Path, text: Path) -> None:
    text.write_text(f"<script>alert(1)</script> {ALTERED}", "utf-8")
    _, out, _ = run("check", str(text), "--pack", str(pack), *ON, "--format", "html")
    assert "<script>" not in out
    assert "<del>84</del> <ins>48</ins>" in out
    assert "Evidence of HAL-0024" in out


def test_a_folder_is_walked_for_md_and_txt(run: Run, pack: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.md").write_text(DOSE, "utf-8")
    (folder / "deep" / "b.TXT").write_text(ALTERED, "utf-8")
    (folder / "c.docx").write_bytes(b"not read in a folder")
    words = (str(folder), "--pack", str(pack), *ON)
    status, out, err = run("check", *words, "--format", "jsonl")
    lines = [json.loads(line) for line in out.splitlines()]
    assert (status, err) == (1, "")
    assert [line["file"] for line in lines] == [
        str(folder / "a.md"),
        str(folder / "deep" / "b.TXT"),
    ]
    status, answer = _json(run, *words)
    assert answer["summary"] == {"block": 1, "warn": 0, "matched": 1}


def test_one_bad_file_hides_no_answer_about_the_others(
    run: Run, pack: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"\xff")
    (folder / "b.txt").write_text(DOSE, "utf-8")
    status, out, err = run("check", str(folder), "--pack", str(pack), *ON, "--format", "jsonl")
    assert (status, out.count("\n")) == (2, 1)
    assert "a.txt" in err
    assert err.count("\n") == 1


def test_piped_text_is_read_as_a_dash(pack: Path, run: Run) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "cms.cli", "check", "-", "--pack", str(pack), *ON, "--format=json"],
        input=ALTERED,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert json.loads(answer.stdout)["summary"]["block"] == 1


def test_answers_do_not_depend_on_process_or_day(
    run: Run, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "all.txt"
    text.write_text(
        "\n\n".join(
            row["text"].replace("1", "2", 1).replace(" may ", " will ")[:-9] for row in CLAIMS
        ),
        "utf-8",
    )
    words = ["check", str(text), "--pack", str(pack), *ON, "--market=US", "--format=json"]
    said = set()
    for seed in ("0", "1", "4242"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        monkeypatch.setenv("TZ", "Pacific/Auckland" if seed == "1" else "UTC")
        done = subprocess.run(
            [sys.executable, "-m", "cms.cli", *words], capture_output=True, check=False
        )
        assert done.returncode == 1
        said.add(done.stdout)
    assert len(said) == 1


def test_hashes_only_recognise_and_tell_nothing(run: Run, tmp_path: Path, text: Path) -> None:
    pack = _build(run, tmp_path, "--hashes-only")
    status, answer = _json(run, str(text), "--pack", str(pack), *ON)
    assert status == 1
    assert {match["claim"] for match in answer["matches"]} == {"HAL-0017"}
    assert answer["findings"][0]["claim"] is None
    assert DOSE[:25].encode() not in pack.read_bytes()


def test_a_signed_pack_is_held_to_its_key(installed: Run, tmp_path: Path, text: Path) -> None:
    pack = _build(installed, tmp_path)
    key = tmp_path / "home" / "keys" / "installation.pub"
    words = ("check", str(text), "--pack", str(pack), *ON)
    assert installed(*words, "--key", str(key))[0] == 1
    assert "unchecked without --key" in installed(*words)[1]
    data = bytearray(pack.read_bytes())
    data[200] ^= 1
    pack.write_bytes(bytes(data))
    status, out, err = installed(*words, "--key", str(key))
    assert (status, out) == (2, "")
    assert "altered" in err


RULES = """
pack: acme
version: '7'
change:
  C202: {{severity: block, add: ['rocket fuel']}}
rules:
- id: A001
  name: house-style
  sentence: We say tablet, not pill.
  source: house style, 2026
  severity: warn
  find: |
    pill|pills
  violates: ['{bad}']
  clean: ['Bring the list.']
"""


def test_a_companys_own_rules_need_no_code(run: Run, tmp_path: Path, text: Path) -> None:
    own = tmp_path / "acme.yaml"
    own.write_text(RULES.format(bad="One pill a day"), "utf-8")
    pack = _build(run, tmp_path, "--rules", str(own))
    text.write_text("Take the pill at noon. It is rocket fuel.", "utf-8")
    _, answer = _json(run, str(text), "--pack", str(pack), *ON, "--market", "US")
    found = {finding["rule"]: finding for finding in answer["findings"]}
    assert found["A001"]["source"] == "house style, 2026"
    assert found["C202"]["severity"] == "block"
    assert answer["checked"]["rules"] == [CORE, US, "acme 7", f"weights {learned().version}"]


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        (RULES.format(bad="A tablet"), "Rule A001 does not find its example “A tablet”."),
        ("pack: a\nrules: [{id: X}]", "missing"),
        ("pack: a\nchange: {C999: {remove: true}}", "which no pack has"),
    ],
)
def test_rules_that_do_not_work_make_no_pack(
    run: Run, tmp_path: Path, rules: str, says: str
) -> None:
    own, out = tmp_path / "acme.yaml", tmp_path / "own.pack"
    own.write_text(rules, "utf-8")
    files = ("--label", str(FOLDER / "label.json"), "--claims", str(FOLDER / "claims.csv"))
    status, _, err = run("pack", "build", *files, "--rules", str(own), "--out", str(out))
    assert (status, out.exists()) == (2, False)
    assert says in err
    assert "acme.yaml" in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "either --pack FILE or --product NAME"),
        (("--pack", "none.pack"), "none.pack: This cannot be read"),
        (("--pack", "{text}"), "This is not a pack"),
        (("--pack", "{pack}", "--market", "FR"), "'FR' is not one of"),
        (("--pack", "{pack}", "--on", "soon"), "does not match the format"),
        (("--pack", "{pack}", "--product", "X"), "either --pack FILE or --product NAME"),
        (("--product", "X", "--on", "2026-01-01"), "--on goes with --pack"),
    ],
)
def test_bad_usage_is_one_sentence(
    run: Run, pack: Path, text: Path, words: tuple[str, ...], says: str
) -> None:
    named = [word.format(pack=pack, text=text) for word in words]
    status, out, err = run("check", str(text), *named)
    assert (status, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_an_unknown_product_is_refused_with_those_there_are(installed: Run, text: Path) -> None:
    status, _, err = installed("check", str(text), "--product", "NOBODYRIS")
    assert status == 2
    assert "There is no product NOBODYRIS" in err


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda rows: rows.replace(";", ",").replace(",text,", ",txt,", 1), "column txt"),
        (lambda _: "", "The first row must name the columns"),
        (lambda rows: rows.replace("2028-03-31", "31/03/2028", 1), "row 2, column valid_until"),
        (lambda rows: rows.replace("57%", "77%", 1), "column text: Not in the excerpt: 77"),
        (lambda rows: rows.replace("HAL-0002", "HAL-0001", 1), "HAL-0001 is already in row 2"),
        (lambda rows: rows.replace("HALVORYN,", "OTHER,", 1), "'OTHER' is not the brand name"),
    ],
)
def test_a_bad_claims_file_names_row_and_column(
    run: Run, tmp_path: Path, change: Any, says: str
) -> None:
    rows, out = tmp_path / "rows.csv", tmp_path / "own.pack"
    rows.write_text(change((FOLDER / "claims.csv").read_text("utf-8")), "utf-8")
    files = ("--label", str(FOLDER / "label.json"), "--claims", str(rows))
    status, told, err = run("pack", "build", *files, "--out", str(out))
    assert (status, told, out.exists()) == (2, "", False)
    assert "rows.csv" in err
    assert says in err


@pytest.mark.parametrize("sign", [";", "\t"])
def test_columns_may_be_parted_as_other_countries_do(run: Run, tmp_path: Path, sign: str) -> None:
    rows = tmp_path / "rows.csv"
    with rows.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, CLAIMS[0].keys(), delimiter=sign)
        writer.writeheader()
        writer.writerows(CLAIMS)
    files = ("--label", str(FOLDER / "label.json"), "--claims", str(rows))
    status, told, _ = run("pack", "build", *files, "--out", str(tmp_path / "own.pack"))
    assert (status, "34 claims" in told) == (0, True)


def test_rules_in_the_home_folder_hold_and_bad_ones_stop_the_program(
    installed: Run, tmp_path: Path, text: Path
) -> None:
    folder = tmp_path / "home" / "rules"
    folder.mkdir()
    (folder / "acme.yaml").write_text(RULES.format(bad="One pill a day"), "utf-8")
    assert "There is no product" in installed("check", str(text), "--product", "X")[2]
    (folder / "acme.yaml").write_text("pack: [", "utf-8")
    status, out, err = installed("check", str(text), "--product", "X")
    assert (status, out) == (2, "")
    assert "acme.yaml is not readable as YAML" in err
