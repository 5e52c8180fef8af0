"""The one WeasyPrint of this process: loaded when first used, closed to the outside.

WeasyPrint takes seconds to import and reads ``FONTCONFIG_FILE`` once, so it is imported here and
nowhere else, after the variable points at the bundled fonts.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from records.canonical import sha256_bytes
from records.errors import DomainError

FONTS = Path(__file__).parent / "fonts"
# what documents may ask for by the scheme asset: pictures of the brand, from memory
ASSETS: dict[str, tuple[bytes, str]] = {}
VARIANT = "pdf/a-3a"
_STYLES = 32  # parsed stylesheets kept: one for each brand and page size
_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
# WeasyPrint 70 ends a line after its first word when the text before an inline element fits it
# exactly, but for the space that parts the two; a space within the element does no such thing
_BEFORE_INLINE = re.compile(r"(?<=\S) (<(?:strong|em|span)>)")
_LOG = logging.getLogger("weasyprint")


class RenderingUnavailable(DomainError):
    """This machine lacks a library that rendering needs; the text names the packages."""


class RenderingFailed(DomainError):
    """A document could not be rendered as it must be; nothing half-right is returned."""


@dataclass
class Engine:
    """WeasyPrint with its fonts; rendering takes turns, because its caches are shared."""

    weasyprint: Any
    fonts: Any
    fetcher: Any
    turn: threading.Lock = field(default_factory=threading.Lock)
    styles: dict[str, Any] = field(default_factory=dict)

    def lay_out(self, html: str, css: str) -> Any:
        """HTML and stylesheet as a WeasyPrint document of pages."""
        html = _BEFORE_INLINE.sub(r"\1 ", html)
        with self._closed():
            source = self.weasyprint.HTML(string=html, url_fetcher=self.fetcher, base_url="asset:")
            return source.render(font_config=self.fonts, stylesheets=[self._style(css)])

    def write(self, pages: Any) -> bytes:
        """A laid-out document as a tagged PDF/A-3."""
        with self._closed():
            data: bytes = pages.write_pdf(pdf_variant=VARIANT, custom_metadata=True)
            return data

    def _style(self, css: str) -> Any:
        if css not in self.styles:
            if len(self.styles) >= _STYLES:
                self.styles.clear()
            self.styles[css] = self.weasyprint.CSS(
                string=css, url_fetcher=self.fetcher, font_config=self.fonts, base_url="asset:"
            )
        return self.styles[css]

    @contextmanager
    def _closed(self) -> Iterator[None]:
        """One turn; a refused address or an error that was only logged fails the rendering.

        WeasyPrint swallows the error of an image within SVG, so refusals are counted here.
        """
        with self.turn, _heard() as errors:
            self.fetcher.refused.clear()
            try:
                yield
            except self.fetcher.FATAL:
                _LOG.debug("a refusal ended the rendering")
            if self.fetcher.refused:
                raise RenderingFailed(
                    "A document may load nothing from outside; it asked for"
                    f" “{self.fetcher.refused[0][:120]}”."
                )
            if errors:
                raise RenderingFailed(f"The document could not be rendered: {errors[0]}.")


class _Ear(logging.Handler):
    def __init__(self, thread: int) -> None:
        super().__init__(logging.ERROR)
        self.thread = thread
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.errors.append(record.getMessage())


@contextmanager
def _heard() -> Iterator[list[str]]:
    ear = _Ear(threading.get_ident())
    _LOG.addHandler(ear)
    try:
        yield ear.errors
    finally:
        _LOG.removeHandler(ear)


def offer_asset(data: bytes, media_type: str) -> str:
    """Put bytes where documents of this process can ask for them; the answer is their address."""
    address = f"asset:{sha256_bytes(data)[:24]}"
    ASSETS[address] = (data, media_type)
    return address


def use_fonts(folder: Path | None) -> None:
    """Let documents use the faces of a company's folder too; before the first rendering.

    fontconfig reads its file once, so the file names both folders by their place.
    """
    os.environ.pop(_OWN_FONTS, None)
    if folder is not None:
        config = folder / "fonts.conf"
        config.write_text(_CONFIG.format(bundled=FONTS, own=folder.absolute()), encoding="utf-8")
        os.environ[_OWN_FONTS] = str(config)


def own_fonts() -> Path | None:
    """The folder of a company's faces, if there is one."""
    return Path(os.environ[_OWN_FONTS]).parent if _OWN_FONTS in os.environ else None


_OWN_FONTS = "CLEARCOPY_FONTCONFIG"  # inherited by workers, as FONTCONFIG_FILE is
_CONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{bundled}</dir>
  <dir>{own}</dir>
  <cachedir prefix="xdg">clearcopy/fontconfig</cachedir>
  <config><rescan><int>0</int></rescan></config>
</fontconfig>
"""


@cache
def engine() -> Engine:
    """The engine of this process.

    Raises:
        RenderingUnavailable: a system library is missing.
    """
    os.environ["FONTCONFIG_FILE"] = os.environ.get(_OWN_FONTS, str(FONTS / "fonts.conf"))
    try:
        import weasyprint
        from weasyprint.text import ffi
        from weasyprint.text.fonts import FontConfiguration
    except OSError as problem:
        raise RenderingUnavailable(
            f"Rendering needs system libraries that are missing ({problem}). On Debian or Ubuntu:"
            f" apt-get install {_PACKAGES}"
        ) from None
    if not ffi.harfbuzz_subset:
        raise RenderingUnavailable(
            "Rendering needs the library harfbuzz-subset: without it files become larger, slower"
            f" and differ from those of other machines. On Debian or Ubuntu: apt-get install"
            f" {_PACKAGES}"
        )
    for name in ("weasyprint", "weasyprint.progress", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
    made = Engine(weasyprint, FontConfiguration(), _fetcher())
    # what is loaded by now stays: a rendering makes so many objects that the collector would look
    # through all of it again and again
    gc.collect()
    gc.freeze()
    return made


def check_environment() -> None:
    """Say at start, in one sentence, what rendering lacks on this machine.

    Raises:
        RenderingUnavailable: with the packages to install.
    """
    engine()


def _fetcher() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class ClosedFetcher(URLFetcher):  # type: ignore[misc]
        """Refuses every address: documents carry all they need within themselves."""

        FATAL = FatalURLFetchingError

        def __init__(self) -> None:
            super().__init__(allowed_protocols=["asset"], allow_redirects=False)
            self.refused: list[str] = []

        def fetch(self, url: str, headers: object = None) -> Any:
            if url in ASSETS:
                data, media_type = ASSETS[url]
                return URLFetcherResponse(url, body=data, headers={"Content-Type": media_type})
            self.refused.append(url)
            raise FatalURLFetchingError(f"refused: {url[:120]}")

    return ClosedFetcher()
