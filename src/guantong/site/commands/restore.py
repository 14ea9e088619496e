"""Bring an archive back: verified first, restored beside the present database, swapped in at the end.

The present database is kept under another name until you drop it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from guantong.site import archive, provision
from guantong.site.django_ready import start_django
from guantong.site.faults import USAGE, Stop
from guantong.site.folder import ensure_folder
from guantong.site.locks import FileLock
from guantong.site.server import opened


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", type=Path, help="an archive that `guantong backup` wrote")
    parser.add_argument("--force", action="store_true", help="replace a database that holds something")


def run(options: argparse.Namespace) -> int:
    """Restore, then make roles, marks and rights again: marks are not part of a dump."""
    lock = FileLock(ensure_folder() / "run" / "serve.lock")
    if not lock.own():
        raise Stop("Guantong is running from this work folder: stop it first.", USAGE)
    with opened():
        kept = archive.restore(options.file, force=options.force)
        start_django()
        provision.run()
    lock.close()
    print(f"Restored from {options.file}." + (f" The former database is kept as {kept}." if kept else ""))
    return 0
