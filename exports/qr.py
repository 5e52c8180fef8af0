"""The QR code of a validity address: one mask for all addresses of an installation.

Choosing the mask is four fifths of the work and differs from code to code. It is chosen once for
the part all addresses share, so that thousands of codes of one installation differ in data alone;
the mask stands in the code itself and any reader applies it.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import segno

_ANY_CODE = "2345678923"  # stands in for the ten signs of a validity code


def validity_qr(url: str) -> Any:
    """The code of one address, as segno makes it."""
    base, _, code = url.rpartition("/")
    return segno.make(url, error="m", micro=False, mask=_mask(base, len(code)))


@cache
def _mask(base: str, length: int) -> int:
    code = (_ANY_CODE * 9)[:length]
    made = segno.make(f"{base}/{code}", error="m", micro=False)
    return int(made.mask)


class Drawer:
    """Draws the codes of addresses of one base and length; the same dark runs as segno's SVG.

    A QR code is linear: the data, the check words and the mask are added modulo two. So the code of
    an address is that of another plus the difference of each bit in which the addresses differ.
    """

    BORDER = 2

    def __init__(self, url: str) -> None:
        self.base, _, code = url.rpartition("/")
        self.length = len(code)
        self._zero = self._bits("2" * self.length)
        self.size = validity_qr(url).symbol_size(border=0)[0]
        self._signs: dict[tuple[int, str], int] = {}

    def drawing(self, url: str) -> bytes | None:
        """Path operators of the code's dark runs; None for an address of another kind."""
        base, _, code = url.rpartition("/")
        if base != self.base or len(code) != self.length:
            return None
        bits = self._zero
        for place, sign in enumerate(code):
            bits ^= self._difference(place, sign)
        mask = (1 << self.size) - 1
        rows = [bits >> (row * self.size) & mask for row in range(self.size)]
        lines = [_run(row + self.BORDER, first, last) for row, first, last in _runs(rows)]
        return "".join(lines).encode()

    def _difference(self, place: int, sign: str) -> int:
        """What a sign at a place adds to the code whose signs are all 2."""
        key = (place, sign)
        if key not in self._signs:
            code = "2" * place + sign + "2" * (self.length - place - 1)
            self._signs[key] = self._bits(code) ^ self._zero
        return self._signs[key]

    def _bits(self, code: str) -> int:
        matrix = validity_qr(f"{self.base}/{code}").matrix
        bits, at = 0, 0
        for row in matrix:
            for module in row:
                bits |= int(module) << at
                at += 1
        return bits


def drawer_of(url: str) -> Drawer:
    """The drawer of addresses like this one; what it has learnt of signs it keeps."""
    base, _, code = url.rpartition("/")
    return _drawer(f"{base}/{'2' * len(code)}")


@lru_cache(maxsize=4)
def _drawer(url: str) -> Drawer:
    return Drawer(url)


def _runs(rows: list[int]) -> list[tuple[int, int, int]]:
    found = []
    for number, row in enumerate(rows):
        at, left = 0, row
        while left:
            gap = (left & -left).bit_length() - 1
            left >>= gap
            length = (~left & (left + 1)).bit_length() - 1
            found.append((number, at + gap, at + gap + length))
            at += gap + length
            left >>= length
    return found


@cache
def _run(row: int, first: int, last: int) -> str:
    border = Drawer.BORDER
    return f"{first + border} {row}.5 m\n{last + border} {row}.5 l\n"
