"""Pages, slides and emails of the demonstration product, as pictures in docs/gallery.

Run by ``make gallery``. The demonstration is played in a folder that is thrown away; one brief is
assembled and signed, and everything else is made like it, as a person would. Emails are drawn by
the machine's Chromium.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

    from exports.brand import Brand
    from exports.document import Document

ROOT = Path(__file__).parent.parent
GALLERY = ROOT / "docs" / "gallery"
PAGE, SLIDE = 620, 560  # pixels of a picture's width
COLOURS = 128
KINDS = {
    "brief": "The evidence for one account and role, in full.",
    "leave-behind": "Two pages at most that stand alone: indication, key figures, safety.",
    "faq-sheet": "Approved answers beside the questions they answer.",
    "meeting-prep": "For our own people: agenda, who is who, talk track, questions to expect.",
    "talk-track": "For our own people: what to say, with approved wording marked.",
    "hand-off": "For our own people: lines to tick off, lines to write on, two signatures.",
    "deck": "One thought a slide; the PPTX has the same slides, native, with approved notes.",
    "email": "At 600 pixels, in dark mode and on a phone. No pictures, so none can be blocked.",
}
# how an email is looked at: width of the window, and of its picture
VIEWS = {"600 pixels": (648, 432), "dark mode": (648, 432), "phone": (390, 260)}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
MOMENT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)  # so that the pictures stay as they are
sys.path.insert(0, str(ROOT))


@dataclass(frozen=True)
class Shown:
    """One picture: its file's name, what it shows, and its bytes."""

    name: str
    what: str
    data: bytes


def main() -> None:
    """Write the pictures and the page that shows them."""
    from records import clock

    shown: list[tuple[str, list[Shown]]] = []
    with tempfile.TemporaryDirectory() as folder, clock.fixed(MOMENT):
        for document, brand in _documents(Path(folder) / "home"):
            shown.append((document.kind, list(_pictures(document, brand))))
    GALLERY.mkdir(parents=True, exist_ok=True)
    for path in GALLERY.glob("*.png"):
        path.unlink()
    every = [each for _, pictures in shown for each in pictures]
    for each in every:
        (GALLERY / each.name).write_bytes(each.data)
    (GALLERY / "README.md").write_text(_page(shown), encoding="utf-8")
    total = sum(len(each.data) for each in every)
    print(f"{len(every)} pictures, {total / 1e6:.1f} MB, in {GALLERY}")


def _documents(home: Path) -> Iterator[tuple[Document, Brand]]:
    from sqlalchemy import select

    from cms import demo
    from cms.installation import create
    from cms.settings import Settings
    from exports import operations
    from exports.building import build
    from exports.mail.lettering import Addressed
    from exports.models import Material
    from records import people
    from records.roles import StaffRole

    demo.dress(home)
    url = "https://clearcopy.example"
    place, _ = create(Settings(home=home, base_url=url))
    for _ in demo.play(place):
        pass
    with place.sessions.write() as session:
        brief = session.scalars(select(Material).order_by(Material.id).limit(1)).one()
        writer = people.by_email(session, demo.cast().email(StaffRole.WRITER))
        rep = people.by_email(session, demo.cast().email(StaffRole.REP))
        addressed = Addressed(
            sender=rep.email,
            signed_by=rep.name,
            signed_title=rep.title,
            recipient="anita.reyes@riverside.example",
            recipient_name="Anita Reyes",
            unsubscribe=f"{url}/unsubscribe",
        )
        versions = {"brief": brief.versions[0]}
        for kind in list(KINDS)[1:]:
            order = operations.order_like(session, brief.code, template=kind, actor=writer)
            versions[kind] = operations.assemble(session, order, actor=writer)
        for kind, version in versions.items():
            letter = addressed if kind == "email" else None
            document = build(session, version, base_url=url, addressed=letter)
            # shown as it is handed over; nothing made here leaves this process
            yield replace(document, status="approved"), place.press.brand
        session.rollback()
    place.engine.dispose()


def _pictures(document: Document, brand: Brand) -> Iterator[Shown]:
    from exports.kinds import title_of

    drawn = _email(document, brand) if document.letter else _pages(document, brand)
    for number, (name, image, width) in enumerate(drawn, start=1):
        data = _small(image, width)
        yield Shown(f"{document.kind}-{number}.png", f"{title_of(document.kind)}, {name}", data)


def _pages(document: Document, brand: Brand) -> Iterator[tuple[str, Image, int]]:
    import pypdfium2

    from exports.rendering import render_pdf

    word, width = ("slide", SLIDE) if document.kind == "deck" else ("page", PAGE)
    with pypdfium2.PdfDocument(render_pdf(document, brand=brand)) as pdf:
        for number in range(len(pdf)):
            page = pdf[number]
            drawn = page.render(scale=2 * width / page.get_width())
            yield f"{word} {number + 1}", drawn.to_pil(), width


def _email(document: Document, brand: Brand) -> Iterator[tuple[str, Image, int]]:
    from PIL import Image
    from playwright.sync_api import sync_playwright

    from exports.mail.message import mail_html

    found = (shutil.which(name) for name in BROWSERS)
    program = next((path for path in found if path), None)
    if program is None:
        raise SystemExit("No Chromium is here to draw emails: python3 tools/setup.py --browser")
    with sync_playwright() as playwright:
        # a recipient's program has fonts of its own, not those bundled for print
        fonts = {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"], env=dict(fonts)
        )
        for name, (window, width) in VIEWS.items():
            page = browser.new_page(
                viewport={"width": window, "height": 800},
                color_scheme="dark" if name == "dark mode" else "light",
                java_script_enabled=False,
            )
            page.set_content(mail_html(document, brand))
            yield name, Image.open(io.BytesIO(page.screenshot(full_page=True))), width
            page.close()
        browser.close()


def _small(image: Image, width: int) -> bytes:
    from PIL import Image

    height = round(image.height * width / image.width)
    small = image.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
    return target.getvalue()


def _page(shown: list[tuple[str, list[Shown]]]) -> str:
    from exports.kinds import title_of

    lines = [
        "# Gallery",
        "",
        "Every page, slide and email of the demonstration, made by `make gallery`: an invented",
        "product, company and account. The brief was assembled first; the others were made like",
        "it, with what their channel allows.",
        "",
    ]
    for kind, pictures in shown:
        lines += [f"## {title_of(kind)}", "", KINDS[kind], ""]
        lines += [f'<img src="{each.name}" width="240" alt="{each.what}">' for each in pictures]
        lines += [""]
    return "\n".join(lines)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
