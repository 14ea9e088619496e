"""Who works at the demo company, what it sells and to whom. All names are made up."""

from __future__ import annotations

from random import Random

from stdnum.cn import uscc

from guantong.engine.door.house import as_house
from guantong.engine.org.accounts import add_user, create_account, create_organization
from guantong.engine.org.entity import Entity
from guantong.engine.org.team import Team
from guantong.engine.states.unit import Unit
from guantong.engine.tenancy.account import Account
from guantong.site.demo.company import Company

NAME = "华辰集团（演示）"
SIGN_IN = "demo@guantong.example"
MANAGER, FINANCE, OPERATIONS, ADMIN = "李娜", "陈静", "张伟", "赵敏"
SELLERS = ("王磊", "周涛", "吴倩")
PEOPLE = {
    MANAGER: ("lina", ("sales_manager",)),
    "王磊": ("wanglei", ("sales",)),
    "周涛": ("zhoutao", ("sales",)),
    "吴倩": ("wuqian", ("sales",)),
    FINANCE: ("chenjing", ("finance",)),
    OPERATIONS: ("zhangwei", ("operations",)),
    "刘洋": ("liuyang", ("service",)),
    "孙审": ("sunshen", ("auditor",)),
}
UNITS = (("台", "set", 0), ("件", "pc", 0), ("项", "job", 0), ("年", "year", 0))
RATES = (("货物 13%", "goods13", "13"), ("安装 9%", "install9", "9"), ("服务 6%", "service6", "6"))
PRODUCTS = (  # code, name, spec, unit, tax class, price incl. tax, cost, kind, group
    ("HC-850", "立式加工中心", "850 型", "set", "goods13", "339000.00", "231000", "goods", "机床"),
    ("HC-1160", "立式加工中心", "1160 型", "set", "goods13", "486000.00", "338000", "goods", "机床"),
    ("HC-R20", "上下料机器人", "20 kg", "set", "goods13", "158000.00", "104000", "goods", "自动化"),
    ("HC-T01", "刀库附件", "24 把", "pc", "goods13", "28600.00", "15900", "goods", "附件"),
    ("HC-C05", "冷却单元", "5 kW", "pc", "goods13", "12800.00", "7400", "goods", "附件"),
    ("HC-INS", "安装调试", "现场", "job", "install9", "54500.00", "21000", "service", "服务"),
    ("HC-TRN", "操作培训", "5 人 3 天", "job", "service6", "15900.00", "6000", "service", "服务"),
    ("HC-SRV", "延保服务", "一年", "year", "service6", "31800.00", "9000", "service", "服务"),
)
PLACES = ("苏州", "无锡", "宁波", "杭州", "常州", "南通", "嘉兴", "合肥", "青岛", "佛山", "东莞", "武汉")
MARKS = ("恒力达", "瑞丰", "博远", "精锐", "华盛", "鼎新", "科泰", "永固", "德昌", "联创", "美嘉", "正和")
TRADES = ("精密机械", "汽车零部件", "模具", "航空部件", "液压设备", "医疗器械")


def hire(password: str) -> Company:
    """Found the company: two legal entities, a sales team under its manager, everybody with an account."""
    organization = create_organization(f"{NAME} …", entity="华辰装备有限公司", code="HC")
    tenant = organization.id

    def found(unit: Unit) -> tuple[Team, Entity]:
        return unit.create(Team, name="销售部"), unit.create(
            Entity, name="华辰工程有限公司", code="HG", position=2
        )

    team, _ = as_house(tenant, found)
    people = {}
    for name, (word, roles) in PEOPLE.items():
        account = account_of(f"{word}@guantong.example", password, name)
        people[name] = add_user(tenant, account, name, roles, team if "sales" in roles[0] else None).id
    admin = account_of(SIGN_IN, password, ADMIN)
    people[ADMIN] = add_user(
        tenant, admin, ADMIN, ("administrator", "sales_manager", "finance", "operations")
    ).id
    company = Company(tenant, people, [])
    company.entities = [row["id"] for row in company.list(ADMIN, "entities", sort="position")]
    lead = {"lead": str(people[MANAGER]), "version": 1}
    company.change(ADMIN, "teams", str(team.id), **lead)
    return company


def account_of(email: str, password: str, name: str) -> Account:
    """The account with that address, made if an unfinished demo has not made it."""
    return Account.objects.filter(email=email).first() or create_account(email, password, name)


def fill_shelves(company: Company) -> None:
    """Units, tax classes, products, a price book, terms, our bank accounts."""
    units = {code: company.post(ADMIN, "units", name=n, code=code, decimals=d)["id"] for n, code, d in UNITS}
    classes = {
        code: company.post(
            ADMIN,
            "tax_classes",
            name=name,
            code=code,
            rates=[{"valid_from": "2019-04-01", "percent": percent}],
        )["id"]
        for name, code, percent in RATES
    }
    products = {}
    for code, name, spec, unit, tax_class, price, cost, kind, group in PRODUCTS:
        products[code] = company.post(
            ADMIN, "products", code=code, name=name, spec=spec, unit=units[unit], tax_class=classes[tax_class],
            list_price=price, cost=cost, kind=kind, group=group,
        )["id"]  # fmt: skip
    tiers = [{"product": products["HC-850"], "from_quantity": "3", "price": "325000.00"}]
    book = company.post(ADMIN, "price_books", name="批量价", valid_from="2020-01-01", tiers=tiers)
    company.verb(ADMIN, "price_books", book, "activate")
    company.stock["products"] = products
    _agree_terms(company)


def _agree_terms(company: Company) -> None:
    """Payment terms, and the banks that money comes to."""
    terms = {
        "票到 30 天": [{"share": "remainder", "anchor": "invoice_issued", "days": 30}],
        "月结 60 天": [{"share": "remainder", "anchor": "month_end", "days": 60}],
        "款到发货": [{"share": "remainder", "anchor": "order_confirmed"}],
    }
    company.stock["terms"] = [
        company.post(ADMIN, "payment_terms", name=name, parts=parts)["id"] for name, parts in terms.items()
    ]
    holders = (("华辰装备有限公司", "6222021001116245702"), ("华辰工程有限公司", "6217000010012345676"))
    company.stock["banks"] = [
        company.post(
            ADMIN,
            "bank_accounts",
            entity=entity,
            holder=holder,
            bank="中国工商银行苏州分行",
            account_number=number,
        )["id"]
        for entity, (holder, number) in zip(company.entities, holders, strict=True)
    ]


def companies(rng: Random) -> list[tuple[str, str, str]]:
    """Made-up customers: name, city, credit code with a right check character."""
    names = [
        f"{place}{mark}{trade}有限公司"
        for place, mark in zip(PLACES * 4, MARKS * 4, strict=True)
        for trade in TRADES
    ]
    found = []
    for name in rng.sample(names, 60):
        body = f"9132{rng.randrange(10_000, 99_999)}MA1{rng.randrange(10_000, 99_999)}"
        found.append((name, name[:2], body + uscc.calc_check_digit(body)))
    return found
