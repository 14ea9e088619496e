"""Every package that holds tables, from the ground up. The only list; what is not built yet is left out."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

ENGINE_APPS = tuple(
    f"guantong.engine.{name}"
    for name in (
        "tenancy fields objects access events numbering states query door org trail exchange duplicates "
        "files print mail notify jobs custom flows links checks api"
    ).split()
)
MODULE_APPS = tuple(
    f"guantong.modules.{name}"
    for name in (
        "customers catalog ledger market pipeline outreach quoting contracting ordering fulfilment "
        "invoicing collection service team"
    ).split()
)
INSIGHT_APPS = ("guantong.insight",)


def present_apps() -> list[str]:
    """Return the packages with tables of the three floors that this build contains, lower floors first."""
    return [name for name in (*ENGINE_APPS, *MODULE_APPS, *INSIGHT_APPS) if _has_tables(name)]


def _has_tables(package: str) -> bool:
    return (ROOT / package.replace(".", "/") / "models.py").is_file()
