"""Set up Clearcopy on a machine that has Python and make: ``python3 tools/setup.py [--browser]``.

Standard library only. Makes ``.venv``, installs exactly what ``requirements.lock`` names, and the
system libraries of WeasyPrint (and a browser for the tests) with apt where that is possible;
otherwise it says in one sentence what to install. A second run sees that nothing changed.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed.sha256"

# library name as the loader knows it -> Debian package
LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
    "fontconfig": "fontconfig",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def main() -> int:
    """Do what is still to be done; the exit status is 1 when something has to be asked for."""
    if sys.version_info < (3, 11):
        return _ask(f"Clearcopy needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    missing = [package for name, package in LIBRARIES.items() if not _has_library(name)]
    if "--browser" in sys.argv and not _browser():
        missing.append("chromium")
    if missing and not _apt(missing):
        required = [package for package in missing if package != "chromium"]
        if required:
            return _ask(f"Please install these system packages first: {' '.join(required)}.")
        print("No browser could be installed: the browser tests will be skipped.")
    return _python()


def _python() -> int:
    wanted = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return 0
    if not (BIN / "python").exists():
        try:
            venv.create(VENV, with_pip=True)
        except (subprocess.CalledProcessError, ModuleNotFoundError):
            return _ask("Python cannot make a virtual environment here: install python3-venv.")
    print("Installing what requirements.lock names …")
    _run(BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
    _run(BIN / "uv", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK)
    _link()
    STAMP.write_text(wanted)
    return 0


def _link() -> None:
    """Put the project on the path of its own environment, and its command into bin/."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = VENV / "lib" / version / "site-packages"
    (site / "clearcopy.pth").write_text(f"{ROOT}\n")
    command = BIN / "clearcopy"
    command.write_text(
        f"#!{BIN / 'python'}\nimport sys\nfrom cms.cli import main\nsys.exit(main())\n"
    )
    command.chmod(0o755)


def _has_library(name: str) -> bool:
    return ctypes.util.find_library(name) is not None


def _browser() -> str | None:
    named = os.environ.get("CLEARCOPY_BROWSER")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _apt(packages: list[str]) -> bool:
    """Install Debian packages if this user may; False when not."""
    apt = shutil.which("apt-get")
    if apt is None:
        return False
    sudo: list[str] = []
    if os.geteuid() != 0:
        found = shutil.which("sudo")
        if found is None or subprocess.run([found, "-n", "true"], check=False).returncode != 0:
            return False
        sudo = [found, "-n"]
    print(f"Installing with apt: {' '.join(packages)} …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", *packages]):
        done = subprocess.run(
            [*sudo, apt, *arguments], check=False, env=quiet, stdout=subprocess.DEVNULL
        )
        if done.returncode != 0:
            return False
    return True


def _run(*arguments: str | Path) -> None:
    subprocess.run([str(part) for part in arguments], check=True, env=_environment())


def _environment() -> dict[str, str]:
    return {**os.environ, "VIRTUAL_ENV": str(VENV)}


def _ask(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
