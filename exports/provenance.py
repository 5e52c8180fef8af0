"""A manifest in sentences: what a file is, what is in it, and who approved it when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from exports.kinds import DECKS
from exports.presentation import day, moment


def provenance_lines(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """What ``clearcopy verify`` prints below its verdict, one line each."""
    return (
        *_head(manifest),
        *(f"Signed for the material: {_approval(one)}" for one in manifest["approvals"]),
        *(line for block in manifest["blocks"] for line in _block(block, _place(manifest))),
        *(
            f"Check: {one['name']} ({one['version']}): {one['result']}"
            for one in manifest["checks"]
        ),
    )


def sealed_as(manifest: Mapping[str, Any]) -> str:
    """What an altered file was, in a few words."""
    material, copy = manifest["material"], manifest["copy"]
    number = f"copy {copy['number']} of " if copy else ""
    return f"{number}{material['code']}, version {material['version']}: {material['title']}"


def _head(manifest: Mapping[str, Any]) -> list[str]:
    material, template, copy = manifest["material"], manifest["template"], manifest["copy"]
    until = f", valid until {_day(manifest['valid_until'])}" if manifest["valid_until"] else ""
    audience = f"{manifest['market']}, audience {manifest['audience']}"
    frame = f"template {template['id']}, version {template['version']}"
    lines = [
        f"{material['code']}, version {material['version']}: {material['title']}",
        f"For {manifest['account']['name']}, {manifest['role']}; {audience}",
        f"Prepared {_day(manifest['prepared'])}{until}; {frame}",
    ]
    if material["status"] != "approved":
        lines.insert(0, "This is a preview: it is not approved for distribution.")
    if held := manifest.get("certificate"):
        lines.append(f"Certified by {held['subject']}; certificate issued by {held['issuer']}")
    if copy:
        issued = moment(datetime.fromisoformat(copy["issued_at"]))
        purpose = f" ({copy['purpose']})" if copy["purpose"] else ""
        lines.append(f"Copy {copy['number']}, issued to {copy['issued_to']}, {issued}{purpose}")
    return lines


def _place(manifest: Mapping[str, Any]) -> str:
    """What the parts of a file are called."""
    if "mail" in manifest:
        return ""
    return "slide" if manifest["material"]["kind"] in DECKS else "page"


def _block(block: Mapping[str, Any], what: str) -> list[str]:
    claims = ", ".join(f"{use['claim']} {use['version']}" for use in block["claims"])
    return [
        f"{_pages(block['pages'], what)}: {block['module']}, version {block['version']}"
        + (f", with claims {claims}" if claims else ""),
        *(f"    {_approval(one)}" for one in block["approvals"]),
    ]


def _pages(pages: Sequence[int] | None, what: str) -> str:
    if not what:
        return "In the letter"
    if not pages:
        return f"{what.capitalize()}s unknown"
    first, last = pages
    one = f"{what.capitalize()} {first}"
    return one if first == last else f"{what.capitalize()}s {first} to {last}"


def _approval(one: Mapping[str, Any]) -> str:
    when = moment(datetime.fromisoformat(one["at"]))
    return f"{one['name']}, {one['discipline']}, {when}: {one['meaning']}"


def _day(text: str) -> str:
    return day(date.fromisoformat(text))
