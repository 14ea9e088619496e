"""Reads the number tables of docs/algorithms, so that the pages cannot drift from the code."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "algorithms"


def table(page: str, name: str) -> list[dict[str, str]]:
    """Read the Markdown table that follows `<!-- table: name -->`; a missing one fails."""
    _, mark, rest = (PAGES / f"{page}.md").read_text("utf-8").partition(f"<!-- table: {name} -->\n")
    assert mark, f"{page}.md has no table {name}"
    lines = []
    for line in rest.splitlines():
        if not line.startswith("|"):
            break
        lines.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    heads, _, *rows = lines
    assert rows, f"table {name} of {page}.md is empty"
    assert all(len(row) == len(heads) for row in rows), f"a row of {name} has the wrong length"
    return [dict(zip(heads, row, strict=True)) for row in rows]


def all_rows(page: str, name: str) -> pytest.MarkDecorator:
    """Run a test once for each row of a table."""
    rows = table(page, name)
    return pytest.mark.parametrize("row", rows, ids=[" ".join(row.values())[:60] for row in rows])
