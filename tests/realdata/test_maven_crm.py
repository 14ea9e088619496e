"""Maven's CRM as it stood on 2017-06-30: 85 accounts, 35 agents and 4,365 deals, stage by stage to the dollar.

Traps of the original are mapped by name (`GTXPro`, `technolgy`) or reported row by row: 484 deals have no account.
"""

from __future__ import annotations

import csv
import io
import os
from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from guantong.engine.org.token import issue_token
from guantong.engine.tenancy.scope import scope
from tests.caller import Caller
from tests.realdata.given import SHARED, every, imported, made, needs, portions, refused_rows
from tests.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = SHARED / "maven-crm"
PRODUCTS = {"GTXPro": "GTX Pro"}
SECTORS = {"technolgy": "technology"}
STAGES = {"Prospecting": "接触", "Engaging": "方案", "Won": "方案", "Lost": "方案"}
EVERY = int(os.environ.get("GUANTONG_MAVEN_EVERY", "10"))
"""All deals are entered and compared; the outcome of every tenth is recorded by its verb (1 = of all of them)."""

pytestmark = needs("maven-crm")


def rows_of(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def deals_of_file() -> list[dict[str, str]]:
    return rows_of("sales_pipeline_asof_2017-06-30")


def day(text: str) -> str:
    """`6/30/2017` as a date."""
    return datetime.strptime(text, "%m/%d/%Y").date().isoformat() if text else ""


@pytest.fixture
def then() -> Iterator[World]:
    """The morning after."""
    world = World("Maven", at=datetime(2017, 7, 1, 9, tzinfo=UTC))
    yield world
    world.close()


def test_the_pipeline_of_2017(then: World) -> None:
    rows = deals_of_file()
    assert len(rows) == len({row["opportunity_id"] for row in rows}) == 4365
    people(then)
    accounts(then)
    products(then)
    entered = deals(then, rows)
    found = {record["external_ref"]: record for record in every(then, "李娜", "opportunities")}
    assert found.keys() == entered.keys()
    for ref, row in entered.items():
        deal = found[ref]
        assert deal["owner"]["label"] == row["sales_agent"] and deal["customer"]["label"] == row["account"]
        assert deal["happened_at"][:10] == day(row["engage_date"])
        assert Decimal(deal["amount"] or 0) == Decimal(row["close_value"] or 0)

    closed = close(then, found, entered)
    counted: dict[str, Any] = defaultdict(lambda: [0, Decimal(0)])
    for deal in every(then, "李娜", "opportunities"):
        counted[deal["state"]][0] += 1
        counted[deal["state"]][1] += Decimal(deal["amount"] or 0)
        if deal["state"] == "won":
            assert deal["close_on"] == day(entered[deal["external_ref"]]["close_date"])
    assert dict(counted) == reference(entered, closed)


def reference(entered: dict[str, dict[str, str]], closed: set[str]) -> dict[str, list[Any]]:
    """Counts and sums per state from the file alone; deals whose outcome is not recorded are still open."""
    found: dict[str, list[Any]] = defaultdict(lambda: [0, Decimal(0)])
    for ref, row in entered.items():
        state = {"Won": "won", "Lost": "lost"}.get(row["deal_stage"], "open") if ref in closed else "open"
        found[state][0] += 1
        found[state][1] += Decimal(row["close_value"] or 0)
    return dict(found)


def people(world: World) -> None:
    """Offices, the managers' teams under them and the agents in these; 李娜 leads them all."""
    zhao, agents = world.as_("赵敏"), rows_of("sales_teams")
    top = zhao.post("teams", {"name": "Sales", "lead": world.id_of("李娜")})["id"]
    offices = sorted({row["regional_office"] for row in agents})
    ids = made(world, "赵敏", "teams", [{"name": name, "parent": top} for name in offices])
    office = dict(zip(offices, ids, strict=True))
    managers = sorted({(row["manager"], row["regional_office"]) for row in agents})
    rows = [{"name": manager, "parent": office[where]} for manager, where in managers]
    teams = dict(zip((name for name, _ in managers), made(world, "赵敏", "teams", rows), strict=True))
    rows = [{"name": name, "roles": ["sales_manager"], "team": teams[name]} for name, _ in managers]
    rows += [
        {"name": row["sales_agent"], "roles": ["sales"], "team": teams[row["manager"]]} for row in agents
    ]
    made(world, "赵敏", "users", rows)
    assert len(agents) == 35 and len(managers) == 6


def accounts(world: World) -> None:
    """All 85, parents first; the misspelt sector is mapped."""
    rows = sorted(rows_of("accounts"), key=lambda row: bool(row["subsidiary_of"]))
    table = [
        [
            row["account"],
            SECTORS.get(row["sector"], row["sector"]),
            row["office_location"],
            row["subsidiary_of"],
        ]
        for row in rows
    ]
    mapping = {"account": "name", "sector": "industry", "office": "region", "parent": "parent"}
    job = imported(world, "李娜", "customers", as_csv(list(mapping), table), mapping=mapping)
    assert (job["state"], job["result"]["created"], job["result"]["refused"]) == ("done", 85, 0), job[
        "result"
    ]
    customers = every(world, "李娜", "customers")
    sectors = Counter(SECTORS.get(row["sector"], row["sector"]) for row in rows)
    assert Counter(record["industry"] for record in customers) == sectors and sectors["technology"] == 12
    assert sum(record["parent"] is not None for record in customers) == sum(
        bool(r["subsidiary_of"]) for r in rows
    )


def products(world: World) -> None:
    """The seven products at their list prices."""
    unit = world.as_("张伟").post("units", {"name": "each", "code": "ea"})["id"]
    tax = world.as_("陈静").post("tax_classes", {"code": "Z", "name": "Z", "rates": []})["id"]
    rows = [
        {"code": row["product"], "name": row["product"], "group": row["series"], "list_price": row["sales_price"],
         "currency": "USD", "unit": unit, "tax_class": tax}
        for row in rows_of("products")
    ]  # fmt: skip
    assert len(made(world, "张伟", "products", rows)) == 7


def deals(world: World, rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    """Every deal through the import; those without an account are refused, each with its row and reason."""
    known = {row["product"] for row in rows_of("products")}
    with scope(
        world.tenant
    ):  # who may write on another day must be an administrator, and a seller to write deals
        token = issue_token(world.tenant, world.users["李娜"].id, "import")
    boss = world.as_("赵敏")
    user = boss.get(f"users/{world.id_of('李娜')}")
    boss.patch(
        f"users/{user['id']}", {"roles": ["sales_manager", "administrator"], "version": user["version"]}
    )
    world.callers["李娜"] = Caller(token, world.settle)
    table = []
    for row in rows:
        product = PRODUCTS.get(row["product"], row["product"])
        assert product in known, row["product"]
        engaged = day(row["engage_date"])
        table.append(
            [row["opportunity_id"], product, row["account"], row["sales_agent"], "USD", row["close_value"],
             STAGES[row["deal_stage"]], f"{engaged} 12:00:00"]
        )  # fmt: skip
    mapping = {
        "id": "external_ref", "product": "name", "account": "customer", "agent": "owner", "currency": "currency",
        "value": "amount", "stage": "stage", "engaged": "happened_at",
    }  # fmt: skip
    job = imported(world, "李娜", "opportunities", as_csv(list(mapping), table), mapping=mapping)
    result, blank = job["result"], [row for row in rows if not row["account"]]
    assert job["state"] == "done", job
    assert (result["read"], result["created"], result["refused"]) == (4365, 4365 - len(blank), len(blank)), (
        result
    )
    errors = list(csv.DictReader(io.StringIO(refused_rows(world, "李娜", job["job"]))))
    assert {error["id"] for error in errors} == {row["opportunity_id"] for row in blank} and len(blank) == 484
    return {row["opportunity_id"]: row for row in rows if row["account"]}


def close(world: World, found: dict[str, Any], entered: dict[str, dict[str, str]]) -> set[str]:
    """Won and lost by their verbs, on the day it happened; returns whose outcome was recorded."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    ended = [ref for ref, row in entered.items() if row["close_date"]]
    chosen = set(ended[::EVERY])
    for ref in ended[::EVERY]:
        groups[entered[ref]["deal_stage"], day(entered[ref]["close_date"])].append(found[ref]["id"])
    for (stage, on), ids in sorted(groups.items(), key=lambda group: group[0][1]):
        verb = "win" if stage == "Won" else "lose"
        body = {"on": on} if verb == "win" else {"why": "no_answer"}
        for portion in portions(ids, 200):
            body |= {"ids": portion, "happened_at": f"{on}T12:00:00+00:00"}
            done = world.as_("李娜").post(f"/verbs/opportunities/{verb}", body)
            assert {item["status"] for item in done["items"]} == {200}, done
    return chosen


def as_csv(headings: list[str], rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode()
