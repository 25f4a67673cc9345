"""A clause as people read it beside its deadline: `30 calendar days, clauses.rectification`."""

import re
from collections.abc import Mapping
from typing import Any

from schemas.calendar import DayUnit, NamedClause

_UNITS = {
    "zh-CN": {DayUnit.WORKING_DAYS: "个工作日", DayUnit.CALENDAR_DAYS: "个自然日"},
    "en": {DayUnit.WORKING_DAYS: " working days", DayUnit.CALENDAR_DAYS: " calendar days"},
}
_AMENDMENT = re.compile(r"amendment (\d+): ")


def clause_in_words(clause: NamedClause, language: str = "en") -> str:
    """The days of a clause and its path in the plan; `language` is that of a plan."""
    chinese = language == "zh-CN"
    name = _AMENDMENT.sub(r"补充文件\1：", clause.name) if chinese else clause.name
    if clause.amount is None or clause.unit is None:
        end = f"阶段{clause.phase}结束，" if chinese else f"end of phase {clause.phase}, "
        return name if clause.phase is None else f"{end}{name}"
    days = f"{clause.amount}{_UNITS[language][clause.unit]}"
    if clause.amount == 1 and not chinese:
        days = days.removesuffix("s")
    if clause.phase is not None:
        days = f"阶段{clause.phase}开始后{days}" if chinese else f"{days} from the beginning of phase {clause.phase}"
    return f"{days}{'，' if chinese else ', '}{name}"


def clause_said(clauses: Mapping[str, Any], deadline: str, language: str = "en") -> str:
    """The words of one deadline's clause, of an event, a notice or facts; "" where it has none."""
    one = clauses.get(deadline)
    return "" if one is None else clause_in_words(NamedClause.model_validate(one), language)
