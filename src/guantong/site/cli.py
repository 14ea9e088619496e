"""The command `guantong`: one file per command in `commands/`, each with NAMES, HELP, `options` and `run`."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from types import ModuleType

from guantong.site.faults import Stop
from guantong.site.version import version

COMMANDS = {
    "serve": "everything in one go: database, migrations, web, worker",
    "web": "answer requests only (any number of processes and machines)",
    "worker": "do background work only (any number)",
    "migrate": "bring the database to this release: roles, tables, rights",
    "demo": "build the demo company with one deal from lead to cash",
    "user": "accounts: add, list, password, token",
    "story": "print what happens after a verb, as a tree",
    "books": "check the books: balances, sub-ledgers, chains",
    "newobject": "write the files of a new business object",
    "backup": "save database and files into one archive",
    "restore": "bring an archive back, after verifying it",
    "check": "look for misconfiguration",
}
EPILOG = """The work folder is GUANTONG_HOME, else ./.guantong in a checkout, else ~/.guantong.
DATABASE_URL=postgresql://user:password@host/database uses a PostgreSQL (15 to 18) of your own.
`guantong COMMAND --help` says more."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the first word; the rest belongs to the command's own file."""
    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {name:<{width}}  {text}" for name, text in COMMANDS.items())
    top = argparse.ArgumentParser(
        prog="guantong",
        usage="guantong COMMAND [options]",
        description=f"Guantong 贯通, lead to cash.\n\ncommands:\n{listing}",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"guantong {version()}")
    top.add_argument("command", choices=COMMANDS, metavar="COMMAND", help=argparse.SUPPRESS)
    top.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return top


def command_parser(name: str, module: ModuleType) -> argparse.ArgumentParser:
    """Return the parser of one command; its description is the module's docstring."""
    made = argparse.ArgumentParser(
        prog=f"guantong {name}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.options(made)
    return made


def _interrupted(*_: object) -> None:
    """Turn the first signal into an orderly end; the ones after it would only disturb that."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; every expected fault is one sentence on standard error and an exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words:
        parser().print_help()
        return 0
    chosen = parser().parse_args(words[:1] if words[0] in COMMANDS else words)
    module = importlib.import_module(f"guantong.site.commands.{chosen.command}")
    options = command_parser(chosen.command, module).parse_args(words[1:])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupted)
    try:
        return int(module.run(options) or 0)
    except Stop as stop:
        print(f"guantong: {stop.sentence}", file=sys.stderr)
        return stop.code
    except KeyboardInterrupt:
        return 130
    except Exception as fault:
        if os.environ.get("GUANTONG_DEBUG") == "1":
            raise
        first = (str(fault).splitlines() or ["no more is known"])[0]
        where = traceback.extract_tb(fault.__traceback__)[-1]
        print(
            f"guantong: {type(fault).__name__}: {first} ({where.filename}:{where.lineno}; "
            "GUANTONG_DEBUG=1 shows the whole trace)",
            file=sys.stderr,
        )
        return 1
