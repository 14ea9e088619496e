"""An independent reckoning of invoices in minor units and fractions. It imports nothing of the house."""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

PLACES = {"CNY": 2, "EUR": 2, "JPY": 0, "KWD": 3, "CLF": 4}
RATES = [
    ("13", "general"), ("9", "general"), ("6", "general"), ("3", "simple"), ("0", "exempt"),
    ("5.5", "general"), ("19", "general"), ("20", "general"), ("7.7", "general"),
]  # fmt: skip


@dataclass
class Reckoned:
    """Figures in minor units."""

    nets: list[int]
    taxes: list[int]
    shares: list[int]
    discount: int
    by_rate: dict[tuple[str, str], tuple[int, int]]


def nearest(value: Fraction, mode: str) -> int:
    """Round to a whole number, half away from zero or half to even."""
    if mode == "half_even":
        return round(value)
    doubled = 2 * abs(value) + 1
    count = doubled.numerator // (2 * doubled.denominator)
    return count if value >= 0 else -count


def hand_out(ideal: list[Fraction], total: int) -> list[int]:
    """Largest remainder by handing one unit each to those that want it most."""
    parts = [abs(value).numerator // abs(value).denominator * (1 if value >= 0 else -1) for value in ideal]
    step = 1 if total > sum(parts) else -1
    wants = [
        (step * (part - value), place) for place, (part, value) in enumerate(zip(parts, ideal, strict=True))
    ]
    for _, place in heapq.nsmallest(abs(total - sum(parts)), wants):
        parts[place] += step
    return parts


def invoice(rng: random.Random) -> dict[str, Any]:
    """Make up an invoice: figures as texts, the way a person would enter them."""
    currency = rng.choice(list(PLACES))
    places = PLACES[currency]
    count = rng.choice([1, 1, 2, 3, 4, 5, 8, 12, 20, 35, 60, 100, 200])
    side = rng.choice(["inclusive", "exclusive", "mixed"])
    rates = rng.sample(RATES, rng.randint(1, 4))
    lines = []
    for _ in range(count):
        quantity, price = rng.randint(1, 10 ** rng.randint(3, 9)), rng.randint(1, 10 ** rng.randint(3, 8))
        listed = nearest(Fraction(quantity * price * 10**places, 10**10), "half_even")
        lines.append(
            {
                "quantity": f"{'-' if rng.random() < 0.04 else ''}{quantity // 10**6}.{quantity % 10**6:06d}",
                "price": f"{price // 10**4}.{price % 10**4:04d}",
                "basis": rng.choice(["inclusive", "exclusive"]) if side == "mixed" else side,
                "rate": rng.choice(rates),
                "percent": rng.choice([None, None, "5", "12.5", "33.33", "100"]),
                "amount": 0 if listed < 10 or rng.random() < 0.7 else rng.randint(0, listed // 10),
            }
        )
        if lines[-1]["quantity"].startswith("-") or lines[-1]["percent"] == "100":
            lines[-1]["amount"] = 0
    return {
        "currency": currency,
        "lines": lines,
        "rounding": rng.choice(["line", "document"]),
        "mode": rng.choice(["half_up", "half_up", "half_up", "half_even"]),
        "percent": rng.choice([None, None, "3", "7.25", "15"]),
        "amount_of": rng.choice([0, 0, 1, 50]),
    }


def reckon(made: dict[str, Any]) -> Reckoned:
    """Work the invoice out. `made["amount"]`, the document discount in minor units, is set here."""
    mode, scale = made["mode"], 10 ** PLACES[made["currency"]]
    entered = []
    for line in made["lines"]:
        listed = nearest(Fraction(line["quantity"]) * Fraction(line["price"]) * scale, mode)
        off = nearest(listed * Fraction(line["percent"]) / 100, mode) if line["percent"] else 0
        entered.append(listed - off - line["amount"])
    whole = sum(entered)
    made["amount"] = (abs(whole) // 1000) * made["amount_of"] * (1 if whole >= 0 else -1)
    discount = (nearest(whole * Fraction(made["percent"]) / 100, mode) if made["percent"] else 0) + made[
        "amount"
    ]
    taking = [value if (value < 0) == (whole < 0) else 0 for value in entered]
    weight = sum(taking)
    shares = (
        hand_out([Fraction(discount * value, weight) for value in taking], discount)
        if weight
        else [0] * len(taking)
    )
    entered = [value - share for value, share in zip(entered, shares, strict=True)]
    exact = []
    for line, value in zip(made["lines"], entered, strict=True):
        percent = Fraction(line["rate"][0])
        exact.append(
            value * percent / (percent + 100) if line["basis"] == "inclusive" else value * percent / 100
        )
    taxes = _taxes(made, exact)
    nets = [
        value - tax if line["basis"] == "inclusive" else value
        for line, value, tax in zip(made["lines"], entered, taxes, strict=True)
    ]
    by_rate: dict[tuple[str, str], tuple[int, int]] = {}
    for line, net, tax in zip(made["lines"], nets, taxes, strict=True):
        so_far = by_rate.get(line["rate"], (0, 0))
        by_rate[line["rate"]] = (so_far[0] + net, so_far[1] + tax)
    return Reckoned(nets, taxes, shares, discount, by_rate)


def _taxes(made: dict[str, Any], exact: list[Fraction]) -> list[int]:
    if made["rounding"] == "line":
        return [nearest(value, made["mode"]) for value in exact]
    taxes = [0] * len(exact)
    for rate in {line["rate"] for line in made["lines"]}:
        places = [place for place, line in enumerate(made["lines"]) if line["rate"] == rate]
        rounded = nearest(sum((exact[place] for place in places), start=Fraction(0)), made["mode"])
        for place, tax in zip(places, hand_out([exact[place] for place in places], rounded), strict=True):
            taxes[place] = tax
    return taxes
