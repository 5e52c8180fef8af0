"""Write the previews, and pictures of them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.pages.preview.environment import ROOT, make_environment
from tests.pages.preview.samples import load


def main(out: Path, wanted: list[str], *, dark: bool) -> None:
    """Render the wanted pages (all by default) into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    if not (out / "static").exists():
        (out / "static").symlink_to(ROOT / "cms" / "static")
    environment = make_environment()
    pages = {
        name: page
        for name, page in load().items()
        if not wanted or any(name.startswith(word) for word in wanted)
    }
    for name, (template, values) in pages.items():
        html = environment.get_template(template).render(**values)
        (out / f"{name}.html").write_text(html, encoding="utf-8")
    if shutil.which("chromium"):
        from tests.pages.preview.shots import take

        complaints = take(out, list(pages), dark=dark)
        sys.stdout.write("\n".join(complaints or ["no complaints"]) + "\n")


if __name__ == "__main__":
    arguments = [word for word in sys.argv[1:] if not word.startswith("--")]
    main(Path(arguments[0]), arguments[1:], dark="--dark" in sys.argv)
