"""Print what happens after a verb, as a tree: `guantong story opportunity.win`; without a verb, all."""

from __future__ import annotations

import argparse

from guantong.site.django_ready import start_django
from guantong.site.folder import ensure_folder
from guantong.site.wanted import wanted


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("verb", nargs="?", help="object.verb, for instance opportunity.win")


def run(options: argparse.Namespace) -> int:
    """Print the tree; no database is needed."""
    ensure_folder()
    start_django()
    print(wanted("guantong.engine.states.story:tree")(options.verb))
    return 0
