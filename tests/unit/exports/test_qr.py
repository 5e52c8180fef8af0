"""Codes of one installation: drawn quickly, and exactly as segno draws them."""

from __future__ import annotations

import re
import secrets

from exports.qr import Drawer, validity_qr

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def path_of(url: str) -> str:
    """The dark runs of a code from its matrix."""
    lines = []
    for row, modules in enumerate(validity_qr(url).matrix):
        drawn = "".join(map(str, map(int, modules)))
        lines += [
            f"{run.start() + 2} {row + 2}.5 m\n{run.end() + 2} {row + 2}.5 l\n"
            for run in re.finditer("1+", drawn)
        ]
    return "".join(lines)


def test_a_drawn_code_is_the_code() -> None:
    base = "https://cc.example.org/v"
    drawer = Drawer(f"{base}/AAAAAAAAAA")
    for _ in range(100):
        url = f"{base}/{''.join(secrets.choice(SIGNS) for _ in range(10))}"
        drawing = drawer.drawing(url)
        assert drawing is not None
        assert drawing.decode() == path_of(url)


def test_an_address_of_another_kind_is_not_drawn() -> None:
    drawer = Drawer("https://cc.example.org/v/AAAAAAAAAA")
    assert drawer.drawing("https://cc.example.org/v/AAAAAAAAAAA") is None
    assert drawer.drawing("https://dd.example.org/v/AAAAAAAAAA") is None
