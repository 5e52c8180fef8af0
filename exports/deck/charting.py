"""Native bar charts: editable in PowerPoint, with the numbers of the wording as labels."""

from __future__ import annotations

from typing import Any

from exports.deck.slides import Chart

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def add_chart(page: Any, chart: Chart, box: tuple[float, float, float, float]) -> None:
    """Bars from zero; the axis is named, the first group is in the accent colour."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
    from pptx.enum.dml import MSO_THEME_COLOR
    from pptx.util import Pt

    data: Any = _untyped(CategoryChartData)(number_format=_number_format(chart))
    data.categories = [bar.label for bar in chart.bars]
    data.add_series(chart.axis, [bar.value for bar in chart.bars])
    frame = page.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *(Pt(value) for value in box), data)
    frame.name = "Chart"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", chart.description)
    drawn = frame.chart
    drawn.has_legend = drawn.has_title = False
    drawn.font.size = Pt(13)
    drawn.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    plot = drawn.plots[0]
    plot.gap_width, plot.vary_by_categories = 70, False
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = _number_format(chart), False
    labels.position = XL_LABEL_POSITION.INSIDE_BASE
    labels.font.size, labels.font.bold = Pt(16), True
    labels.font.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
    for place in range(len(chart.bars)):
        fill = plot.series[0].points[place].format.fill
        fill.solid()
        fill.fore_color.theme_color = (
            MSO_THEME_COLOR.ACCENT_1 if place == 0 else MSO_THEME_COLOR.ACCENT_6
        )
    _axes(drawn, chart)
    if chart.interval:
        _whiskers(plot.series[0]._element, chart)


def _untyped(made: Any) -> Any:
    """python-pptx has no types for its chart data."""
    return made


def _number_format(chart: Chart) -> str:
    unit = chart.bars[0].printed.lstrip("0123456789.")
    places = max(len(bar.printed.removesuffix(unit).partition(".")[2]) for bar in chart.bars)
    shape = "0." + "0" * places if places else "0"
    return f'{shape}"%"' if unit.strip() == "%" else shape  # other units stand at the axis


def _axes(drawn: Any, chart: Chart) -> None:
    from pptx.enum.dml import MSO_THEME_COLOR
    from pptx.util import Pt

    values, groups = drawn.value_axis, drawn.category_axis
    values.minimum_scale, values.maximum_scale = 0, chart.top
    values.major_unit = chart.step
    values.has_title = True
    title = chart.axis + (f". Lines: {chart.interval}" if chart.interval else "")
    values.axis_title.text_frame.text = title
    words = values.axis_title.text_frame.paragraphs[0].runs[0].font
    words.size, words.bold = Pt(12), False
    words.color.theme_color = MSO_THEME_COLOR.ACCENT_6
    values.tick_labels.font.size = Pt(12)
    values.tick_labels.number_format = "0"
    values.tick_labels.number_format_is_linked = False
    values.format.line.fill.background()
    values.major_gridlines.format.line.color.theme_color = MSO_THEME_COLOR.BACKGROUND_2
    groups.reverse_order = True
    groups.tick_labels.font.size, groups.tick_labels.font.bold = Pt(14), True
    groups.format.line.color.theme_color = MSO_THEME_COLOR.TEXT_2
    # the value axis stays below although the groups are read from above
    crosses = values._element.find(f"{{{_C}}}crosses")
    if crosses is not None:
        crosses.set("val", "max")


def _whiskers(series: Any, chart: Chart) -> None:
    """The intervals, as error bars with a length of their own for each bar."""
    from lxml import etree

    def element(parent: Any, name: str, value: str = "") -> Any:
        made = etree.SubElement(parent, f"{{{_C}}}{name}")
        if value:
            made.set("val", value)
        return made

    bars = etree.Element(f"{{{_C}}}errBars")
    for name, value in (("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "0")):
        element(bars, name, value)
    for name, side in (("plus", 1), ("minus", -1)):
        literal = element(element(bars, name), "numLit")
        element(literal, "formatCode").text = "General"
        element(literal, "ptCount", str(len(chart.bars)))
        for place, bar in enumerate(chart.bars):
            end = bar.interval[1] if side > 0 else bar.interval[0]
            point = element(literal, "pt")
            point.set("idx", str(place))
            element(point, "v").text = f"{abs(end - bar.value):.4g}"
    line = etree.SubElement(element(bars, "spPr"), f"{{{_A}}}ln", w="19050")
    fill = etree.SubElement(line, f"{{{_A}}}solidFill")
    etree.SubElement(fill, f"{{{_A}}}schemeClr", val="tx2")
    series.find(f"{{{_C}}}cat").addprevious(bars)
