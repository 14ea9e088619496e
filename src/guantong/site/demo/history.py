"""Six months at the demo company: every deal is a small story that says how many days pass between its steps."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from guantong.base import clock
from guantong.site.demo.cast import FINANCE, OPERATIONS, SELLERS, companies, fill_shelves
from guantong.site.demo.company import Company, Facts

DAYS = 182
DEALS = 64
SEED = 20260
SOURCES = ("展会", "官网", "老客户介绍", "电话开发", "招标网")
NEEDS = ("新产线扩产", "老机床替换", "自动化改造", "增加一个班次的产能", "新项目打样")
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", ("强", "敏", "建国", "丽", "晓东", "志远", "慧", "明")
Story = Iterator[float]


def live(company: Company) -> None:
    """Live through the half year up to now. The clock is the injected one: nothing is back-dated by hand."""
    rng = Random(SEED)  # noqa: S311  (a demo, no secret)
    end = clock.now().replace(microsecond=0)
    start = end - timedelta(days=DAYS)
    with clock.frozen(start) as still:
        fill_shelves(company)
        names = companies(rng)
        waiting: list[tuple[datetime, int, Story]] = []
        for place in range(DEALS):
            begins = start + timedelta(days=rng.uniform(0.2, DAYS - 20), hours=rng.uniform(0, 3))
            waiting.append((begins, place, deal(company, Random(rng.random()), names[place % len(names)])))  # noqa: S311
        heapq.heapify(waiting)
        while waiting and waiting[0][0] < end:
            moment, place, story = heapq.heappop(waiting)
            still.advance(max(moment - clock.now(), timedelta()))
            pause = next(story, None)
            if pause is not None:
                heapq.heappush(waiting, (moment + timedelta(days=pause), place, story))


def deal(company: Company, rng: Random, whom: tuple[str, str, str]) -> Story:
    """One lead and what comes of it."""
    seller = rng.choice(SELLERS)
    name, city, code = whom
    lead = company.post(
        seller, "leads", company=name, contact_name=rng.choice(SURNAMES) + rng.choice(GIVEN), region=city,
        mobile=f"+86139{rng.randrange(10_000_000, 99_999_999)}", credit_code=code, need=rng.choice(NEEDS),
        lead_source=rng.choice(SOURCES), rating=rng.choice(("hot", "warm", "cold")),
    )  # fmt: skip
    yield rng.uniform(0.3, 3)
    company.verb(seller, "leads", lead, "work")
    yield rng.uniform(1, 6)
    if rng.random() < 0.2:
        company.verb(seller, "leads", lead, "lose", why=rng.choice(("no_need", "no_budget", "unreachable")))
        return
    company.verb(seller, "leads", lead, "qualify")
    yield rng.uniform(0.2, 4)
    lead = company.verb(
        seller, "leads", lead, "convert", name=f"{name[:6]}{lead['need'][:6]}", amount="400000.00"
    )
    yield from sell(company, rng, seller, lead)


def sell(company: Company, rng: Random, seller: str, lead: Facts) -> Story:
    """Through the stages to a quote, and to a yes or a no."""
    chance = lead["opportunity"]
    facts = company.list(seller, "opportunities", id=chance["id"])[0]
    stages = company.list(seller, "stages", sort="position", pipeline=facts["pipeline"]["id"])
    for stage in stages[1 : rng.randrange(3, len(stages))]:
        yield rng.uniform(1, 8)
        company.verb(seller, "opportunities", chance, "advance", to=stage["id"])
        company.post(
            seller, "activities", opportunity=chance["id"], kind=rng.choice(("visit", "call", "meeting")),
            text=rng.choice(("确认需求", "技术交流", "现场勘查", "价格沟通", "等客户内部审批")),
        )  # fmt: skip
    if rng.random() < 0.22:
        why = rng.choice(("price", "competitor", "timing"))
        company.verb(seller, "opportunities", chance, "lose", why=why)
        return
    quote = company.post(
        seller, "quotes", opportunity=chance["id"], payment_term=rng.choice(company.stock["terms"]),
        entity=company.entities[0 if rng.random() < 0.8 else 1],
    )  # fmt: skip
    version = offer(company, rng, seller, quote)
    facts = company.list(seller, "opportunities", id=chance["id"])[0]
    company.change(seller, "opportunities", chance["id"], version=facts["version"], amount=version["gross"])
    yield rng.uniform(3, 15)
    if rng.random() < 0.35:
        version = better(company, rng, seller, version)
        yield rng.uniform(2, 8)
    if rng.random() < 0.2:
        company.verb(seller, "quote_versions", version, "decline", why="price")
        company.verb(seller, "opportunities", chance, "lose", why="price")
        return
    company.verb(seller, "quote_versions", version, "accept")
    yield rng.uniform(0.1, 3)
    company.verb(seller, "opportunities", chance, "win")
    yield from deliver_and_collect(company, rng, seller, version)


def offer(company: Company, rng: Random, seller: str, quote: Facts) -> Facts:
    """A first version with machines and what belongs to them."""
    products = company.stock["products"]
    lines = [{"product": products[rng.choice(("HC-850", "HC-1160"))], "quantity": str(rng.randrange(1, 5))}]
    for code in rng.sample(("HC-R20", "HC-T01", "HC-C05", "HC-TRN", "HC-SRV"), rng.randrange(1, 4)):
        lines.append({"product": products[code], "quantity": str(rng.randrange(1, 3))})
    lines.append({"product": products["HC-INS"], "quantity": "1", "kind": "sale"})
    if rng.random() < 0.3:
        lines.append({"product": products["HC-C05"], "quantity": "1", "kind": "gift"})
    version = company.post(seller, "quote_versions", quote=quote["id"], lines=lines)
    return company.verb(seller, "quote_versions", version, "send")


def better(company: Company, rng: Random, seller: str, version: Facts) -> Facts:
    """A second version with a discount."""
    revised = company.verb(seller, "quote_versions", version, "revise")["revised_as"]["id"]
    company.change(seller, "quote_versions", revised, version=1, discount_percent=str(rng.randrange(2, 9)))
    return company.verb(seller, "quote_versions", {"id": revised}, "send")


def deliver_and_collect(company: Company, rng: Random, seller: str, version: Facts) -> Story:
    """Order, invoice, money: most pay in time, some late, some in two parts."""
    order = company.list(OPERATIONS, "orders", source_id=version["id"])[0]
    yield rng.uniform(0.5, 4)
    company.verb(OPERATIONS, "orders", order, "confirm")
    yield rng.uniform(5, 25)
    invoice = company.list(FINANCE, "invoices", source_id=order["id"])[0]
    invoice = company.verb(FINANCE, "invoices", invoice, "issue")
    late = rng.choice((0, 0, 0, 5, 12, 30, 55))
    yield rng.uniform(10, 32) + late
    whole = Decimal(invoice["gross"])
    parts = [whole] if rng.random() < 0.7 else [whole / 2 - (whole / 2) % 100, whole / 2 + (whole / 2) % 100]
    for part in parts:
        yield from pay(company, rng, seller, invoice, part)
        yield rng.uniform(3, 20)
    if rng.random() < 0.1:
        note = company.post(FINANCE, "credit_notes", invoice=invoice["id"], reason="return")
        company.verb(FINANCE, "credit_notes", note, "issue", rebill=False)


def pay(company: Company, rng: Random, seller: str, invoice: Facts, amount: Decimal) -> Story:
    """Money arrives at the bank, sales claims it, finance confirms and allocates it."""
    entity = company.entities.index(invoice["entity"]["id"])
    receipt = company.post(
        FINANCE, "receipts", amount=f"{amount:.2f}", bank_account=company.stock["banks"][entity],
        entity=invoice["entity"]["id"], received_on=clock.today("Asia/Shanghai").isoformat(),
        payer_name=invoice["payer"]["label"], instrument="transfer",
    )  # fmt: skip
    company.verb(FINANCE, "receipts", receipt, "record")
    yield rng.uniform(0.1, 2)
    company.verb(seller, "receipts", receipt, "claim", customer=invoice["customer"]["id"])
    yield rng.uniform(0.1, 2)
    company.verb(FINANCE, "receipts", receipt, "confirm")
    if rng.random() < 0.92:
        splits = [{"invoice": invoice["id"], "amount": f"{amount:.2f}"}]
        company.verb(FINANCE, "receipts", receipt, "allocate", splits=splits)
