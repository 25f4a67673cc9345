"""The report's words in the languages of plans; each key has the texts of both languages."""

from collections.abc import Iterable
from typing import Literal

from reports.words.documents import DOCUMENT_FILE_WORDS
from reports.words.kinds import KIND_WORDS
from reports.words.modes import MODE_WORDS
from reports.words.phases import PHASE_WORDS
from reports.words.programme import PROGRAMME_WORDS
from reports.words.responsible import RESPONSIBLE_WORDS

Language = Literal["zh-CN", "en"]

_COLUMN = {"zh-CN": 0, "en": 1}

_WORDS: dict[str, tuple[str, str]] = {
    # The head of the page.
    "report": ("专项行动情况报告", "Campaign report"),
    "document_number": ("文号", "Document number"),
    "issuing_agencies": ("发文单位", "Issuing agencies"),
    "signatures": ("联署（{document}）", "Signatures ({document})"),
    "signature": ("{agency} {day}", "{agency} {day}"),
    "signature_missing": ("{agency} 未联署（应于 {day} 前）", "{agency} has not signed (due by {day})"),
    "province": ("省份", "Province"),
    "window": ("行动时间", "Window"),
    "window_value": ("{start} 至 {end}", "{start} to {end}"),
    "phase": ("当前阶段", "Current phase"),
    "as_of": ("数据截至", "As of"),
    "day": ("进度", "Day"),
    "rehearsal": ("演练", "Rehearsal"),
    "rehearsal_stopped": (
        "演练提前中止，行动尚未结束；以下为截至上述时刻的情况。",
        "The rehearsal was stopped before the campaign ended; this is how far it had come by then.",
    ),
    "same_unit": ("回避例外", "One unit may do both"),
    "same_unit_value": (
        "{level}：准许承担整治或其他层级验收的单位验收，理由：{reason}",
        "{level}: a unit that worked or judged another level may judge it, because: {reason}",
    ),
    "day_value": ("第 {day} 天 / 共 {days} 天", "day {day} of {days}"),
    "day_before": ("尚未开始（共 {days} 天）", "not yet begun ({days} days)"),
    "day_after": ("已结束（共 {days} 天）", "ended ({days} days)"),
    "time_zone": ("时区", "Time zone"),
    # Counts.
    "sites": ("点位", "Sites"),
    "total": ("台账总数", "In the register"),
    "sum": ("合计", "Total"),
    "open": ("未销号", "Open"),
    "overdue": ("逾期", "Overdue"),
    "suspended": ("中止", "Suspended"),
    "closed_share": ("销号率", "Closed"),
    "of_register": ("占台账", "of the register"),
    "of_open": ("占未销号", "of the open ones"),
    "adds_up": (
        "{parts}，合计 {total}，与台账一致。",
        "{parts}: together {total}, the whole register.",
    ),
    "stage.registered": ("待整治", "Registered"),
    "stage.rectifying": ("整治中", "Rectifying"),
    "stage.verifying": ("验收中", "Verifying"),
    "stage.closed": ("已销号", "Closed"),
    "stage.carried_over": ("结转", "Carried over"),
    # Burn-down.
    "burndown": ("销号进度", "Burn-down"),
    "burndown_text": (
        "{first} 至 {last}：未销号点位由 {registered} 处降至 {open} 处，已销号 {closed} 处，结转 {carried} 处；"
        "逾期最多时 {peak} 处（{peak_day}），截至期末 {overdue} 处。",
        "From {first} to {last}: open sites went from {registered} to {open}; {closed} closed, {carried} carried "
        "over. At most {peak} were overdue at once (on {peak_day}), {overdue} at the end.",
    ),
    "burndown_note": (
        "每日为该日结束时的数量；“逾期”指未中止、已过整治期限或验收期限的未销号点位。",
        "Each day is counted at its end. Overdue: open, not suspended, past the deadline of its work or its verdict.",
    ),
    "campaign_end": ("行动结束", "End"),
    "daily_numbers": ("每日数据", "The numbers of each day"),
    "date": ("日期", "Date"),
    # Cities.
    "by_city": ("各市进展", "Progress by city"),
    "by_city_note": (
        "各市点位按环节所占比例，格内为点位数。",
        "Shares of each city's sites by stage; the figures are sites.",
    ),
    "cities": ("各市情况", "Cities"),
    "cities_count": ("{n} 个市", "cities: {n}"),
    "city": ("市", "City"),
    "county": ("县（区）", "County"),
    "township": ("乡镇（街道）", "Township"),
    "deployment": ("动员部署", "Deployment"),
    "deployment_dates": ("期限 / 上报 / 批准", "Due / submitted / approved"),
    "deployment_due": ("部署期限", "Deployment due"),
    "submitted": ("上报", "Submitted"),
    "approved": ("批准", "Approved"),
    "rung_column": ("督办层级", "Rungs"),
    "rungs_note": (
        "督办层级为未销号点位当前所处层级，格式为“层级×点位数”；“验收未通过”为累计轮次。",
        "Rungs are those that open sites stand on, written rung×sites; failed rounds are counted over the campaign.",
    ),
    "rounds_failed": ("验收未通过", "Rounds failed"),
    # Documents.
    "ladder": ("文书与督办", "Documents and the ladder"),
    "ladder_note": (
        "按发出之日计，每列自所示日期起 {days} 天。",
        "By the day of issue; each column is {days} days from the date shown.",
    ),
    "kind": ("种类", "Kind"),
    "rung": ("层级", "Rung"),
    "none": ("无", "None"),
    # Lists.
    "carried": ("结转点位", "Sites carried over"),
    "refused": ("未受理的指令", "Refused commands"),
    "rejected": ("未录入的台账行", "Rejected register rows"),
    "rejected_text": (
        "开始时有 {rows} 行未能录入（共 {faults} 处问题），未计入台账总数。",
        "Rows that could not be taken in at the start: {rows} (faults: {faults}). "
        "They are not part of the register's total.",
    ),
    "more": ("另有 {n} 条，见工作簿 {file}。", "{n} more are in the workbook {file}."),
    "reason": ("原因", "Reason"),
    "since": ("时间", "When"),
    "command": ("指令", "Command"),
    "subject": ("对象", "Subject"),
    "sender": ("发送人", "Sender"),
    "unknown_sender": ("发送人不明", "unknown sender"),
    # The ledger.
    "ledger": ("记录链", "Ledger"),
    "entries": ("记录条数", "Entries"),
    "streams": ("记录链数", "Streams"),
    "last_entry": ("最后一条", "Last entry"),
    "last_anchor": ("最近一次锚定", "Last anchor"),
    "anchor_digest": ("锚定摘要（SHA-256）", "Anchor digest (SHA-256)"),
    "ledger_note": (
        "每条记录含前一条的摘要；锚定摘要覆盖当时全部记录链，改动任何一条都会被发现。",
        "Each entry holds the hash of the one before; the anchor's digest covers all streams of its moment, so that "
        "no entry can be changed unseen.",
    ),
    "faults": ("问题", "Faults"),
    # Names that come from data.
    "phase.not_started": ("尚未开始", "Not yet begun"),
    "phase.issuing": ("待联署", "To be signed by its agencies"),
    "phase.running": ("进行中", "Running"),
    "phase.closing": ("收尾", "Closing"),
    "phase.closed": ("已结束", "Closed"),
    "phase.stopped": ("已终止", "Stopped"),
    "deployment.not_issued": ("方案未印发", "Plan not issued"),
    "deployment.awaited": ("待上报", "Awaited"),
    "deployment.submitted": ("已上报", "Submitted"),
    "deployment.returned": ("已退回", "Returned"),
    "deployment.approved": ("已批准", "Approved"),
    "carried.the campaign ended": ("行动结束时未销号", "the campaign ended"),
    "subject.site": ("点位", "site"),
    "subject.city": ("市", "city"),
    "subject.spot-check": ("抽查", "spot check"),
    "subject.campaign": ("行动", "campaign"),
    # Progress towards targets, and surveys.
    "progress": ("按面积与数量的进度", "Progress by area and by count"),
    "progress.target.ha": ("任务（公顷）", "Target (ha)"),
    "progress.target.sites": ("任务（个）", "Target (sites)"),
    "progress.target.percent_of_sites": ("任务（占存量点位%）", "Target (% of the stock's sites)"),
    "progress.target.percent_of_ha": ("任务（占存量面积%）", "Target (% of the stock's hectares)"),
    "progress.asked.ha": ("折合（公顷）", "Comes to (ha)"),
    "progress.asked.sites": ("折合（个）", "Comes to (sites)"),
    "progress.registered_ha": ("台账（公顷）", "In the register (ha)"),
    "progress.closed_ha": ("已销号（公顷）", "Closed (ha)"),
    "progress.share_of_target": ("任务完成率", "Of the target"),
    "progress.sites": ("点位", "Sites"),
    "progress.closed_sites": ("已销号", "Closed"),
    "progress.share_of_sites": ("销号率", "Of the sites"),
    "progress.newly_found": ("新发现", "Newly found"),
    "progress.missed": ("漏报", "Missed"),
    "progress_note": (
        "面积为台账面积；新发现点位在排名中另行统计，漏报点位计入所在单位的考核基数。",
        "Areas are those of the register. Newly found sites are counted apart in rankings; missed ones count as stock.",
    ),
    "survey_line": (
        "补充排查 {id}（{at}）：{sites} 处，其中新发现 {newly_found} 处、漏报 {missed} 处。",
        "Survey {id} ({at}): {sites} sites, {newly_found} newly found and {missed} missed.",
    ),
    "division_code": ("代码", "Code"),
    "sheet.counties": ("县级部署", "Counties"),
    "sheet.sweep": ("双向排查", "Sweep"),
    "sweep.issued": ("下发图斑和线索", "Patches and clues"),
    "sweep.clues": ("其中公安线索", "Of these clues"),
    "sweep.confirmed": ("属实（新列入）", "Confirmed"),
    "sweep.known": ("属实（台账已有）", "Known sites"),
    "sweep.refuted": ("不属实", "Refuted"),
    "sweep.open": ("待核查", "Open"),
    "sweep.overdue": ("逾期未核查", "Overdue"),
    "counties": ("县（市、区）和乡镇动员部署", "Deployments of counties and townships"),
    "sheet.progress": ("任务进度", "Progress"),
    # Extensions and the police track.
    "days_suspended": ("中止天数", "Days suspended"),
    "days_by_city": ("其中市自行中止天数", "Days suspended by the city itself"),
    "days_by_province": ("省中止天数", "Days suspended by the province"),
    "sites_by_city": ("市自行中止点位", "Sites suspended by the city itself"),
    "sites_by_province": ("省中止点位", "Sites suspended by the province"),
    "suspended_since": ("中止起始", "Suspended since"),
    "suspended_to": ("中止截止", "Suspended to"),
    "suspended_by": ("中止决定单位", "Suspended by"),
    "basis": ("中止事由", "Basis"),
    "basis.stop_work_order": ("停工令", "stop-work order"),
    "basis.flood": ("汛情", "flood"),
    "basis.planting_season": ("等待栽植季节", "planting season"),
    "basis.other": ("其他", "other"),
    "extensions_refused": ("不予延期", "Extensions refused"),
    "extension_pending": ("延期待决定", "Extension pending"),
    "case": ("公安线案件", "Case"),
    "case_reference": ("案件文号", "Case reference"),
    "case_waits_for": ("案件待办单位", "Case waits for"),
    "case.to_transfer": ("待移送", "To transfer"),
    "case.transferred": ("已移送", "Transferred"),
    "case.accepted": ("已接收", "Accepted"),
    "case.filed": ("已立案", "Filed"),
    "case.not_filed": ("不予立案", "Not filed"),
    "case.concluded": ("已办结", "Concluded"),
    # The workbook.
    "sheet.summary": ("概况", "Summary"),
    "sheet.daily": ("每日", "Daily"),
    "sheet.sites": ("点位", "Sites"),
    "sheet.documents": ("文书", "Documents"),
    "sheet.ledger": ("记录", "Ledger"),
    "sheet.rejected": ("未录入", "Rejected rows"),
    "site_id": ("点位编号", "Site id"),
    "site_name": ("点位名称", "Site name"),
    "city_code": ("市代码", "City code"),
    "latitude": ("纬度", "Latitude"),
    "longitude": ("经度", "Longitude"),
    "type": ("类型", "Type"),
    "mineral": ("矿种", "Mineral"),
    "area_ha": ("面积（公顷）", "Area (ha)"),
    "problems": ("问题", "Problems"),
    "depth_m": ("深度（米）", "Depth (m)"),
    "distance_m": ("距离（米）", "Distance (m)"),
    "hazard": ("危害程度", "Hazard"),
    "graded_by": ("定级依据", "Graded by"),
    "due_clause": ("期限依据条款", "Clause of the deadline"),
    "hazard.high": ("高", "High"),
    "hazard.medium": ("中", "Medium"),
    "hazard.low": ("低", "Low"),
    "responsible": ("责任单位", "Responsible"),
    "lead_government": ("牵头政府", "Lead government"),
    "departments": ("配合部门", "Departments"),
    "enterprise": ("建设企业", "Building enterprise"),
    "not_signed": ("未会签部门", "Not signed off by"),
    "stage": ("环节", "Stage"),
    "round": ("轮次", "Round"),
    "level": ("验收层级", "Level"),
    "due_at": ("期限", "Due"),
    "opened_at": ("开始", "Opened"),
    "settled_at": ("销号或结转", "Settled"),
    "requirements": ("整治任务数", "Requirements"),
    "requirements_done": ("已完成任务", "Requirements done"),
    "extensions": ("延期次数", "Extensions"),
    "suspensions": ("中止次数", "Suspensions"),
    "carry_reason": ("结转原因", "Reason of carry-over"),
    "yes": ("是", "yes"),
    "key": ("编号", "Key"),
    "issued_at": ("发出", "Issued"),
    "sent_at": ("送达", "Sent"),
    "state": ("状态", "State"),
    "state.drafted": ("待批准", "Drafted"),
    "state.rejected": ("未批准", "Rejected"),
    "state.withdrawn": ("已撤回", "Withdrawn"),
    "state.issued": ("待发送", "Waiting"),
    "state.sent": ("已发送", "Sent"),
    "state.receipted": ("已签收", "Receipted"),
    "state.replied": ("已回复", "Replied"),
    "state.lifted": ("已解除", "Lifted"),
    "state.failed": ("发送失败", "Failed"),
    "title_of_document": ("标题", "Subject"),
    "addressee": ("主送", "Addressee"),
    "sites_listed": ("所列点位", "Sites listed"),
    "stream": ("记录链", "Stream"),
    "seq": ("序号", "No."),
    "at": ("发生时间", "At"),
    "received_at": ("收到时间", "Received"),
    "actor": ("操作人", "Actor"),
    "data": ("内容", "Data"),
    "hash": ("摘要", "Hash"),
    "row": ("行号", "Row"),
    "row_content": ("整行内容", "Whole row"),
    **DOCUMENT_FILE_WORDS,
    **KIND_WORDS,
    **MODE_WORDS,
    **PROGRAMME_WORDS,
    **PHASE_WORDS,
    **RESPONSIBLE_WORDS,
}


class Words:
    """The words of one language: `words("open")`, `words("day_value", day=1, days=107)`.

    A name from data that has no word here (a new kind of document) is shown unchanged.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._column = _COLUMN[language]

    def __call__(self, word: str, **values: object) -> str:
        """The word with its values filled in. Raises KeyError for an unknown word."""
        return _WORDS[word][self._column].format(**values)

    def named(self, family: str, name: str) -> str:
        """The word of a name from data (a stage, a state, a kind); the name itself if it is unknown."""
        known = _WORDS.get(f"{family}.{name}")
        return known[self._column] if known else name

    def family(self, family: str) -> dict[str, str]:
        """All names of a family, with their words."""
        beginning = f"{family}."
        return {
            word.removeprefix(beginning): both[self._column]
            for word, both in _WORDS.items()
            if word.startswith(beginning)
        }

    def listed(self, items: Iterable[str]) -> str:
        """The items in one line, with the language's separator."""
        return ("、" if self.language == "zh-CN" else ", ").join(items)
