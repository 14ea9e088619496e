"""Save database, files and secret key into one archive, while everything runs. Keep it private."""

from __future__ import annotations

import argparse
from pathlib import Path

from guantong.site import archive
from guantong.site.server import opened


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", nargs="?", type=Path, help="where to (default: backups/ in the work folder)")


def run(options: argparse.Namespace) -> int:
    """Write the archive and print its name and checksum."""
    with opened():
        made = archive.backup(options.file)
    print(f"{made.path} ({made.size:,} bytes)\nsha256 {made.checksum}")
    return 0
