"""What pipeline does when something happens upstream: lay a first road for a new tenant."""

from __future__ import annotations

from decimal import Decimal

from guantong.engine.org.entity import Entity
from guantong.engine.states import on
from guantong.engine.states.unit import create, current_unit
from guantong.modules.pipeline.pipeline import Pipeline
from guantong.modules.pipeline.stage import Stage

NAME = ("标准销售流程", "Standard pipeline")
STAGES = (
    # 中文, English, odds, forecast category, gate, checklist
    ("接触", "Contact", 10, "pipeline", [], [("了解需求和决策人", "Learn the need and who decides")]),
    ("立项", "Project", 20, "pipeline", [], [("确认客户已立项", "Make sure the customer has set up the project")]),
    ("方案", "Solution", 40, "pipeline", [], [("技术方案交流", "Discuss the technical solution")]),
    ("报价", "Quote", 60, "best_case", [], [("提交正式报价", "Hand in the formal quote")]),
    ("谈判", "Negotiation", 80, "commit", ["amount"], [("谈定价格和付款条件", "Agree on price and payment terms")]),
    ("签约", "Signing", 90, "commit", ["amount", "close_on"], [("合同评审", "Review the contract")]),
)  # fmt: skip


@on(Entity.created, within=True)
def lay_first_pipeline(entity: Entity) -> None:
    """Give a tenant without any pipeline one with six stages, so that the first deal has a place to stand."""
    unit = current_unit()
    if any(model is Pipeline for model, _ in unit.records) or Pipeline.objects.exists():
        return
    word = 1 if unit.call.actor.language == "en" else 0
    pipeline = create(Pipeline, name=NAME[word], is_default=True)
    for position, (zh, en, odds, category, gate, checklist) in enumerate(STAGES, start=1):
        create(
            Stage, pipeline=pipeline, name=(zh, en)[word], position=position, probability=Decimal(odds),
            forecast_category=category, gate=gate, checklist=[pair[word] for pair in checklist],
        )  # fmt: skip
