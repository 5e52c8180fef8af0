"""Measures: how long work takes, how often it comes back, what is used; as a page and as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from cms.formatting import day, local, viewer_zone
from cms.measures_table import figures
from cms.measures_values import page_values
from cms.measures_words import DEFINITIONS, PERCENTILES
from cms.pages import page, session
from exports.measures.period import Asked
from exports.measures.reading import Measures, measure
from exports.measures.reviewing import products
from records import clock
from records.problems import BadInput, Problem
from records.roles import Permission

blueprint = Blueprint("measures", __name__)
PERIODS = ((30, "30 days"), (90, "90 days"), (365, "12 months"), (1096, "3 years"))
USUAL = 365


@page(blueprint, "/measures", permission=Permission.READ_LIBRARY)
def index() -> str:
    """All measures of a period, usually the last twelve months, of all products or of one."""
    first, last, today = _days()
    brands, product = _brands()
    found = _measured(first, last, today, product)
    chosen: dict[str, Any] = {"product": brands.get(product) if product else None}
    kept: dict[str, Any] = {
        "from": request.args.get("from"),
        "to": request.args.get("to"),
        "days": request.args.get("days"),
    }
    values = {
        **page_values(found, brands, today),
        "lede": f"{day(first)} to {day(last)}, {brands[product] if product else 'all products'}.",
        "periods": [
            {
                "label": words,
                "url": url_for("measures.index", days=number, **chosen),
                "chosen": (last - first).days + 1 == number and last == today,
            }
            for number, words in PERIODS
        ],
        "products": [(brand, brand) for brand in brands.values()],
        "product": chosen["product"],
        "first": first.isoformat(),
        "last": last.isoformat(),
        "csv_url": url_for("measures.table", **kept, **chosen),
        "percentiles": PERCENTILES,
    }
    return render_template("pages/measures/index.html", page=values)


@page(blueprint, "/measures.csv", permission=Permission.READ_LIBRARY)
def table() -> Response:
    """Every figure of the page, one a row, each with what it counts."""
    first, last, today = _days()
    brands, product = _brands()
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(
        ("measure", "by", "group", "figure", "value", "from", "to", "product", "definition")
    )
    for each in figures(_measured(first, last, today, product), brands):
        value = f"{each.value:.4f}".rstrip("0").rstrip(".")
        about = (first.isoformat(), last.isoformat(), brands.get(product or 0, ""))
        rows.writerow(
            (
                each.measure,
                each.by,
                _plain(each.group),
                each.figure,
                value,
                *about,
                DEFINITIONS[each.measure][1],
            )
        )
    answer = Response(text.getvalue(), mimetype="text/csv")
    name = f"measures-{first}-{last}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _plain(words: str) -> str:
    """A brand or code that a spreadsheet would take for a formula is shown as words."""
    return f"'{words}" if words.startswith(("=", "+", "-", "@", "\t", "\r")) else words


def _measured(first: date, last: date, today: date, product: int | None) -> Measures:
    zone = viewer_zone.get()
    asked = Asked(
        datetime.combine(first, time.min, zone),
        datetime.combine(last + timedelta(days=1), time.min, zone),
        product,
    )
    return measure(session(), asked, at=clock.now(), today=today)


def _days() -> tuple[date, date, date]:
    """First and last day asked for, both counted, and today: days of the viewer."""
    today = local(clock.now()).date()
    if "from" in request.args or "to" in request.args:
        last = _day("to", today)
        first = _day("from", last - timedelta(days=USUAL - 1))
        if first > last:
            raise BadInput([Problem("address", None, "from", "is after the last day, to")])
        return first, last, today
    number = request.args.get("days", USUAL, type=int)
    number = min(max(number, 1), 36_600)
    return today - timedelta(days=number - 1), today, today


def _day(name: str, otherwise: date) -> date:
    typed = request.args.get(name, "").strip()
    if not typed:
        return otherwise
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        sentence = "must be a day as year, month and day, such as 2026-11-24"
        raise BadInput([Problem("address", None, name, sentence)]) from None
    # the calendar ends somewhere, and a zone must still have room on either side
    return min(max(found, date(1970, 1, 1)), date(2200, 1, 1))


def _brands() -> tuple[dict[int, str], int | None]:
    brands = products(session())
    wanted = request.args.get("product", "").strip().casefold()
    return brands, next((id for id, brand in brands.items() if brand.casefold() == wanted), None)
