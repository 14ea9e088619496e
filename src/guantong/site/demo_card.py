"""The card that `serve` and `demo` print: the address, the demo sign-in, and the road of one deal.

The demo company itself is built by `guantong.site.demo`, which supplies `present() -> bool`, `build()`,
`sign_in() -> (email, password)` and `road() -> list[Step]`; a build without it prints the address only.
"""

from __future__ import annotations

from typing import NamedTuple

from guantong.site.wanted import exists, wanted

DEMO = "guantong.site.demo"


class Step(NamedTuple):
    """One document on the road from lead to cash."""

    zh: str
    en: str
    number: str
    state_zh: str
    state_en: str
    amount: str = ""


def build_once() -> None:
    """Build the demo company unless it is there, or not part of this build."""
    if exists(DEMO) and not wanted(f"{DEMO}:present")():
        print("Building the demo company …", flush=True)
        wanted(f"{DEMO}:build")()


def road() -> list[Step]:
    """Return the road of the demo deal, empty where there is none."""
    if not exists(DEMO) or not wanted(f"{DEMO}:present")():
        return []
    return [Step(*step) for step in wanted(f"{DEMO}:road")()]


def show(address: str | None) -> None:
    """Print the card."""
    lines = (
        [f"Guantong 贯通 runs at  {address}", f"API documentation     {address}/api/docs"] if address else []
    )
    steps = road()
    if steps:
        email, password = wanted(f"{DEMO}:sign_in")()
        lines += [f"Demo sign-in          {email}  {password}", "", "One deal, from lead to cash:"]
        lines += [
            f"  {step.zh} {step.en}: {step.number}  {step.state_zh} {step.state_en}  {step.amount}".rstrip()
            for step in steps
        ]
    if address:
        lines += ["", "Ctrl-C stops everything."]
    print("\n".join(["", *lines, ""]), flush=True)
