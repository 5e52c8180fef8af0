"""The demonstration content hangs together: quotes, numbers, scopes, companions, tags.

It is read here as plain files, without the importers, so that a fault in an importer cannot hide
a fault in the content.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from exports.frame import read_frame, shipped
from records.roles import StaffRole
from records.vocabulary import (
    Audience,
    Channel,
    ClaimType,
    Market,
    ModuleKind,
    Phase,
    Pillar,
    Role,
    Tier,
)

CONTENT = Path(__file__).parents[3] / "cms" / "demonstration"
REFERENCE = re.compile(r"\[\[claim:(HAL-\d{4})(?:/(\d))?\]\]")
FIELD = re.compile(r"\{\{([a-z._]+)\}\}")
# a number that is not part of a name such as MERIDIAN-2, RXA2 or CYP3A
NUMBER = re.compile(r"(?<![\w.])(?<![A-Za-z]-)\d+(?:\.\d+)?")
FIELDS = {"account.name", "account.city", "account.care_setting", "meeting.date", "agenda"}
ONE_WORD: dict[str, set[str]] = {
    "kind": set(ModuleKind),
    "pillar": set(Pillar),
    "audience": set(Audience),
    "market": set(Market),
}
WORDS: dict[str, set[str]] = {
    "phases": set(Phase),
    "roles": set(Role),
    "tiers": set(Tier),
    "channels": set(Channel),
}
# words that make a sentence a claim and so have no place in glue text
CLAIMY = re.compile(
    r"\b(safe(r|st|ly)?|effective\w*|benefit\w*|superior\w*|better|best|improv\w*|reduc\w*|proven|"
    r"significant\w*|tolerab\w*|prolong\w*|convenien\w*|eas(y|ier)|simple|only|never|always|unique)\b",
    re.IGNORECASE,
)


def label_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CONTENT / name).read_text("utf-8"))["results"][0]
    return found


def rows_of(name: str) -> list[dict[str, str]]:
    with (CONTENT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parts(text: str, separator: str) -> list[str]:
    return [part.strip() for part in text.split(separator) if part.strip()]


def wordings(claim: dict[str, str]) -> list[str]:
    return [claim["text"], *parts(claim["variations"], "||")]


def numbers(text: str) -> set[str]:
    return {f"{float(found):g}" for found in NUMBER.findall(text)}


def module_of(path: Path) -> dict[str, Any]:
    front, body = path.read_text("utf-8").removeprefix("---\n").split("\n---\n", 1)
    return {**yaml.safe_load(front), "body": body, "file": path.name}


LABEL = label_of("label.json")
CLAIMS = {row["claim_id"]: row for row in rows_of("claims.csv")}
MODULES = {found["id"]: found for found in map(module_of, sorted(CONTENT.glob("modules/*.md")))}
ISI = MODULES["HAL-M-ISI"]["body"]
COMPANIONS = {code for code in MODULES if re.search(r"-(ISI|IND|FN-\w+)$", code)}
each_claim = pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
each_module = pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)


def subsection(locator: str) -> str:
    """The label's text of the section or numbered subsection a locator names."""
    number, name = locator.split(" ")
    text: str = LABEL[name][0]
    if "." not in number:
        return text
    main = number.split(".")[0]
    heads = [*re.finditer(rf"(?:^| )({main}\.\d+) (?=[A-Z])", text)]
    starts = [head.start() for head in heads if head[1] == number]
    assert len(starts) == 1, f"{number} is {len(starts)} times in {name}"
    ends = [head.start() for head in heads if head.start() > starts[0]]
    return text[starts[0] : min(ends, default=len(text))]


def brought(code: str) -> set[str]:
    """Everything a module requires, directly or not."""
    found: set[str] = set()
    open_ = list(MODULES[code]["requires"])
    while open_:
        needed = open_.pop()
        if needed not in found:
            found.add(needed)
            open_ += MODULES[needed]["requires"]
    return found


@each_claim
def test_evidence_stands_where_the_locator_says(claim: dict[str, str]) -> None:
    assert claim["excerpt"]
    assert claim["excerpt"] in subsection(claim["locator"])


