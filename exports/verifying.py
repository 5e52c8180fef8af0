"""Offline verification of any file of ours: the format that recognises it gives the answer.

Needs the file and public keys, nothing else: no database, no network, no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from exports import formats
from exports.verification import Verification

LARGEST = 100_000_000  # bytes of any file; what we seal has less than one hundredth of this
# by these ends a reader's machine chooses the program that shows a file
_OPENED_BY_NAME = {"pdf": "pdf", "pptx": "pptx", "eml": "eml", "html": "html", "htm": "html"}


def verify(data: bytes, *, public_keys: Sequence[bytes], name: str = "") -> Verification:
    """Say whether a file is as it was sealed.

    Args:
        data: the file.
        public_keys: PEM or raw Ed25519 keys of the installations one trusts.
        name: its file name; its end decides when the bytes say nothing. A name that has it opened
            as something else than what was sealed is refused: what that shows was not checked.

    Raises:
        BrokenManifest: one of the *keys* is no key; the file never raises.
    """
    end = name.rpartition(".")[2].lower()
    checked = [each for each in formats.FORMATS if each.verify and each.recognises]
    looks = (each for each in checked if each.recognises and each.recognises(data))
    called = (each for each in checked if each.name == end)
    found = next(looks, None) or next(called, None)
    if found is None or found.verify is None:
        known = ", ".join(each.name for each in checked)
        return Verification(
            False, "unknown_type", f"This is none of the files Clearcopy seals ({known})."
        )
    answer = found.verify(data, public_keys)
    opened_as = _OPENED_BY_NAME.get(end, found.name)
    if answer.ok and opened_as != found.name:
        reason = (
            f"What was sealed is of the kind {found.name}, but the file is named .{end} and is"
            f" opened as that, which shows something else. Name it .{found.name} and verify again."
        )
        return replace(answer, ok=False, code="misnamed", reason=reason)
    return answer
