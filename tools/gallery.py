"""Pages of every printed kind for the demonstration product, as pictures in docs/gallery.

Run by ``make gallery``. The demonstration is played in a folder that is thrown away; one brief is
assembled and signed, and everything else is made like it, as a person would.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
GALLERY = ROOT / "docs" / "gallery"
WIDTH = 620  # pixels of a page
COLOURS = 128
KINDS = {
    "leave-behind": "Two pages at most that stand alone: indication, key figures, safety.",
    "faq-sheet": "Approved answers beside the questions they answer.",
    "meeting-prep": "For our own people: agenda, who is who, talk track, questions to expect.",
    "talk-track": "For our own people: what to say, with approved wording marked.",
    "hand-off": "For our own people: lines to tick off, lines to write on, two signatures.",
}
MOMENT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)  # so that the pictures stay as they are
sys.path.insert(0, str(ROOT))


def main() -> None:
    """Write the pictures and the page that shows them."""
    from records import clock

    GALLERY.mkdir(parents=True, exist_ok=True)
    for path in GALLERY.glob("*.png"):
        path.unlink()
    shown: list[tuple[str, list[Path]]] = []
    with tempfile.TemporaryDirectory() as folder, clock.fixed(MOMENT):
        for kind, data in _documents(Path(folder) / "home"):
            shown.append((kind, list(_pictures(kind, data))))
    (GALLERY / "README.md").write_text(_page(shown), encoding="utf-8")
    total = sum(path.stat().st_size for _, paths in shown for path in paths)
    print(f"{sum(len(paths) for _, paths in shown)} pages, {total / 1e6:.1f} MB, in {GALLERY}")


def _documents(home: Path) -> Iterator[tuple[str, bytes]]:
    from sqlalchemy import select

    from cms import demo
    from cms.installation import create
    from cms.settings import Settings
    from exports import operations
    from exports.building import build
    from exports.models import Material
    from exports.rendering import render_pdf
    from records import people
    from records.roles import StaffRole

    demo.dress(home)
    place, _ = create(Settings(home=home, base_url="https://clearcopy.example"))
    for _ in demo.play(place):
        pass
    with place.sessions.write() as session:
        brief = session.scalars(select(Material).order_by(Material.id).limit(1)).one()
        writer = people.by_email(session, demo.cast().email(StaffRole.WRITER))
        versions = {"brief": brief.versions[0]}
        for kind in KINDS:
            order = operations.order_like(session, brief.code, template=kind, actor=writer)
            versions[kind] = operations.assemble(session, order, actor=writer)
        for kind, version in versions.items():
            document = build(session, version, base_url="https://clearcopy.example")
            # shown as it is handed over; nothing made here leaves this process
            document = replace(document, status="approved")
            yield kind, render_pdf(document, brand=place.press.brand)
        session.rollback()
    place.engine.dispose()


def _pictures(kind: str, data: bytes) -> Iterator[Path]:
    import pypdfium2
    from PIL import Image

    with pypdfium2.PdfDocument(data) as pdf:
        for number in range(len(pdf)):
            page = pdf[number]
            picture = page.render(scale=2 * WIDTH / page.get_width()).to_pil().convert("RGB")
            height = round(picture.height * WIDTH / picture.width)
            small = picture.resize((WIDTH, height), Image.Resampling.LANCZOS)
            target = io.BytesIO()
            small.quantize(COLOURS, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
            path = GALLERY / f"{kind}-{number + 1}.png"
            path.write_bytes(target.getvalue())
            yield path


def _page(shown: list[tuple[str, list[Path]]]) -> str:
    from exports.kinds import title_of

    lines = [
        "# Gallery",
        "",
        "Every page of the printed kinds, made by `make gallery` from the demonstration: an",
        "invented product, company and account. The brief was assembled first; the others were",
        "made like it, with what their channel allows.",
        "",
    ]
    about = {"brief": "The evidence for one account and role, in full.", **KINDS}
    for kind, paths in shown:
        lines += [f"## {title_of(kind)}", "", about[kind], ""]
        pictures = (
            f'<img src="{path.name}" width="240" alt="{title_of(kind)}, page {number}">'
            for number, path in enumerate(paths, start=1)
        )
        lines += [*pictures, ""]
    return "\n".join(lines)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
