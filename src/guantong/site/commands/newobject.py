"""Write the files of a new business object: its class, the `models.py` line, labels, an example story.

guantong newobject m=service n=warranty
"""

from __future__ import annotations

import argparse

from guantong.site.faults import USAGE, Stop
from guantong.site.newobject import write


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "words", nargs="*", metavar="m=MODULE n=NAME", help="the module and the object's name"
    )
    parser.add_argument("--module", help="the same as m=")
    parser.add_argument("--name", help="the same as n=")


def run(options: argparse.Namespace) -> int:
    """Write, and say what comes next."""
    given = dict(word.split("=", 1) for word in options.words if "=" in word)
    module, name = options.module or given.get("m"), options.name or given.get("n")
    if not module or not name:
        raise Stop("Say which: guantong newobject m=service n=warranty", USAGE)
    for path in write(module=module, name=name):
        print(f"wrote {path}")
    print("Next: fill in the fields, then `guantong check` and `make test`.")
    return 0
