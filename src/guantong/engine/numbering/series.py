"""Series: how the numbers of an object look, and when they are drawn (docs/algorithms/numbering.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Series:
    """`Series("INV", on="issue")`: INV-2026-00001, drawn when the verb `issue` commits, one row per entity and year.

    Without `on` the number is drawn when the record is created; a rolled back or deleted draft leaves a
    gap then, so what the law wants gap-free names the verb that posts it. `per_entity=False` shares one row.
    """

    prefix: str
    on: str = "created"
    digits: int = 5
    yearly: bool = True
    per_entity: bool = True
    day: str = ""

    def year(self, record: Any, day: date) -> str:
        """The year that the number counts in (凭证年度): of the document's own `day` where one is named."""
        own = getattr(record, self.day, None) if self.day else None
        return str((own or day).year) if self.yearly else ""

    def key(self, record: Any, day: date) -> str:
        """The name of the counter row that `record` draws from."""
        entity = getattr(record, "entity_id", None) if self.per_entity else None
        return "/".join(part for part in (self.prefix, str(entity or ""), self.year(record, day)) if part)

    def render(self, value: int, record: Any, day: date, entity_code: str = "") -> str:
        """The number as people read it; entities after the first carry their code."""
        parts = (self.prefix, entity_code, self.year(record, day), f"{value:0{self.digits}d}")
        return "-".join(part for part in parts if part)
