"""A comparison as inline SVG: bars from zero, intervals as whiskers, numbers as worded."""

from __future__ import annotations

from markupsafe import Markup, escape

from exports.brand import Brand
from exports.deck.measuring import text_width
from exports.deck.slides import CHART_HEIGHT, CHART_WIDTH, Bar, Chart

_TOP, _BAR, _STEP = 22, 44, 92


def chart_svg(chart: Chart, brand: Brand) -> Markup:
    """The chart with its description as alternative text."""
    bottom = _TOP + _STEP * len(chart.bars)
    # room for a value behind the longest bar
    behind = max(text_width(bar.printed, 17, "bold") + 12 for bar in chart.bars)
    scale = (CHART_WIDTH - max(behind, 96)) / chart.top
    parts = [_grid(chart, scale, bottom, brand)]
    for place, bar in enumerate(chart.bars):
        colour = brand.accent if place == 0 else "#93a1ae"
        parts.append(_bar(bar, _TOP + _STEP * place, scale, colour, brand))
    legend = f". Lines: {chart.interval}" if chart.interval else ""
    parts.append(_text(0, bottom + 42, chart.axis + legend, brand.muted, 12))
    return Markup(
        '<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}"'
        ' font-family="{}"><title>{}</title>{}</svg>'
    ).format(CHART_WIDTH, CHART_HEIGHT, brand.sans, chart.description, Markup().join(parts))


def _grid(chart: Chart, scale: float, bottom: int, brand: Brand) -> Markup:
    marks = Markup()
    value = 0.0
    while value <= chart.top:
        x = 1 + value * scale
        colour, width = (brand.ink, 1.2) if value == 0 else (brand.line, 0.7)
        marks += Markup(
            '<line x1="{0:.1f}" y1="{1}" x2="{0:.1f}" y2="{2}" stroke="{3}" stroke-width="{4}"/>'
        ).format(x, _TOP - 12, bottom, colour, width)
        anchor = "start" if value == 0 else "middle"
        marks += _text(x - (value == 0), bottom + 18, f"{value:g}", brand.muted, 12, anchor=anchor)
        value += chart.step
    return marks


def _bar(bar: Bar, top: int, scale: float, colour: str, brand: Brand) -> Markup:
    length = bar.value * scale
    drawn = Markup('<rect x="1.6" y="{}" width="{:.1f}" height="{}" fill="{}"/>').format(
        top + 24, length, _BAR, colour
    )
    middle = top + 24 + _BAR / 2
    low, high = bar.interval
    if high > low:
        drawn += _whisker(low * scale, high * scale, middle, brand)
    drawn += _label_ground(bar.label, top + 4)
    drawn += _text(5, top + 16, bar.label, brand.ink, 14, weight=600)
    end = max(length, high * scale) + 9
    return drawn + _text(end, middle + 6, bar.printed, brand.ink, 17, weight=600)


def _label_ground(label: str, top: int) -> Markup:
    """Paper behind a label, so that no grid line crosses its letters."""
    width = text_width(label, 14, "bold") + 6
    return Markup('<rect x="3" y="{}" width="{:.1f}" height="17" fill="#ffffff"/>').format(
        top, width
    )


def _whisker(low: float, high: float, y: float, brand: Brand) -> Markup:
    path = f"M{low:.1f} {y - 7}V{y + 7}M{low:.1f} {y}H{high:.1f}M{high:.1f} {y - 7}V{y + 7}"
    return Markup('<path d="{}" fill="none" stroke="{}" stroke-width="1.6"/>').format(
        path, brand.ink
    )


def _text(
    x: float,
    y: float,
    text: str,
    colour: str,
    size: float,
    *,
    weight: int = 400,
    anchor: str = "start",
) -> Markup:
    return Markup(
        '<text x="{:.1f}" y="{:.1f}" font-size="{}" font-weight="{}" fill="{}"'
        ' text-anchor="{}">{}</text>'
    ).format(x, y, size, weight, colour, anchor, escape(text))