@each_claim
def test_every_number_of_a_wording_is_in_its_evidence(claim: dict[str, str]) -> None:
    # table cells may touch a sign ("≥20%", "<0.0001"), hence every run of digits counts
    there = {f"{float(found):g}" for found in re.findall(r"\d+(?:\.\d+)?", claim["excerpt"])}
    for wording in wordings(claim):
        assert numbers(wording) <= there, wording


@each_claim
def test_limiting_words_are_in_every_wording(claim: dict[str, str]) -> None:
    limits = [*parts(claim["qualifiers"], "||"), *parts(claim["population"], "||")]
    for wording in wordings(claim):
        for limit in limits:
            assert limit.casefold() in wording.casefold(), (limit, wording)


@each_claim
def test_claim_is_tagged_with_known_words_and_a_window(claim: dict[str, str]) -> None:
    assert claim["type"] in set(ClaimType)
    assert claim["pillar"] in set(Pillar)
    for column, words in (("audiences", Audience), ("channels", Channel), ("markets", Market)):
        assert claim[column]
        assert set(parts(claim[column], ";")) <= set(words)
    for code in parts(claim["companions"], ";"):
        assert f"HAL-M-{code}" in COMPANIONS
    effective = date.fromisoformat(LABEL["effective_time"])
    start, end = (date.fromisoformat(claim[name]) for name in ("valid_from", "valid_until"))
    assert effective <= start < end


def test_claims_are_of_every_type_and_pillar_and_no_wording_is_there_twice() -> None:
    assert 26 <= len(CLAIMS) <= 34
    assert {claim["type"] for claim in CLAIMS.values()} == set(ClaimType)
    assert {claim["pillar"] for claim in CLAIMS.values()} == set(Pillar)
    said = Counter(wording.casefold() for claim in CLAIMS.values() for wording in wordings(claim))
    assert max(said.values()) == 1
    assert all(len(wordings(claim)) <= 4 for claim in CLAIMS.values())


@each_module
def test_placed_claims_exist_and_may_stand_there(module: dict[str, Any]) -> None:
    needed = brought(module["id"])
    for code, variation in REFERENCE.findall(module["body"]):
        claim = CLAIMS[code]
        assert int(variation or 0) < len(wordings(claim)), f"{code} has no variation {variation}"
        assert {f"HAL-M-{name}" for name in parts(claim["companions"], ";")} <= needed
        assert module["audience"] in parts(claim["audiences"], ";")
        assert set(module["channels"]) <= set(parts(claim["channels"], ";"))
        assert module["market"] in parts(claim["markets"], ";")
        assert module["valid_until"].isoformat() <= claim["valid_until"]
        if "payer" in module["roles"]:
            assert "payer" in parts(claim["audiences"], ";"), code


@each_module
def test_rules_name_modules_and_agree(module: dict[str, Any]) -> None:
    code = module["id"]
    needed = brought(code)
    assert code not in needed, "requires itself"
    assert needed <= set(MODULES)
    for other in module["excludes"]:
        assert code in MODULES[other]["excludes"]
    assert not needed & set(module["excludes"])
    for other in needed:  # what is required must be usable wherever the module is
        for name in ("phases", "roles", "tiers", "channels"):
            assert set(module[name]) <= set(MODULES[other][name]), (other, name)


@each_module
def test_tags_are_known_words(module: dict[str, Any]) -> None:
    assert module["file"] == f"{module['id']}.md"
    assert module["product"] == "HALVORYN"
    for name, allowed in ONE_WORD.items():
        assert module[name] in allowed
    for name, allowed in WORDS.items():
        assert module[name]
        assert set(module[name]) <= allowed
    assert set(FIELD.findall(module["body"])) <= FIELDS


@pytest.mark.parametrize("code", [code for code in MODULES if code != "HAL-M-ISI"])
def test_glue_text_carries_no_number_and_no_claim(code: str) -> None:
    body = MODULES[code]["body"]
    glue = FIELD.sub("", REFERENCE.sub("", body))
    glue = re.sub(r"^\s*\d+\. ", "", glue, flags=re.MULTILINE)  # numbered steps
    glue = re.sub(r"MERIDIAN-\d|RXA2", "", glue)
    assert not re.search(r"\d|%", glue), glue
    assert not CLAIMY.search(glue), glue
    for claim in CLAIMS.values():
        for wording in wordings(claim):
            assert wording not in body, "typed out instead of placed"


