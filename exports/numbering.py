"""Numbers that are printed: material codes, copy numbers, validity codes; never given twice.

On PostgreSQL two transactions could both read the highest number; an advisory lock that lasts until
the commit makes the second one wait. On SQLite write transactions queue up anyway.
"""

from __future__ import annotations

import secrets

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from exports.models import ControlledCopy, Material

# no 0/O, 1/I: the code is read from paper and typed in
CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 10
# any two constants do; they only have to be the same in every process
_MATERIALS, _COPIES = 0x4D415443, 0x434F5059


def next_material_code(session: Session, prefix: str) -> str:
    """``BRF-0001``, ``BRF-0002``, …; the caller's transaction holds the place until it commits."""
    _lock(session, _MATERIALS)
    start = f"{prefix}-"
    # longer codes are later ones: BRF-10000 comes after BRF-9999
    last = session.scalar(
        select(Material.code)
        .where(Material.code.startswith(start, autoescape=True))
        .order_by(func.length(Material.code).desc(), Material.code.desc())
        .limit(1)
    )
    number = int(last.removeprefix(start)) + 1 if last else 1
    return f"{start}{number:04d}"


def material_codes(session: Session, prefix: str, count: int) -> list[str]:
    """The next codes of a series, all at once."""
    first = int(next_material_code(session, prefix).removeprefix(f"{prefix}-"))
    return [f"{prefix}-{number:04d}" for number in range(first, first + count)]


def next_copy_number(session: Session) -> int:
    """The next number of a controlled copy; the series has no gaps."""
    _lock(session, _COPIES)
    return 1 + (session.scalar(select(func.max(ControlledCopy.number))) or 0)


def new_validity_code() -> str:
    """Random, so that codes cannot be counted through; 31 signs in ten places."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def _lock(session: Session, key: int) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(key)))
