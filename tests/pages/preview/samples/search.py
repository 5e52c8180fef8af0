"""Hits over everything, none, and the page before one has asked."""

from __future__ import annotations

from tests.pages.preview.words import some


def _hit(title: str, *facts: str, text: str = "", state: str | None = None) -> object:
    return some(
        title=[(title, False)],
        url="#",
        facts=[[(fact, fact == facts[0])] for fact in facts],
        text=[(text[:9], True), (text[9:], False)] if text else [],
        state=state,
    )


_GROUPS = [
    some(
        title="Modules",
        sign="doc",
        total=12,
        url="#",
        rows=[
            _hit(
                "Response and duration of response",
                "HAL-M-0004",
                text="Responses were assessed by blinded independent central review.",
                state="approved",
            )
        ],
    ),
    some(title="Copies", sign="get", total=1, url="#", rows=[_hit("Brief", "copy 0017")]),
    some(title="People", sign="user", total=1, url="#", rows=[_hit("A. Person", state="active")]),
]


def _page(query: str, groups: list[object]) -> dict[str, object]:
    return {"page": some(query=query, total=14 if groups else 0, groups=groups)}


PAGES = {
    "search": ("pages/search/show.html", _page("response", _GROUPS)),
    "search-nothing": ("pages/search/show.html", _page("zzz", [])),
    "search-before": ("pages/search/show.html", _page("", [])),
}
