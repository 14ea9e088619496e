"""Set up the virtual environment: only the standard library, because nothing else is there yet.

python3 requirements/install.py run|test|lint [folder]

Packages come from the lock file with their hashes, through pip as this machine configured it. A stamp makes
the second call cost a few milliseconds. The source tree is put on the path by a .pth file: nothing is built.
"""

# ruff: noqa: S603 - fixed programs and words, no shell
from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = (3, 11)
SCRIPT = '#!/bin/sh\nexec "$(dirname "$0")/python" -m guantong.site "$@"\n'
VENV_PACKAGE = "python3-venv"


def main(words: list[str]) -> int:
    """Install what is missing; says one sentence when that cannot be done."""
    if sys.version_info < PYTHON:
        return fail(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}.")
    wanted = words[0] if words else "run"
    venv = Path(words[1] if len(words) > 1 else ROOT / ".venv").absolute()
    lock = ROOT / "requirements" / f"{wanted}.lock"
    os.umask(0o022)  # the account that runs the database must be able to read its programs
    try:
        with Path(__file__).open() as alone:  # of two calls at once the second one waits
            fcntl.flock(alone, fcntl.LOCK_EX)
            return set_up(venv, lock)
    except OSError as fault:
        return fail(f"{fault.filename or venv}: {fault.strerror}.")


def set_up(venv: Path, lock: Path) -> int:
    """Bring `venv` to what `lock` says."""
    python, stamp = venv / "bin" / "python", venv / f".{lock.stem}.stamp"
    mark = stamp_text(venv, lock)
    if stamp.exists() and stamp.read_text() == mark and runs(python):
        return 0
    if not runs(python, "import pip") and (code := make_venv(venv)):
        return code
    print(f"Installing the packages of requirements/{lock.name} …", flush=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    if subprocess.run(
        [*pip, "--require-hashes", "--only-binary=:all:", "-r", str(lock)], check=False
    ).returncode:
        return fail("The packages could not be installed; pip's own words are above.")
    show_source(venv, python)
    stamp.write_text(mark)
    return 0


def stamp_text(venv: Path, lock: Path) -> str:
    """Return what must be unchanged for the environment to be good: the lock, Python, and both places."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    return "\n".join((digest, sys.version.split()[0], str(venv), str(ROOT)))


def runs(python: Path, code: str = "pass") -> bool:
    """Say whether this interpreter starts."""
    try:
        return subprocess.run([str(python), "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv(venv: Path) -> int:
    """Create the environment with pip in it; Debian keeps the part that brings pip in its own package."""
    if venv.exists() and not (venv / "pyvenv.cfg").exists() and any(venv.iterdir()):
        return fail(f"{venv} is not empty and is no virtual environment: move it away.")
    attempt = [sys.executable, "-m", "venv", "--clear", str(venv)]
    if not runs(Path(sys.executable), "import ensurepip, venv"):
        if borrow_pip(venv):
            return 0
        if os.geteuid() or not shutil.which("apt-get"):
            return fail(
                f"Python's venv module is not complete here. Run this once: apt-get install {VENV_PACKAGE}"
            )
        print(
            f"Python's venv module is not complete here: running apt-get install {VENV_PACKAGE} …", flush=True
        )
        get = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([*get, "update"], env=quiet, check=False)
        install = [*get, "install", "-y", "--no-install-recommends", VENV_PACKAGE]
        if subprocess.run(install, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode:
            return fail(f"That did not work. Run this once: apt-get install {VENV_PACKAGE}")
    done = subprocess.run(attempt, capture_output=True, text=True, check=False)
    if done.returncode:
        return fail(f"The virtual environment cannot be made: {(done.stdout + done.stderr).strip()}")
    return 0


def borrow_pip(venv: Path) -> bool:
    """Use the system's pip, where there is one, to put pip into the environment."""
    bare = [sys.executable, "-m", "venv", "--clear", "--without-pip", str(venv)]
    lend = [sys.executable, "-m", "pip", "--python", str(venv), "install", "--quiet", "pip"]
    if not runs(Path(sys.executable), "import pip"):
        return False
    return all(subprocess.run(one, capture_output=True, check=False).returncode == 0 for one in (bare, lend))


def show_source(venv: Path, python: Path) -> None:
    """Put the source tree on the path and the command `guantong` into the environment."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run(
        [str(python), "-c", ask], capture_output=True, text=True, check=True
    ).stdout.strip()
    Path(packages, "guantong.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    command = venv / "bin" / "guantong"
    command.write_text(SCRIPT)
    command.chmod(0o755)


def fail(sentence: str) -> int:
    """Say why not."""
    print(f"guantong: {sentence}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
