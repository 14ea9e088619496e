"""The outcome of an import, counted from what was kept of each row: rows read = created + changed + skipped."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from guantong.engine.exchange.upload import ImportChunk
from guantong.engine.exchange.verdict import Verdict

SHOWN = 200


def verdicts_of(job: UUID) -> list[Verdict]:
    """All verdicts of a job in the order of the file. Needs an open scope."""
    rows = ImportChunk.objects.filter(job=job).order_by("first").values_list("verdicts", flat=True)
    return [Verdict.from_json(verdict) for verdicts in rows.iterator(chunk_size=20) for verdict in verdicts]


def counts_of(job: UUID) -> dict[str, Any]:
    """Counts of rows and of records, how often each reason, and the first problems. Needs an open scope."""
    words: Counter[str] = Counter()
    records: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    shown: list[dict[str, Any]] = []
    for verdict in verdicts_of(job):
        words[verdict.word] += len(verdict.rows)
        records[verdict.word] += 1
        reasons.update({problem["code"] for problem in verdict.problems})
        if verdict.word in ("refused", "kept") and len(shown) < SHOWN:
            shown += [
                {"row": problem["params"].get("row", verdict.rows[0]), **problem}
                for problem in verdict.problems
            ]
    return {
        "read": sum(words.values()),
        **{word: words[word] for word in ("created", "changed")},
        "skipped": words["skipped"] + words["refused"],
        "refused": words["refused"],
        **{word: words[word] for word in ("taken_back", "kept") if words[word]},
        "records": dict(sorted(records.items())),
        "reasons": dict(reasons.most_common(50)),
        "problems": shown[:SHOWN],
    }
