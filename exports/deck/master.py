"""The master and the layouts of a PPTX: geometry, theme colours and fonts in one company's look."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from exports.brand import Brand
from exports.deck import logo
from exports.deck.slides import (
    BODY_BOTTOM,
    BODY_TOP,
    CHART_TEXT,
    FOOT_TOP,
    HEIGHT,
    INNER,
    KICKER_TOP,
    LEFT,
    TITLE_TOP,
    WIDTH,
)

HEAD_FONT, TEXT_FONT = "Georgia", "Arial"
KICKER, NOTES, EXTRA, CODES, FOOTER, NUMBER = 13, 14, 15, 16, 11, 12
_EMU = 12700
_NS = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_GROUP = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
_BODY = (LEFT, BODY_TOP, INNER, BODY_BOTTOM - BODY_TOP)


def _shape(  # noqa: PLR0913 - one argument for each thing a placeholder may have
    id: int,
    name: str,
    kind: str,
    index: int | None,
    box: tuple[float, float, float, float],
    *,
    size: float = 18,
    colour: str = "tx1",
    bold: bool = False,
    font: str = "+mn-lt",
    anchor: str = "t",
    align: str = "l",
    prompt: str = "",
    fill: str = "",
) -> str:
    x, y, w, h = (round(value * _EMU) for value in box)
    type_ = f' type="{kind}"' if kind else ""
    idx = f' idx="{index}"' if index is not None else ""
    filled = f'<a:solidFill><a:schemeClr val="{fill}"/></a:solidFill>' if fill else ""
    inner = 'lIns="0" tIns="0" rIns="0" bIns="0"'
    number = '<a:fld id="{5C0BAC01-0000-4000-8000-000000000001}" type="slidenum">'
    text = (
        f'{number}<a:rPr lang="en-US"/><a:t>‹#›</a:t></a:fld>'
        if kind == "sldNum"
        else f'<a:r><a:rPr lang="en-US"/><a:t>{escape(prompt or name)}</a:t></a:r>'
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{id}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
        f"</p:cNvSpPr><p:nvPr><p:ph{type_}{idx}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm>"
        f'<a:off x="{x}" y="{y}"/><a:ext cx="{w}" cy="{h}"/></a:xfrm><a:prstGeom prst="rect">'
        f'<a:avLst/></a:prstGeom>{filled}</p:spPr><p:txBody><a:bodyPr wrap="square" {inner}'
        f' anchor="{anchor}"><a:noAutofit/></a:bodyPr><a:lstStyle><a:lvl1pPr marL="0" indent="0"'
        f' algn="{align}"><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/><a:defRPr'
        f' sz="{round(size * 100)}" b="{int(bold)}"><a:solidFill><a:schemeClr val="{colour}"/>'
        f'</a:solidFill><a:latin typeface="{font}"/></a:defRPr></a:lvl1pPr></a:lstStyle><a:p>'
        f"{text}</a:p></p:txBody></p:sp>"
    )


def _bar(id: int, box: tuple[float, float, float, float], colour: str) -> str:
    x, y, w, h = (round(value * _EMU) for value in box)
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{id}" name="Rule {id}" descr=""/><p:cNvSpPr/><p:nvPr'
        f' userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{w}"'
        f' cy="{h}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill>'
        f'<a:schemeClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
    )


def _label(id: int, text: str, box: tuple[float, float, float, float], size: float) -> str:
    x, y, w, h = (round(value * _EMU) for value in box)
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{id}" name="Company"/><p:cNvSpPr txBox="1"/><p:nvPr'
        f' userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{w}"'
        f' cy="{h}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr>'
        '<p:txBody><a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0"/><a:lstStyle/><a:p>'
        f'<a:r><a:rPr lang="en-US" sz="{round(size * 100)}" b="1"><a:solidFill>'
        f'<a:schemeClr val="accent2"/></a:solidFill></a:rPr><a:t>{escape(text)}</a:t></a:r></a:p>'
        "</p:txBody></p:sp>"
    )


def _foot(first: int, colour: str = "accent6") -> str:
    return _shape(
        first, "Footer", "ftr", FOOTER, (LEFT, FOOT_TOP, 770, 16), size=8.5, colour=colour
    ) + _shape(
        first + 1,
        "Slide number",
        "sldNum",
        NUMBER,
        (LEFT + 784, FOOT_TOP, 60, 16),
        size=9,
        bold=True,
        colour=colour,
        align="r",
    )


def _heads() -> str:
    title = (LEFT, TITLE_TOP, INNER, BODY_TOP - TITLE_TOP - 6)
    return _shape(
        2,
        "Section",
        "body",
        KICKER,
        (LEFT, KICKER_TOP, INNER, 17),
        size=12,
        bold=True,
        colour="accent1",
    ) + _shape(3, "Title", "title", None, title, size=30, colour="tx2", font="+mj-lt")


def _footnotes(id: int) -> str:
    box = (LEFT, BODY_BOTTOM - 60, INNER, 60)
    return _shape(id, "Footnotes", "body", NOTES, box, size=10, colour="accent6", anchor="b")


def _layouts(brand: Brand) -> dict[str, tuple[str, str]]:
    """Name → shapes and background of each layout."""
    x = 72.0
    half, third = (INNER - 24) / 2, (INNER - 48) / 3
    tall = BODY_BOTTOM - BODY_TOP
    cover = (
        logo.shapes(brand, 40)
        + _label(20, brand.name, (logo.beside(brand), 60, 560, 26), 17)
        + _shape(2, "Role", "body", KICKER, (x, 150, 800, 20), size=14, bold=True, colour="accent3")
        + _shape(
            3, "Title", "title", None, (x, 176, 800, 110), size=44, colour="accent2", font="+mj-lt"
        )
        + _shape(
            4, "Product", "subTitle", 1, (x, 298, 800, 28), size=20, colour="accent2", font="+mj-lt"
        )
        + _shape(5, "Prepared for", "body", EXTRA, (x, 340, 800, 26), size=17, colour="accent2")
        + _shape(6, "Codes", "body", CODES, (x, 490, 800, 18), size=10.5, colour="accent2")
    )
    section = (
        _bar(20, (x, 150, 58, 2.4), "accent3")
        + _shape(
            2, "Number", "body", KICKER, (x, 162, 200, 26), size=18, colour="accent3", font="+mj-lt"
        )
        + _shape(
            3, "Title", "title", None, (x, 192, 800, 58), size=44, colour="accent2", font="+mj-lt"
        )
        + _shape(4, "Contents", "body", 1, (x, 266, 800, 170), size=16, colour="accent2")
        + _foot(10, "accent2")
    )
    text = _heads() + _shape(4, "Text", "body", 1, _BODY) + _footnotes(5) + _foot(10)
    columns = {
        count: _heads()
        + "".join(
            _shape(
                4 + place,
                f"Column {place + 1}",
                "body",
                1 + place,
                (LEFT + place * (width + 24), BODY_TOP, width, tall),
                fill="bg2",
            )
            for place in range(count)
        )
        + _footnotes(8)
        + _foot(10)
        for count, width in ((2, half), (3, third))
    }
    beside = (LEFT + INNER - CHART_TEXT, BODY_TOP, CHART_TEXT, tall)
    chart = _heads() + _shape(4, "Text", "body", 1, beside) + _footnotes(5) + _foot(10)
    only = _heads() + _footnotes(5) + _foot(10)
    return {
        "Cover": (cover, _gradient(brand)),
        "Section": (section, _solid(brand.cover)),
        "Text": (text, ""),
        "Two columns": (columns[2], ""),
        "Three columns": (columns[3], ""),
        "Chart and text": (chart, ""),
        "Title and cards": (only, ""),
        "Title and table": (only, ""),
        "Safety information": (only, ""),
        "References": (text, ""),
        "Proof": (only, ""),
    }


@lru_cache(maxsize=4)
def blank(brand: Brand) -> bytes:
    """A presentation without slides: master, layouts and theme of a company."""
    from pptx import Presentation
    from pptx.util import Pt

    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    for part in (deck.part, deck.part.package):
        for key, relation in list(part._rels.items()):
            if relation.reltype.endswith(("/printerSettings", "/thumbnail")):
                part._rels.pop(key)
    master = deck.slide_master
    _theme(master, brand)
    title = (LEFT, TITLE_TOP, INNER, BODY_TOP - TITLE_TOP - 6)
    shapes = (
        _shape(2, "Title", "title", None, title, size=30, colour="tx2", font="+mj-lt")
        + _shape(3, "Text", "body", 1, _BODY)
        + _foot(10)
    )
    _replace(master, shapes, "")
    for layout, (name, (content, ground)) in zip(
        list(deck.slide_layouts), _layouts(brand).items(), strict=True
    ):
        _replace(layout, content, ground)
        layout._element.cSld.set("name", name)
        if "type" in layout._element.attrib:
            del layout._element.attrib["type"]
    target = io.BytesIO()
    deck.save(target)
    return target.getvalue()


def _replace(page: Any, shapes: str, ground: str) -> None:
    """Give a master or a layout its shapes and its background."""
    old = page._element.cSld
    tree = old.spTree
    fresh = etree.fromstring(f"<p:spTree {_NS}>{_GROUP}{shapes}</p:spTree>")
    for child in list(tree):
        tree.remove(child)
    for child in list(_parsed(fresh)):
        tree.append(child)
    if ground:
        for known in old.findall("{*}bg"):
            old.remove(known)
        fill = f"{ground}<a:effectLst/>"
        old.insert(0, _parsed(etree.fromstring(f"<p:bg {_NS}><p:bgPr>{fill}</p:bgPr></p:bg>")))


def _solid(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour[1:].upper()}"/></a:solidFill>'


def _gradient(brand: Brand) -> str:
    """The cover's ground, as in the PDF."""
    stops = "".join(
        f'<a:gs pos="{place}"><a:srgbClr val="{colour[1:].upper()}"/></a:gs>'
        for place, colour in ((0, brand.cover), (18000, brand.cover), (100000, brand.cover_end))
    )
    return f'<a:gradFill><a:gsLst>{stops}</a:gsLst><a:lin ang="1680000" scaled="0"/></a:gradFill>'


