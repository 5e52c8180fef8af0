"""Passwords: Argon2id hashes, rules, and the check that signing in and signing share."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from records import clock
from records.errors import DomainError, Objection
from records.models import Person

MINIMUM_LENGTH = 12
RULES = (
    f"At least {MINIMUM_LENGTH} characters, five of them different, without your name or address. "
    "A sentence is easier to keep than signs."
)
_hasher = PasswordHasher()  # argon2id with the library's current recommended cost
# verified when there is no such person, so that the answer takes as long as for a real one; of the
# hasher's cost and of no password: making a real one would slow every start of the program
_NOBODY = (
    f"$argon2id$v=19$m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    f"$bm9ib2R5aGFzdGhpcyEhIQ${'A' * 43}"
)


class WrongPassword(DomainError):
    """The password does not match; says how many attempts are left where known."""


class Locked(DomainError):
    """Too many failed attempts; says until when."""


def hash_password(password: str) -> str:
    """Argon2id hash of ``password``."""
    return _hasher.hash(password)


def objections(password: str, *, email: str, name: str) -> list[Objection]:
    """Why this may not be somebody's password (NIST SP 800-63B: length over composition)."""
    found = []
    lowered = password.casefold()
    if len(password) < MINIMUM_LENGTH:
        found.append(f"A password has at least {MINIMUM_LENGTH} characters.")
    if len(password) > 256:
        found.append("A password has at most 256 characters.")
    parts = [email.partition("@")[0], *name.split()]
    if any(len(part) > 3 and part.casefold() in lowered for part in parts):
        found.append("A password may not contain your name or address.")
    if len(set(password)) < 5:
        found.append("A password has at least five different characters.")
    return [Objection("password", sentence, where="password") for sentence in found]


def matches(person: Person | None, password: str) -> bool:
    """Whether ``password`` is the person's; takes as long when there is no such person."""
    try:
        _hasher.verify(person.password_hash if person else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return person is not None


def confirm(person: Person, password: str) -> None:
    """Raise ``Locked`` or ``WrongPassword`` unless this is the active person's password."""
    # hashed first in every case: the time of the answer says nothing about the account
    right = matches(person if person.active else None, password)
    if person.locked_until is not None and person.locked_until > clock.now():
        until = person.locked_until.strftime("%H:%M UTC")
        raise Locked(f"Too many wrong passwords. You can try again after {until}.")
    if not right:
        raise WrongPassword("The password is not right. Nothing was signed.")
