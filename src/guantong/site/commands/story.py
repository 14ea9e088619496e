"""Print what happens after a verb, as a tree: `guantong story opportunity.win`; without a verb, all."""

from __future__ import annotations

import argparse

from guantong.site.django_ready import start_django
from guantong.site.folder import ensure_folder
from guantong.site.wanted import wanted


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("verb", nargs="?", help="object.verb, for instance opportunity.win")
    parser.add_argument("--write", metavar="FOLDER", help="write the story and a page per object there")


def run(options: argparse.Namespace) -> int:
    """Print the tree; no database is needed."""
    ensure_folder()
    start_django()
    if options.write:
        for path in wanted("guantong.engine.states.story:write_docs")(options.write):
            print(f"wrote {path}")
        return 0
    print(wanted("guantong.engine.states.story:tree")(options.verb))
    return 0