def _parsed(element: Any) -> Any:
    """An element in python-pptx's own classes."""
    from pptx.oxml import parse_xml

    return parse_xml(etree.tostring(element))


def _theme(master: Any, brand: Brand) -> None:
    """Colours and fonts of the theme; the names are those PowerPoint shows in its menus."""
    part = next(
        relation.target_part
        for relation in master.part.rels.values()
        if relation.reltype.endswith("/theme")
    )
    xml = part.blob.decode("utf-8")
    colours = {
        "dk1": brand.text,
        "lt1": "#ffffff",
        "dk2": brand.ink,
        "lt2": brand.panel,
        "accent1": brand.accent,
        "accent2": brand.cover_ink,
        "accent3": brand.cover_accent,
        "accent4": brand.caution,
        "accent5": brand.line,
        "accent6": brand.muted,
        "hlink": brand.accent,
        "folHlink": brand.accent,
    }
    for name, colour in colours.items():
        fresh = rf'\g<1><a:srgbClr val="{colour[1:].upper()}"/>\g<2>'
        xml = re.sub(rf"(<a:{name}>).*?(</a:{name}>)", fresh, xml, flags=re.DOTALL)
    for kind, font in (("majorFont", HEAD_FONT), ("minorFont", TEXT_FONT)):
        xml = re.sub(rf'(<a:{kind}>\s*<a:latin typeface=")[^"]*', rf"\g<1>{font}", xml)
    part._blob = re.sub(r'(<a:theme [^>]*name=")[^"]*', r"\g<1>Clearcopy", xml).encode()
