"""Every package that holds tables, from the ground up. The only list; what is not built yet is left out."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_ENGINE = """
tenancy fields objects access events numbering states query door org trail exchange duplicates
files print mail notify jobs custom flows links checks api
"""
_MODULES = """
customers catalog ledger market pipeline outreach quoting contracting ordering fulfilment
invoicing collection service team
"""
ENGINE_APPS = tuple(f"guantong.engine.{name}" for name in _ENGINE.split())
MODULE_APPS = tuple(f"guantong.modules.{name}" for name in _MODULES.split())
INSIGHT_APPS = ("guantong.insight",)


def present_apps() -> list[str]:
    """Return the packages with tables of the three floors that this build contains, lower floors first."""
    return [name for name in (*ENGINE_APPS, *MODULE_APPS, *INSIGHT_APPS) if _has_tables(name)]


def _has_tables(package: str) -> bool:
    return (ROOT / package.replace(".", "/") / "models.py").is_file()
