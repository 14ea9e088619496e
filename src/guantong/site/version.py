"""Which Guantong this is."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]


def in_checkout() -> bool:
    """Say whether this code runs from a source tree and not from an installed package."""
    return (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "src" / "guantong").is_dir()


def version() -> str:
    """Return the version of this code: of the source tree, else of the installed package."""
    if in_checkout():
        with (CHECKOUT / "pyproject.toml").open("rb") as file:
            return str(tomllib.load(file)["project"]["version"])
    try:
        return installed("guantong")
    except PackageNotFoundError:
        return "0"
