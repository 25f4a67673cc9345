"""The texts of simulated people, in the language of the plan's documents."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Wording:
    """Texts of commands; `{}` is filled in."""

    deployment: str
    requirements: str
    returned: tuple[str, ...]
    failed: tuple[str, ...]
    passed: str
    extended: str
    flood: str
    flood_over: str
    forgotten: str
    reply: str
    rejected: tuple[str, ...]
    lifted: str
    silent: str
    builders: str
    call: str
    answer: str


WORDING: dict[Literal["zh-CN", "en"], Wording] = {
    "zh-CN": Wording(
        deployment="{}实施意见（演练）：逐点明确整治任务、责任单位和完成时限",
        requirements="一点一策，整改一处、验收一处、销号一处",
        returned=("点位任务未分解到责任单位，补充后重新报送", "缺少完成时限和佐证材料要求，补充后重新报送"),
        failed=("现场堆料未清运完毕", "警示牌缺失", "围栏被推倒", "封堵厚度不足", "佐证材料与现场不符"),
        passed="现场与资料核验合格（演练）",
        extended="受施工条件影响，同意延期（演练）",
        flood="强降雨，暂停施工（演练）",
        flood_over="雨情解除，恢复施工（演练）",
        forgotten="补交佐证材料",
        reply="已逐点核查并制定整改措施（演练）",
        rejected=("整改正在推进，暂缓印发（演练）", "逾期情形需进一步核实（演练）"),
        lifted="整改事项已落实（演练）",
        silent="专家因故不能出具意见（演练）",
        builders="施工队（演练）",
        call="请派员核定点位范围内涉及你单位职责的事项，并提出办理意见（演练）",
        answer="已派员核定，相关手续已办理（演练）",
    ),
    "en": Wording(
        deployment="Implementation opinion of {} (rehearsal): tasks, units and dates are set for every site",
        requirements="One plan a site; rectified, verified and struck off one by one",
        returned=(
            "the tasks are not divided among responsible units; complete it and submit again",
            "dates and evidence are not named; complete it and submit again",
        ),
        failed=(
            "the stockpile is not cleared",
            "warning signs are missing",
            "the fence is pushed over",
            "the seal is too thin",
            "the evidence does not match the site",
        ),
        passed="site and files hold (rehearsal)",
        extended="conditions at the site; the extension is granted (rehearsal)",
        flood="heavy rain, work is suspended (rehearsal)",
        flood_over="the rain is over, work goes on (rehearsal)",
        forgotten="evidence that was missing",
        reply="every site was looked at, and measures are set (rehearsal)",
        rejected=(
            "work is under way; not issued for now (rehearsal)",
            "the delay must be looked into first (rehearsal)",
        ),
        lifted="what was asked for is done (rehearsal)",
        silent="the expert can not give an opinion (rehearsal)",
        builders=" builders (rehearsal)",
        call="settle what falls to you within the sites, and state what is to be done (rehearsal)",
        answer="it is settled, and the formalities are done (rehearsal)",
    ),
}
