"""What became of an entry: created, changed, skipped for a reason, or refused with what was wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from guantong.base.errors import Problem, Several

MOST_PROBLEMS = 20


@dataclass
class Verdict:
    """One entry's outcome. `word` is created, changed, skipped, refused, or for an undo: taken_back, kept."""

    place: int
    rows: list[int]
    word: str
    record: UUID | None = None
    event: UUID | None = None
    problems: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> list[Any]:
        """As a chunk keeps it."""
        record, event = (str(id) if id else None for id in (self.record, self.event))
        return [self.place, self.rows, self.word, record, event, self.problems]

    @classmethod
    def from_json(cls, row: list[Any]) -> Verdict:
        """As a chunk kept it."""
        place, rows, word, record, event, problems = row
        return cls(
            place, rows, word, UUID(record) if record else None, UUID(event) if event else None, problems
        )


def refused(place: int, rows: list[int], problem: Problem, word: str = "refused") -> Verdict:
    """The verdict on an entry that met a refusal."""
    return Verdict(place, rows, word, problems=described(problem))


def described(problem: Problem) -> list[dict[str, Any]]:
    """A refusal, or several, as plain values."""
    if isinstance(problem, Several):
        return [part for one in problem.problems[:MOST_PROBLEMS] for part in described(one)]
    params = {k: v if isinstance(v, int | str) else ", ".join(map(str, v)) if isinstance(v, list | tuple) else str(v)
              for k, v in problem.params.items()}  # fmt: skip
    return [{"code": problem.code, "field": problem.field or "", "params": params}]
