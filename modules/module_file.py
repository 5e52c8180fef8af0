"""Module files: Markdown with YAML front matter, read with every problem named at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

from modules.draft import ModuleDraft, tidy
from records.problems import BadInput, Problem, reject
from records.vocabulary import (
    Audience,
    Channel,
    Market,
    ModuleKind,
    Phase,
    Pillar,
    Role,
    Tier,
)

MAXIMUM_BYTES = 1_000_000
MAXIMUM_FILES = 5_000
_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)(.*)\Z", re.DOTALL)
KEYS = [
    "id",
    "title",
    "kind",
    "product",
    "pillar",
    "phases",
    "roles",
    "tiers",
    "channels",
    "market",
    "audience",
    "requires",
    "excludes",
    "valid_until",
]
_WORD_LISTS = ("phases", "roles", "tiers", "channels")

W = TypeVar("W", bound=StrEnum)
T = TypeVar("T")


@dataclass(frozen=True)
class ModuleFiles:
    """What a set of files says: drafts by file name, and everything wrong with the rest."""

    drafts: Mapping[str, ModuleDraft]
    problems: tuple[Problem, ...]


class _NoAliases(yaml.SafeLoader):
    """Safe YAML without anchors and aliases, which front matter never needs."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed in front matter")
        return super().compose_node(parent, index)


def collect(folder: Path) -> dict[str, bytes]:
    """The ``.md`` files directly in ``folder`` by name; links that lead out of it are refused."""
    if not folder.is_dir():
        raise reject(str(folder), "This is not a folder of module files.")
    paths = sorted(path for path in folder.iterdir() if path.suffix == ".md")
    if not paths:
        raise reject(str(folder), "There are no .md files in this folder.")
    if len(paths) > MAXIMUM_FILES:
        raise reject(str(folder), f"There are more than {MAXIMUM_FILES:,} files in this folder.")
    found = {}
    for path in paths:
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            raise reject(path.name, "This leads out of the folder and was not read.")
        if path.stat().st_size > MAXIMUM_BYTES:
            raise reject(path.name, f"This is larger than {MAXIMUM_BYTES:,} bytes.")
        found[path.name] = path.read_bytes()
    return found


def read_modules(files: Mapping[str, bytes]) -> ModuleFiles:
    """Read module files; repeated ids and everything a draft objects to are problems too."""
    drafts: dict[str, ModuleDraft] = {}
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for name, data in files.items():
        try:
            draft = read_module(data, filename=name)
        except BadInput as error:
            problems += error.problems
            continue
        if draft.code in seen:
            message = f"{draft.code} is also in {seen[draft.code]}."
            problems.append(Problem(name, None, "id", message, "repeated"))
        seen[draft.code] = name
        drafts[name] = draft
    return ModuleFiles(drafts, tuple(problems))


def read_module(data: bytes, *, filename: str) -> ModuleDraft:
    """Read one module file; ``BadInput`` with every problem in it."""
    front, body = _split(data, filename)
    problems: list[Problem] = []
    reader = _Front(filename, front, problems)
    values: dict[str, Any] = {
        "code": reader.text("id"),
        "brand": reader.text("product"),
        "title": reader.text("title"),
        "kind": reader.word("kind", ModuleKind),
        "pillar": reader.word("pillar", Pillar),
        "phases": reader.words("phases", Phase),
        "roles": reader.words("roles", Role),
        "tiers": reader.words("tiers", Tier),
        "channels": reader.words("channels", Channel),
        "market": reader.word("market", Market),
        "audience": reader.word("audience", Audience),
        "requires": reader.codes("requires"),
        "excludes": reader.codes("excludes"),
        "valid_until": reader.day("valid_until"),
    }
    for key in sorted(set(map(str, front)) - set(KEYS)):
        message = f"Unknown key; the keys are {', '.join(KEYS)}."
        problems.append(Problem(filename, None, key, message, "unknown-key"))
    if not problems:
        draft = ModuleDraft(body=body, **values)
        problems += [
            Problem(filename, None, objection.where, objection.sentence, objection.code)
            for objection in draft.objections()
        ]
        if not problems:
            return draft
    raise BadInput(problems)


def _split(data: bytes, filename: str) -> tuple[Mapping[Any, Any], str]:
    if len(data) > MAXIMUM_BYTES:
        raise reject(filename, f"This is larger than {MAXIMUM_BYTES:,} bytes.", code="too-large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise reject(filename, f"This is not UTF-8 text (byte {error.start}).") from None
    match = _FRONT.match(text)
    if match is None:
        raise reject(filename, "The file must begin with front matter between two lines of '---'.")
    try:
        front = yaml.load(match.group(1), Loader=_NoAliases)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 2 if mark is not None else None
        message = f"The front matter is not valid YAML: {getattr(error, 'problem', error)}."
        raise BadInput([Problem(filename, row, None, message, "yaml")]) from None
    except ValueError as error:  # a date that does not exist
        raise reject(filename, f"The front matter cannot be read: {error}.") from None
    if not isinstance(front, dict):
        raise reject(filename, "The front matter must be a list of 'key: value' lines.")
    return front, tidy(match.group(2))


def write_module(draft: ModuleDraft) -> bytes:
    """The module file that reads as this draft: what ``read_module`` makes of it is the same."""
    front: dict[str, Any] = {
        "id": draft.code,
        "title": draft.title,
        "kind": draft.kind.value,
        "product": draft.brand,
        "pillar": draft.pillar.value,
        **{name: [word.value for word in getattr(draft, name)] for name in _WORD_LISTS},
        "market": draft.market.value,
        "audience": draft.audience.value,
        "requires": list(draft.requires),
        "excludes": list(draft.excludes),
        "valid_until": draft.valid_until,
    }
    text = yaml.safe_dump(
        front, allow_unicode=True, sort_keys=False, default_flow_style=None, width=10_000
    )
    return f"---\n{text}---\n{tidy(draft.body)}".encode()


@dataclass(frozen=True)
class _Front:
    """Reads typed values out of front matter and notes what is wrong."""

    file: str
    front: Mapping[Any, Any]
    problems: list[Problem]

    def text(self, key: str) -> str:
        value = self._get(key)
        if isinstance(value, str | int | float) and str(value).strip():
            return str(value).strip()
        return self._bad(key, "must be a line of text", "")

    def word(self, key: str, words: type[W]) -> W | None:
        found = list(self._in_list(key, [self._get(key)], words))
        return found[0] if found else None

    def words(self, key: str, words: type[W]) -> tuple[W, ...]:
        value = self._get(key)
        if not isinstance(value, list) or not value:
            return self._bad(key, f"must be a list of {', '.join(words)}", ())
        return tuple(self._in_list(key, value, words))

    def codes(self, key: str) -> tuple[str, ...]:
        value = self.front.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            return self._bad(key, "must be a list of module ids", ())
        return tuple(item.strip() for item in value)

    def day(self, key: str) -> date | None:
        value = self._get(key)
        if type(value) is date:
            return value
        return self._bad(key, f"must be a date like 2027-06-30, not {value!r}", None)

    def _get(self, key: str) -> Any:
        return self.front.get(key)

    def _in_list(self, key: str, values: list[Any], words: type[W]) -> Iterator[W]:
        for value in values:
            try:
                yield words(value)
            except ValueError:
                self._bad(key, f"must be one of {', '.join(words)}, not {value!r}", None)

    def _bad(self, key: str, message: str, instead: T) -> T:
        said = "is missing" if key not in self.front else message
        self.problems.append(Problem(self.file, None, key, f"{key} {said}.", "front-matter"))
        return instead
