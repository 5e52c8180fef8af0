"""Alterations of bytes that know nothing of a format, each chosen by chance from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable


def flip_a_bit(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return _put(data, place, bytes([data[place] ^ (1 << chance.randrange(8))]))


def another_byte(data: bytes, chance: random.Random) -> bytes:
    return _put(data, chance.randrange(len(data)), bytes([chance.randrange(256)]))


def take_bytes_out(data: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(data, chance)
    return data[:start] + data[end:]


def put_bytes_in(data: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(data, chance)
    return data[:start] + chance.randbytes(end - start) + data[start:]


def exchange_stretches(data: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(data, chance)
    other = chance.randrange(len(data) - (end - start))
    changed = bytearray(data)
    here, there = slice(start, end), slice(other, other + end - start)
    changed[here], changed[there] = data[there], data[here]
    return bytes(changed)


def say_it_twice(data: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(data, chance)
    return data[:end] + data[start:]


def cut_the_end(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def add_to_the_end(data: bytes, chance: random.Random) -> bytes:
    return data + chance.choice([b"\n", b" ", b"%%EOF\n", chance.randbytes(9)])


def blank_a_stretch(data: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(data, chance)
    return _put(data, start, b" " * (end - start))


def turn_a_number(data: bytes, chance: random.Random) -> bytes:
    place = chance.choice([at for at, sign in enumerate(data) if 48 <= sign <= 57])
    return _put(data, place, str((data[place] - 47) % 10).encode())


Way = Callable[[bytes, random.Random], bytes]
WAYS: tuple[Way, ...] = (
    flip_a_bit,
    another_byte,
    take_bytes_out,
    put_bytes_in,
    exchange_stretches,
    say_it_twice,
    cut_the_end,
    add_to_the_end,
    blank_a_stretch,
    turn_a_number,
)


def alterations(data: bytes, way: Way, seed: str, count: int) -> list[bytes]:
    """So many changed files; where chance would have it that nothing changes, it tries again."""
    chance = random.Random(f"{seed} {way.__name__}")
    made: list[bytes] = []
    while len(made) < count:
        changed = way(data, chance)
        if changed != data:
            made.append(changed)
    return made


def name(function: Callable[..., object]) -> str:
    """How a test calls an alteration."""
    return function.__name__.replace("_", " ")


def _stretch(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, min(start + chance.randint(1, 60), len(data))


def _put(data: bytes, place: int, new: bytes) -> bytes:
    return data[:place] + new + data[place + len(new) :]
