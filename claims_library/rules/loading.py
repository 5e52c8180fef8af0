"""Rule packs read from YAML: the built-in ones and a customer's own.

A customer's pack has the same form. ``change`` alters built-in rules by id (``severity``,
``remove``, ``add`` and ``without`` patterns, ``limits``); ``claims`` adds patterns that speak for a
kind of claim.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from claims_library.detectors.patterns import BadPattern, parse
from claims_library.detectors.weighing import learned
from claims_library.findings import Severity
from claims_library.rules.model import Example, Pack, Rule, Rulebook

BUILT_IN = ("core", "us", "uk", "eu")
_FIELDS = frozenset(
    [
        *("id", "name", "sentence", "source", "severity", "judge", "message", "regulation"),
        *("find", "unless", "limits", "audiences", "channels", "facts", "violates", "clean"),
        *("near", "words"),
    ]
)


class BadPack(ValueError):
    """A rule pack that cannot be used; says the pack, the rule and why."""


def lines(text: str) -> tuple[str, ...]:
    """The patterns of a block of text, one to a line; blank lines and comments are left out."""
    stripped = (line.strip() for line in text.splitlines())
    return tuple(line for line in stripped if line and not line.startswith("# "))


def read_pack(text: str, *, filename: str) -> Pack:
    """Read a rule pack.

    Raises:
        BadPack: it is no YAML, lacks a field, has one that is unknown, or a pattern is wrong.
    """
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise BadPack(f"{filename} is not readable as YAML: {reason}.") from error
    if not isinstance(data, dict) or not isinstance(data.get("pack"), str):
        raise BadPack(f"{filename} does not begin with “pack:” and “version:”.")
    name = data["pack"]
    rules = tuple(_rule(entry, name, filename) for entry in data.get("rules") or ())
    _refuse_twins(rules, filename)
    return Pack(
        name,
        str(data.get("version", "")),
        str(data.get("title", name)),
        rules,
        _changes(data.get("change") or {}, filename),
        {
            str(kind): {str(k): _patterns(v, filename) for k, v in words.items()}
            for kind, words in (data.get("claims") or {}).items()
        },
    )


def _rule(entry: Any, pack: str, filename: str) -> Rule:
    if not isinstance(entry, dict) or "id" not in entry:
        raise BadPack(f"A rule of {filename} has no id.")
    where = f"{filename}, rule {entry['id']}"
    unknown = sorted(set(entry) - _FIELDS)
    if unknown:
        raise BadPack(f"{where}: unknown field {', '.join(unknown)}.")
    missing = [n for n in ("name", "sentence", "source", "severity") if not entry.get(n)]
    if missing:
        raise BadPack(f"{where}: {', '.join(missing)} missing.")
    if entry["severity"] not in {severity.value for severity in Severity}:
        raise BadPack(f"{where}: the severity is block, warn or record.")
    words = {k: _patterns(entry[k], where) for k in ("find", "unless", "near") if entry.get(k)}
    words |= {str(k): _patterns(v, where) for k, v in (entry.get("words") or {}).items()}
    return Rule(
        id=str(entry["id"]),
        name=str(entry["name"]),
        pack=pack,
        sentence=" ".join(str(entry["sentence"]).split()),
        source=str(entry["source"]),
        severity=Severity(entry["severity"]),
        judge=str(entry.get("judge", "words")),
        message=" ".join(str(entry.get("message", "")).split()),
        regulation=_texts(entry.get("regulation")),
        words=words,
        limits={str(k): float(v) for k, v in (entry.get("limits") or {}).items()},
        audiences=_texts(entry.get("audiences")),
        channels=_texts(entry.get("channels")),
        facts=_texts(entry.get("facts")),
        violates=tuple(_example(e, where) for e in entry.get("violates") or ()),
        clean=tuple(_example(e, where) for e in entry.get("clean") or ()),
    )


def _example(entry: Any, where: str) -> Example:
    if isinstance(entry, str):
        return Example(entry)
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        raise BadPack(f"{where}: an example is a text, or has one under “text”.")
    return Example(
        entry["text"],
        str(entry.get("market", "")),
        str(entry.get("channel", "")),
        str(entry.get("audience", "")),
        bool(entry.get("whole", False)),
        _texts(entry.get("facts")),
    )


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(v) for v in value) if isinstance(value, list) else (str(value),)


def _patterns(value: Any, where: str) -> tuple[str, ...]:
    found = lines(value) if isinstance(value, str) else tuple(str(v) for v in value or ())
    for pattern in found:
        try:
            parse(pattern)
        except BadPattern as error:
            raise BadPack(f"{where}: {error}") from error
    return found


def _changes(value: Any, filename: str) -> dict[str, dict[str, object]]:
    known = {"severity", "remove", "add", "without", "limits"}
    changes: dict[str, dict[str, object]] = {}
    for rule, change in value.items():
        unknown = sorted(str(name) for name in set(change) - known)
        if unknown:
            raise BadPack(f"{filename}, change of {rule}: unknown field {', '.join(unknown)}.")
        changes[str(rule)] = dict(change)
        if "add" in change:
            changes[str(rule)]["add"] = _patterns(change["add"], f"{filename}, change of {rule}")
    return changes


def _refuse_twins(rules: Iterable[Rule], filename: str) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise BadPack(f"{filename} has two rules {rule.id}.")
        seen.add(rule.id)


def own_packs(folder: Path) -> tuple[str, ...]:
    """The texts of a customer's packs in a folder, ``*.yaml`` by name.

    Raises:
        BadPack: one of them cannot be used beside the others and the built-in ones.
    """
    paths = sorted(folder.glob("*.yaml"))
    try:
        texts = tuple(path.read_text(encoding="utf-8") + "\n" for path in paths)
    except UnicodeDecodeError as error:
        raise BadPack(f"A rule pack in {folder} is not UTF-8 text.") from error
    packs = [read_pack(text, filename=p.name) for p, text in zip(paths, texts, strict=True)]
    rulebook(BUILT_IN, packs)
    return texts


@lru_cache(maxsize=16)
def built_in(name: str) -> Pack:
    """A pack that comes with the program.

    Raises:
        BadPack: there is none of this name.
    """
    if name not in BUILT_IN:
        raise BadPack(f"There is no rule pack “{name}”; there are {', '.join(BUILT_IN)}.")
    return read_pack(_resource("packs", f"{name}.yaml"), filename=f"{name}.yaml")


@lru_cache(maxsize=8)
def _words(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(_resource("words", f"{name}.yaml"))
    return data


def _resource(folder: str, name: str) -> str:
    return (files("claims_library.rules") / folder / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """A short name of exactly these built-in rules, words and weights: others, another name."""
    digest = hashlib.sha256(learned().version.encode())
    for folder, names in (("packs", BUILT_IN), ("words", ("claims", "classes", "neutral", "uses"))):
        for name in names:
            digest.update(_resource(folder, f"{name}.yaml").encode())
    return digest.hexdigest()[:12]


def packs_for(market: str) -> tuple[str, ...]:
    """The built-in packs that hold in a market; without one, the core alone."""
    name = market.lower()
    return ("core", name) if name in BUILT_IN and name != "core" else ("core",)


def rulebook(packs: Sequence[str], custom: Sequence[Pack] = ()) -> Rulebook:
    """Put packs together; a later one changes an earlier one.

    Raises:
        BadPack: a name is unknown, or a change speaks of a rule that is not there.
    """
    return _together(packs, custom) if custom else _of_the_house(tuple(packs))


@lru_cache(maxsize=8)
def _of_the_house(packs: tuple[str, ...]) -> Rulebook:
    """The built-in packs alone: one book for all products."""
    return _together(packs, ())


def _together(packs: Sequence[str], custom: Sequence[Pack]) -> Rulebook:
    chosen = [*(built_in(name) for name in packs), *custom]
    rules: dict[str, Rule] = {}
    claims = {
        kind: {k: lines(v) for k, v in words.items() if k != "sentence"}
        for kind, words in _words("claims").items()
    }
    for pack in chosen:
        rules.update({rule.id: rule for rule in pack.rules})
        for rule_id, change in pack.change.items():
            _apply(rules, rule_id, change, pack.name)
        for kind, words in pack.claims.items():
            own = claims.setdefault(kind, {})
            for strength, patterns in words.items():
                key = f"own:{strength}" if pack in custom else strength
                own[key] = (*own.get(key, ()), *patterns)
    return Rulebook(
        packs=tuple(pack.label for pack in chosen),
        rules=dict(sorted(rules.items())),
        classes={name: tuple(text.split()) for name, text in _words("classes").items()},
        claims=claims,
        sentences={kind: words.get("sentence", kind) for kind, words in _words("claims").items()},
        neutral={name: lines(text) for name, text in _words("neutral").items()},
        uses=_uses(),
        status={name: frozenset(t.split()) for name, t in _words("uses")["status"].items()},
        types=frozenset(_words("uses")["types"].split()),
        members={name: frozenset(t.split()) for name, t in _words("uses")["members"].items()},
    )


def _uses() -> dict[str, tuple[str, ...]]:
    """The patterns of every value of every axis of a use."""
    found: dict[str, tuple[str, ...]] = {}
    for axis, values in _words("uses").items():
        if isinstance(values, str) and axis != "types":
            found[axis] = lines(values)
        elif isinstance(values, dict) and axis not in {"status", "members", "same"}:
            found |= {f"{axis}:{value}": lines(text) for value, text in values.items()}
    return found


def _apply(rules: dict[str, Rule], rule_id: str, change: Mapping[str, Any], pack: str) -> None:
    rule = rules.get(rule_id)
    if rule is None:
        if rule_id in {r.id for name in BUILT_IN for r in built_in(name).rules}:
            return  # a rule of a market that this check is not for
        raise BadPack(f"The pack {pack} changes {rule_id}, which no pack has.")
    if change.get("remove"):
        del rules[rule_id]
        return
    words = dict(rule.words)
    out = set(change.get("without") or ())
    words["find"] = (
        *(pattern for pattern in words.get("find", ()) if pattern not in out),
        *(change.get("add") or ()),
    )
    rules[rule_id] = replace(
        rule,
        words=words,
        severity=Severity(change.get("severity", rule.severity)),
        limits={**rule.limits, **(change.get("limits") or {})},
    )
