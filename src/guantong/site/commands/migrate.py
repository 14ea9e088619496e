"""Bring the database to this release: roles, extensions, tables, rights. A second run changes nothing."""

from __future__ import annotations

import argparse

from guantong.site import provision
from guantong.site.django_ready import start_django
from guantong.site.server import opened


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--plan", action="store_true", help="only list the migrations that are missing")


def run(options: argparse.Namespace) -> int:
    """Migrate, and say what was done."""
    with opened():
        start_django()
        if options.plan:
            print("\n".join(provision.pending()) or "Nothing is missing.")
            return 0
        report = provision.run()
    for name in report.migrations:
        print(f"applied {name}")
    print(
        f"The database is up to date ({len(report.migrations)} migrations, {report.grants} rights changed)."
    )
    if report.script:
        print("The owner is no superuser; searches stay slow until a superuser has run this once:")
        print("\n".join(report.script))
    return 0
