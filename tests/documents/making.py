"""Every kind of sealed file, made in a process whose clock says another day: prints the hashes.

``python -m tests.documents.making DAY CERTIFICATE ORDER``; ``ORDER`` is ``first`` or ``last``:
whether a file is made after other documents.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from typing import Any

NAMES = ("brief.pdf", "certified.pdf", "plate.pdf", "deck.pdf", "deck.pptx", "letter.eml")


def live_on(day: str) -> None:
    """Let every clock a Python library may ask say a moment of that day."""
    moment = dt.datetime.fromisoformat(f"{day}T23:59:58+00:00").timestamp()
    real_local, real_utc, real_strftime = time.localtime, time.gmtime, time.strftime
    time.time = lambda: moment
    time.time_ns = lambda: int(moment * 1e9)
    time.localtime = lambda seconds=None: real_local(moment if seconds is None else seconds)
    time.gmtime = lambda seconds=None: real_utc(moment if seconds is None else seconds)
    time.strftime = lambda form, at=None: real_strftime(form, at or time.localtime())

    class Moment(dt.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return cls.fromtimestamp(moment, tz)

        utcnow = classmethod(lambda cls: cls.now(dt.UTC).replace(tzinfo=None))
        today = classmethod(lambda cls: cls.now())

    class Day(dt.date):
        today = classmethod(lambda cls: cls.fromtimestamp(moment))

    dt.datetime, dt.date = Moment, Day  # type: ignore[misc]


def make(name: str, certificate: str) -> bytes:
    """One file, as it is issued."""
    from dataclasses import replace
    from pathlib import Path

    from exports import formats
    from exports.bulk.printing import print_one
    from exports.copies import Press
    from records.certificates import read_certificate
    from tests.documents import halvoryn, letter
    from tests.documents.press import BRAND, KEYRING
    from tests.unit.exports.bulk import conftest as plates
    from tests.unit.exports.test_deck_slides import DOCUMENTS

    if name == "plate.pdf":
        press = Press(plates.BRAND, "https://x.example")
        return print_one(plates.document(7), press=press, keyring=KEYRING)[0]
    keyring = KEYRING
    if name == "certified.pdf":
        keyring = replace(KEYRING, certificate=read_certificate(Path(certificate)))
    document = {"deck": DOCUMENTS["small"], "letter": letter.email()}.get(
        name.partition(".")[0], halvoryn.brief()
    )
    brand = letter.BRAND if name == "letter.eml" else BRAND
    return formats.get(name.partition(".")[2]).issue(document, brand, keyring)


def main() -> None:
    """Print the SHA-256 of each file as JSON."""
    day, certificate, order = sys.argv[1:]
    live_on(day)
    import hashlib

    names = NAMES if order == "first" else NAMES[::-1]
    found = {name: hashlib.sha256(make(name, certificate)).hexdigest() for name in names}
    print(json.dumps({"year": time.gmtime().tm_year, **found}))  # noqa: T201


if __name__ == "__main__":
    main()
