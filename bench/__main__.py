"""Chains of the short road per second, beside the same writes on bare PostgreSQL, alternating in one run."""

from __future__ import annotations

import argparse
import importlib

from tests.database import TestDatabase


def main() -> None:
    """Print the medians, the ratio and the statements of one chain."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="counted rounds of each side")
    parser.add_argument("--chains", type=int, default=10, help="chains in a round")
    options = parser.parse_args()
    database = TestDatabase(durable=True)
    database.open()
    try:
        importlib.import_module("bench.compare").compare(
            options.rounds, options.chains
        )  # Django has started now
    finally:
        database.close()


if __name__ == "__main__":
    main()
