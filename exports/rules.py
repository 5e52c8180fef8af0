"""The rules of an assembly: companions, requires, excludes, slots. Pure: parts in, parts out.

A part is what ``MaterialVersion.parts`` stores. Companions and required modules are tied to the
module that brings them: they come with it, go with the last one that needs them, and cannot be
removed by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exports.frame import Frame
from modules.models import ModuleVersion
from modules.policy import requirement_cycle
from records.errors import Objection

Part = dict[str, Any]
Find = Callable[[str], ModuleVersion | None]


@dataclass(frozen=True)
class Assembly:
    """Chosen module codes and what they bring, as parts in the frame's order."""

    parts: tuple[Part, ...]
    objections: tuple[Objection, ...]


def assemble(chosen: Sequence[str], find: Find, frame: Frame) -> Assembly:
    """Put chosen modules, in the writer's order, and everything they demand into the frame.

    ``find`` gives the version to use for a code, or None when there is none that may be used.
    """
    chosen = _by_slot(chosen, find, frame)
    versions: dict[str, ModuleVersion] = {}
    tied: dict[str, str] = {}
    objections: list[Objection] = []
    stack = [(code, "") for code in reversed(chosen)]
    while stack:
        code, by = stack.pop()
        if code in versions:
            continue
        version = find(code)
        if version is None:
            objections.append(_missing(code, by))
            continue
        versions[code] = version
        if code not in chosen:
            tied[code] = by
        stack += [(needed, code) for needed in reversed(demanded(version))]
    parts = _ordered(versions, tied, chosen, frame)
    objections += exclusions(versions)
    objections += cycle_objections(versions)
    objections += slot_objections(parts, frame)
    return Assembly(tuple(parts), tuple(objections))


def _by_slot(chosen: Sequence[str], find: Find, frame: Frame) -> list[str]:
    """The choice in the frame's order, each once: the same set gives the same parts."""

    def place(code: str) -> int:
        version = find(code)
        slot = frame.slot_of(code, version.kind) if version is not None else None
        return frame.order_of(slot.name) if slot is not None else len(frame.slots)

    return sorted(dict.fromkeys(chosen), key=place)


def demanded(version: ModuleVersion) -> list[str]:
    """Codes that must stand in the same material."""
    return sorted({*version.requires, *version.companions})


def _missing(code: str, by: str) -> Objection:
    because = f", which {by} requires," if by else ""
    return Objection(
        "module-not-usable",
        f"{code}{because} has no version that may be used here.",
        where=by or code,
        instead=f"Take {by or code} out, or have {code} approved for this use.",
    )


def exclusions(versions: Mapping[str, ModuleVersion]) -> Iterator[Objection]:
    """Pairs that may not stand in one material."""
    for code, version in versions.items():
        for other in version.excludes:
            if other in versions:
                yield Objection(
                    "excludes",
                    f"{code} and {other} may not be in the same material.",
                    where=code,
                    instead=f"Remove {code} or {other}.",
                )


def slot_objections(parts: Sequence[Part], frame: Frame) -> Iterator[Objection]:
    """Slots that are empty but required, or too full."""
    for slot in frame.slots:
        held = [part for part in parts if part["slot"] == slot.name]
        if slot.required and not held:
            yield Objection(
                "slot-empty", f"The template requires {slot.name}, and nothing is there.", slot.name
            )
        if slot.most is not None and len(held) > slot.most:
            yield Objection(
                "slot-full",
                f"The template has room for {slot.most} in {slot.name}, not {len(held)}.",
                where=held[-1]["module"],
            )
    for part in parts:
        if not part["slot"]:
            yield Objection(
                "no-slot", f"The template has no place for {part['module']}.", part["module"]
            )


def _ordered(
    versions: Mapping[str, ModuleVersion],
    tied: Mapping[str, str],
    chosen: Sequence[str],
    frame: Frame,
) -> list[Part]:
    """Slots in the frame's order; within a slot the writer's order, then what was brought."""
    rank = {code: place for place, code in enumerate(dict.fromkeys([*chosen, *versions]))}
    parts = []
    for code, version in versions.items():
        slot = frame.slot_of(code, version.kind)
        parts.append(
            {
                "module": code,
                "version": version.id,
                "sha256": version.content_sha256,
                "slot": slot.name if slot else "",
                "tied_to": tied.get(code, ""),
            }
        )
    last = len(frame.slots)
    return sorted(
        parts,
        key=lambda part: (
            frame.order_of(part["slot"]) if part["slot"] else last,
            rank[part["module"]],
        ),
    )


def chosen_codes(parts: Sequence[Part]) -> list[str]:
    """The codes a person chose, in order: everything that is not tied."""
    return [part["module"] for part in parts if not part["tied_to"]]


def moved(codes: Sequence[str], code: str, *, to: int, parts: Sequence[Part]) -> list[str]:
    """The chosen codes with ``code`` at place ``to`` among those of its own slot."""
    slots = {part["module"]: part["slot"] for part in parts}
    peers = [each for each in codes if slots.get(each) == slots.get(code) and each != code]
    peers.insert(max(0, min(to, len(peers))), code)
    rest = iter(peers)
    return [next(rest) if slots.get(each) == slots.get(code) else each for each in codes]


def place_of(parts: Sequence[Part], code: str) -> int:
    """The place of a chosen module among those of its slot, counted from 0."""
    slots = {part["module"]: part["slot"] for part in parts}
    peers = [each for each in chosen_codes(parts) if slots[each] == slots.get(code)]
    return peers.index(code) if code in peers else 0


def place_objections(parts: Sequence[Part], code: str, over: str) -> Iterator[Objection]:
    """Why a module cannot stand where ``over`` stands: the template has another place for it."""
    slots = {part["module"]: part["slot"] for part in parts}
    own, there = slots.get(code), slots.get(over)
    if own is None or there is None or own == there:
        return
    yield Objection(
        "place",
        f"{code} cannot stand where {over} stands: the template has it among its {own}, "
        f"and {over} among its {there}.",
        where=code,
        instead=f"It moves freely among the {own}.",
    )


def removal_objections(parts: Sequence[Part], code: str, find: Find) -> Iterator[Objection]:
    """Why a module cannot be taken out: it came with another, or another needs it."""
    part = next((each for each in parts if each["module"] == code), None)
    if part is None:
        yield Objection("not-there", f"{code} is not in the material.", where=code)
        return
    needing = [
        each["module"]
        for each in parts
        if each["module"] != code
        and (version := find(each["module"])) is not None
        and code in demanded(version)
    ]
    if needing:
        yield Objection(
            "tied",
            f"{code} must stand with {', '.join(needing)} and cannot be removed by itself.",
            where=code,
            instead=f"Remove {' and '.join(needing)} first.",
        )


def cycle_objections(versions: Mapping[str, ModuleVersion]) -> Iterator[Objection]:
    """Modules that require each other in a circle: none of them could be first."""
    circle = requirement_cycle({code: version.requires for code, version in versions.items()})
    if circle:
        sentence = f"These modules require each other in a circle: {' → '.join(circle)}."
        yield Objection("requires-cycle", sentence, where=circle[0])