def test_every_claim_is_placed_and_every_cell_of_a_tag_is_met() -> None:
    placed = {code for module in MODULES.values() for code, _ in REFERENCE.findall(module["body"])}
    assert placed == set(CLAIMS)
    messages = [module for code, module in MODULES.items() if code not in COMPANIONS]
    assert {module["kind"] for module in MODULES.values()} == set(ModuleKind)
    assert {module["pillar"] for module in messages} == set(Pillar)
    for name, allowed in WORDS.items():
        assert {word for module in messages for word in module[name]} == allowed


def test_a_committee_in_evidence_review_gets_a_full_brief() -> None:
    wanted = ("pharmacy-and-therapeutics", "evidence-review", "strategic", "brief")
    found = [
        module
        for code, module in MODULES.items()
        if code not in COMPANIONS
        and module["kind"] in ("text", "table", "callout")
        and all(
            word in module[name]
            for word, name in zip(wanted, ("roles", "phases", "tiers", "channels"), strict=True)
        )
    ]
    assert 7 <= len(found) <= 9
    codes = {module["id"] for module in found}
    assert not any(codes & set(module["excludes"]) for module in found)


def test_safety_information_covers_the_label() -> None:
    isi = ISI.casefold()
    highlights = LABEL["warnings_and_cautions"][0].split(" 5.1 Hepatotoxicity ")[0]
    warnings = re.findall(r"• ([^:•]+): ", highlights)
    assert len(warnings) == 5
    for title in warnings:
        assert f"**{title.casefold()}:**" in isi
    common = re.search(r"laboratory abnormalities, were (.*?)\. \(", LABEL["adverse_reactions"][0])
    assert common
    for reaction in re.split(r", (?:and )?", common[1]):
        assert reaction in isi
    assert "warning: hepatotoxicity" in isi
    assert "contraindications:** none" in isi


def test_every_number_of_the_safety_information_is_in_the_label() -> None:
    label = " ".join(text for value in LABEL.values() if isinstance(value, list) for text in value)
    assert numbers(ISI) <= numbers(label)
    # sentences with counts are the label's own, word for word but for the pooled population
    for count in re.findall(r"\d+ patients? \([\d.]+%\)", ISI):
        assert count in LABEL["warnings_and_cautions"][0]


def test_accounts_cover_tiers_and_phases_and_stakeholders_belong_to_them() -> None:
    accounts = {row["account_id"]: row for row in rows_of("accounts.csv")}
    assert {row["tier"] for row in accounts.values()} == {*Tier, ""}
    assert {row["journey_phase"] for row in accounts.values()} == {*Phase, ""}
    stakeholders = rows_of("stakeholders.csv")
    assert {row["account_id"] for row in stakeholders} <= set(accounts)
    assert {row["role"] for row in stakeholders} == set(Role)
    assert any(row["name"] for row in stakeholders)
    assert not all(row["name"] for row in stakeholders)


def test_people_hold_every_role_and_reps_share_no_state() -> None:
    found = yaml.safe_load((CONTENT / "people.yaml").read_text("utf-8"))
    people = found["people"]
    assert len(found["password"]) >= 14
    assert {role for person in people for role in person["roles"]} == set(StaffRole)
    assert all(person["email"].endswith(".example") for person in people)
    states = Counter(state for person in people for state in person.get("territory", ()))
    assert max(states.values()) == 1
    assert {row["state"] for row in rows_of("accounts.csv")} <= set(states)
    assert all(bool(person.get("territory")) == ("rep" in person["roles"]) for person in people)


def test_agenda_items_are_short_and_neutral() -> None:
    """The pick-list is approved with the template: there is no other."""
    items = read_frame(shipped("brief.us"), filename="brief.us.yaml").agenda
    assert 5 <= len(items) <= 12
    assert len(set(items)) == len(items)
    for item in items:
        assert len(item) <= 60
        assert not re.search(r"\d|%|HALVORYN|ostavatinib", item)
        assert not CLAIMY.search(item)
