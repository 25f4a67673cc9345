"""Sample documents of every kind, in each language: `check` renders the templates of a plan with them."""

from datetime import UTC, date, datetime
from typing import Any

from schemas.actor import Role
from schemas.calendar import Calendar, Clause, DayUnit
from schemas.documents.delivery import NoticeLine
from schemas.documents.document import Progress
from schemas.ladder import Instrument
from schemas.ledger import DocumentDraft
from schemas.offices import Agency, City, Recipient
from schemas.plan import (
    CatalogueEntry,
    Clauses,
    FrozenPlan,
    Phase,
    Plan,
    Templates,
    Verification,
    VerificationLevel,
)  # fmt: skip

DUE = "2021-08-31T16:00:00+00:00"
"""The midnight that ends 31 August in Shanghai, in the notation of a city's documents."""

DUE_ON = "2021-08-31"
"""The same deadline in the notation of a site's notice."""

ISSUED_AT = datetime(2021, 9, 3, 1, tzinfo=UTC)
"""09:00 in Shanghai."""

CITY = "410400"

_KEY = "city/henan-2021/410400:supervision_order:2:2021-09-01"
_NUMBER = "豫自然资督〔2021〕12号"
_UNANSWERED = {
    "documents": [
        {
            "number": _NUMBER,
            "kind": "supervision_order",
            "issued_on": "2021-09-01",
            "due": DUE,
            "units": ["专班办公室"],
        },
        {"number": None, "kind": "no_deployment", "issued_on": "2021-08-30", "due": DUE, "units": ["A", "B"]},
    ]
}
_SILENT_COUNTIES = [
    {"unit": "410423", "name": "鲁山县", "due": DUE},
    {"unit": "410423/01", "name": "示例镇", "due": DUE},
]
_CALL = {
    "call": "410423-1", "caller": "鲁山县", "department": "县林业局（示例）", "matter": "核定林地范围。",
    "site": "PDS-001", "due": DUE,
}  # fmt: skip
_COUNTS = {"sites": 30, "closed": 12, "overdue": 4, "requirements": 240, "requirements_done": 131}
_NONE = dict.fromkeys(_COUNTS, 0)
_FEW = {"sites": 2, "closed": 0, "overdue": 1, "requirements": 0, "requirements_done": 0}
_CITY = {"code": CITY, "name": "平顶山市", "rank": 1, "score": "83.25", "baseline": _COUNTS, "newly_found": _FEW} | {
    "suspensions": {"sites_by_city": 3, "days_by_city": 12.5, "sites_by_province": 1, "days_by_province": 4.0}
}
_UNRANKED = {"code": "410600", "name": "鹤壁市", "rank": None, "score": None, "baseline": _NONE, "newly_found": _NONE}
_COUNTY = {
    "code": "410402",
    "name": "新华区",
    "level": "county",
    "city": CITY,
    "rank": 1,
    "score": "80.00",
    "baseline": _COUNTS,
}
_IDLE = _COUNTY | {
    "code": "410404",
    "name": "石龙区",
    "rank": None,
    "score": None,
    "nothing_done": True,
    "baseline": _FEW,
}
_BRIEFING = {
    "week": 7,
    "cutoff": "2021-09-03T10:00:00Z",
    "as_of": "2021-09-03T10:00:00Z",
    "formula": "hundred-days/ranking/2",
    "base": 5,
    "weights": {"closure": 0.4, "punctuality": 0.2, "work": 0.2, "relapses": 0.1, "returns": 0.1},
    "cities": [_CITY, _UNRANKED],
    "total_baseline": _COUNTS,
    "total_newly_found": _FEW,
    "bottom": [CITY],
    "levels": ["city", "county"],
    "below": [{"level": "county", "units": [_COUNTY, _IDLE]}],
}

_HALF = {"sites": 2, "ha": "36.5"}
_ALL = {"sites": 4, "ha": "73"}
_PLACE = {"city": "平顶山市", "county": "鲁山县", "target": "40", "chosen": _HALF, "closed": _HALF}
_YEAR = {
    "campaign": "basin-2021", "year_no": 1, "year_starts_on": "2021-03-01", "year_ends_on": "2021-05-31",
    "target_ha": "40", "places": [_PLACE],
}  # fmt: skip

PROGRAMME: dict[str, dict[str, Any]] = {
    "year_task": {
        **_YEAR, "stock": _ALL, "chosen": _HALF, "carried_in": _HALF, "share": "30", "last": False,
        "silent": ["平顶山市"], "differing": [_PLACE], "cities": [CITY],
    },
    "stock_survey_overdue": {
        "campaign": "basin-2021", "year_no": 1, "cities": [CITY], "names": ["平顶山市"], "due": DUE,
        "year_starts_on": "2021-03-01", "running": False,
    },
    "year_report": {
        **_YEAR, "stock": _ALL, "closed": _HALF, "carried_over": _HALF, "found": _HALF, "left": _HALF,
        "year_share": "50", "met": False, "missed": [_PLACE],
    },
    "programme_report": {
        "treated": _ALL, "left": _HALF, "in_time": False, "stopped": None,
        "years": [{"campaign": "basin-2021", "stock": _ALL, "closed": _HALF, "carried_over": _HALF, "met": False}],
    },
}  # fmt: skip
"""The data of a programme's documents, which have no city."""
_LACKING = [
    {"check": "deployments_approved", "city": CITY, "have": 0, "wanted": 1, "of": 1},
    {"check": "closed", "have": 40, "wanted": 55, "of": 82, "per_cent": 66.6, "lagging": [CITY]},
    {"check": "sites_surveyed", "have": 82, "wanted": 82, "of": 82, "rounds": ["S2"]},
]
_CLAUSE = {"name": "clauses.rectification", "amount": 30, "unit": "calendar_days"}
_VARIED = [
    {"sites": 2, "due": DUE, "clauses": {"due": {**_CLAUSE, "name": "variations[0].rectification", "amount": 10}}}
]

WITHOUT_SITES: dict[str, dict[str, Any]] = {
    "plan_issue": {"receipt_due": "2021-07-19T16:00:00Z", "deployment_due": "2021-07-26T16:00:00Z"},
    "closing_report": {"closed": 70, "carried_over": 1},
    **PROGRAMME,
    "receipt_overdue": {"due": DUE},
    "deployment_overdue": {"due": DUE},
    "deployment_returned": {"due": DUE, "reason": "1. No sites named.\n2. No dates."},
    "deployment_approved": {},
    "amendment": {
        "document": "豫自然资发〔2021〕9号", "name": "补充通知", "counts_from": "2021-09-02", "receipt_due": DUE,
        "deployment_due": DUE,
    },
    "target_change": {
        "document": "豫自然资发〔2021〕9号", "name": "补充通知", "unit": "ha",
        "targets": [{"before": 86, "after": 90.5}, {"county": "410402", "before": None, "after": 90.5}],
    },
    "decision_overdue": {"due": DUE},
    "phase_summary": {
        "phase": "sweep", "ended_on": "2021-08-06", "as_of": "2021-08-06T16:00:00+00:00", "gate": True,
        "cities": [
            {"code": CITY, "name": "平顶山市", "deployed": True, "sites": 30, "in_work": 20, "closed": 9,
             "hectares": 51.87, "hectares_closed": 12.5},
            {"code": "410600", "name": "鹤壁市", "deployed": False, "sites": 16, "in_work": 0, "closed": 0,
             "hectares": 40.84, "hectares_closed": 0},
        ],
        "milestones": [
            {"city": CITY, "measure": "sites", "per_cent": 30, "have": 9, "of": 30, "kept": True},
            {"city": CITY, "measure": "hectares", "per_cent": 33.3, "have": 12.5, "of": 51.87, "kept": False},
        ],
        "lacking": _LACKING,
    },
    "gate_overdue": {"phase": "sweep", "ended_on": "2021-08-06", "held": "sweep", "step": 1, "lacking": _LACKING},
    "county_receipt_overdue": {"counties": _SILENT_COUNTIES},
    "county_deployment_overdue": {"counties": _SILENT_COUNTIES},
    "county_decision_overdue": {"counties": _SILENT_COUNTIES},
    "county_deployment_returned": {"due": DUE, "reason": "1. No sites named.\n2. No dates."},
    "county_deployment_approved": {"opens": True},
    "county_rectification_notice": {"sites": 12, "due": DUE},
    "department_call": _CALL,
    "call_overdue": {"calls": [_CALL, {**_CALL, "call": "410423-2", "site": None}]},
    "rectification_notice": {"sites": 12, "due": DUE, "clauses": {"due": _CLAUSE}, "varied": _VARIED},
    "survey_notice": {
        "survey": "S2", "sites": 5, "newly_found": 3, "missed": 2, "due": DUE, "clauses": {"due": _CLAUSE},
        "varied": _VARIED,
    },
    "high_hazard_list": {
        "count": 2,
        "lines": [
            {
                "site": "PDS-001", "name": "一号矿", "county": "鲁山县", "stage": "rectifying", "due": DUE,
                "suspended": True, "responsible": ["县自然资源局"], "clauses": {"due": _CLAUSE},
            },
            {
                "site": "PDS-002", "name": "二号矿", "county": "鲁山县", "stage": "verifying", "due": None,
                "suspended": False, "responsible": [], "clauses": {},
            },
        ],
    },
    "patch_check": {
        "batch": "B1", "source": "GF-2 2021-07", "due": DUE,
        "patches": [{"patch": "TB-002", "county": "410423", "place": "北坡", "due": DUE},
                    {"patch": "TB-001", "county": "410422", "place": "东沟", "due": DUE}],
    },
    "clue_check": {
        "clue": "C-1", "county": "410423", "matter": "旧案卷提到一处盗采点", "reference": "〔2016〕8号", "due": DUE,
    },
    "patches_overdue": {
        "patches": [{"patch": "TB-001", "county": "410422", "place": None, "due": DUE},
                    {"patch": "TB-002", "county": "410423", "place": None, "due": DUE}],
    },
    "sweep_summary": {"batch": "B1", "source": "GF-2 2021-07", "issued": 9, "confirmed": 5, "known": 1, "refuted": 3},
    "document_receipt_overdue": _UNANSWERED,
    "reply_overdue": _UNANSWERED,
    "lifting_overdue": _UNANSWERED,
    "patrol_overdue": {
        "duties": [{"duty": "patrol", "title": "日常巡查", "due": DUE_ON, "periods": 2}],
        "look_backs": [{"site": "PDS-001", "requirement": "seal-adit", "due": DUE_ON}],
    },
    "meeting_minutes": {
        "meeting": 2, "group": "联合执法领导小组", "held_on": DUE_ON,
        "attended": ["水利局", "公安局"], "absent": ["林业局"],
        "note": "研究巡查发现的问题。",
        "resolutions": [{"number": 3, "what": "加密夜间巡查", "unit": "公安局", "due": DUE_ON}],
    },
    "case_referral": {
        "finding": 4, "site": "PDS-001", "what": "夜间盗采", "note": "现场照片3张",
        "group": "联合执法领导小组", "due": DUE_ON,
    },
    "group_overdue": {
        "items": [
            {"sort": "resolution", "number": 3, "what": "加密夜间巡查", "unit": "公安局", "due": DUE_ON},
            {"sort": "case", "number": 4, "what": "夜间盗采", "unit": "公安局", "due": DUE_ON},
        ],
    },
    "approval_overdue": {
        "document": "supervision_order", "rung": 2, "count": 2, "due": DUE, "approver": "厅务会", "key": _KEY,
    },
    "signature_overdue": {
        "document": "circular", "rung": 3, "count": 2, "agencies": ["省公安厅", "B"], "due": DUE, "step": 1,
        "key": _KEY, "name": "豫自然资发〔2021〕9号",
    },
    "no_receipt": {"instrument": "reminder_letter", "due": DUE},
    "no_deployment": {"instrument": "supervision_order", "due": DUE},
    "bottom_of_ranking": {
        "instrument": "interview", "due": None, "weeks": [3, 4], "rank": 4, "of": 4,
        "units": [{"level": "county", "code": "410402", "name": "新华区"}],
    },
    "briefing": _BRIEFING,
}  # fmt: skip
"""The data of documents that list no sites."""

ABOUT_ANOTHER: dict[str, dict[str, Any]] = {
    "approval_request": {"document": "supervision_order", "rung": 2, "count": 2, "due": DUE, "key": _KEY},
    "signature_request": {
        "document": "supervision_order", "rung": 2, "count": 2, "agencies": ["省公安厅"], "due": DUE, "key": _KEY,
        "name": "豫自然资发〔2021〕9号",
    },
    "publication": {"document": _NUMBER, "kind": "listed_supervision", "key": _KEY},
    "lifting": {
        "document": _NUMBER, "kind": "listed_supervision", "lifted_on": "2021-10-11", "reason": "验收合格",
        "key": _KEY, "published": True,
    },
}  # fmt: skip
"""The data of documents that list the sites of another document."""

WITH_SITES: dict[str, dict[str, Any]] = {
    "regrading": {
        "hazard": "high", "before": "medium", "by": "平顶山市", "reason": "The pit wall moves.", "due": DUE_ON,
        "clauses": {"due": _CLAUSE},
    },
    "reminder": {
        "due": DUE_ON, "days_before": 7, "round": 1, "responsible": ["鲁山县", "P-0417"], "clauses": {"due": _CLAUSE},
    },
    "reminder_yellow": {"due": DUE_ON, "days_before": 3, "round": 1},
    **{instrument.value: {"due": DUE_ON, "round": 2, "exhausted": False} for instrument in Instrument},
    "rectification_opinion": {
        "opinion": "The seal is 12 cm thick.", "failed_requirements": ["seal-adit"], "due": DUE_ON, "round": 2,
        "level": "county", "problem": None,
    },
    "acceptance_overdue": {"level": "county", "due": DUE_ON, "missing": ["expert-2"]},
    "sign_off_overdue": {
        "departments": ["县自然资源局", "县生态环境局"], "lead_government": "县人民政府", "due": DUE_ON, "round": 1,
    },
    "rounds_exhausted": {"round": 3},
    "problem_closure": {"problem": "adit_open", "level": "county", "round": 1},
    "closure": {"level": "county", "round": 1},
    "reopening": {
        "cause": "relapse", "reason": "The seal was broken open.", "failed_requirements": ["seal-adit"], "due": DUE_ON,
        "round": 2,
    },
    "spot_check_result": {
        "check": "2021-09-24-410400", "outcome": "failed", "opinion": "The seal is 12 cm thick.",
        "failed_requirements": ["seal-adit"], "enlarged": True,
    },
    "city_suspension": {
        "suspended_on": "2021-09-01", "suspended_to": "2021-09-20", "basis": "flood", "reason": "Rain.", "times": 2,
    },
    "suspension_order": {
        "suspended_on": "2021-09-01", "suspended_to": "2021-09-20", "basis": "flood", "reason": "Rain.",
        "order": "410400-suspension-1",
    },
    "resumption_order": {"resumed_on": "2021-09-12", "reason": "The rain is over.", "due": DUE_ON},
    "carry_over": {"reason": "The campaign has ended.", "round": 1, "case": "transferred"},
    "extension_request": {"asked_until": "2021-09-20", "reason": "Rain.", "due": DUE_ON},
    "extension_overdue": {"decider": "专班办公室", "step": 1, "due": DUE_ON},
    "responsible_missing": {"due": DUE_ON, "step": 1, "responsible": ["鲁山县", ""]},
    "take_over_overdue": {
        "due": DUE_ON, "step": 2, "unit": "示例乡", "person": "P-0552", "requirement": "seal-adit",
        "responsible": ["鲁山县", "P-0417"],
    },
    "replacement_request": {
        "old": "示例矿业", "new": "示例建设", "cause": "bankrupt", "reason": "Bankrupt.", "due": DUE_ON,
    },
    "replacement_undecided": {"decider": "专班办公室", "step": 1, "due": DUE_ON},
    "replacement_decision": {"approved": True, "reason": "It has begun.", "old": "示例矿业", "new": "示例建设"},
    "works_taken_over": {"old": "示例矿业", "cause": "withdrawn", "reason": "It has left."},
    "cost_notice": {"enterprise": "示例矿业", "amount": "82000", "total": "82000", "voucher": "发票31"},
    "extension_decision": {"granted": False, "reason": "The work could have begun.", "due": DUE_ON},
    "case_transfer_overdue": {"due": DUE_ON},
    "case_decision_overdue": {"case": "transferred", "bureau": "市公安局", "reference": "移〔2021〕3号", "due": DUE_ON},
}  # fmt: skip
"""The data of each line of documents that list sites."""

DATA: dict[str, dict[str, Any]] = WITHOUT_SITES | ABOUT_ANOTHER | WITH_SITES

OF_THE_CAMPAIGN = frozenset({"closing_report", *PROGRAMME})

OPTIONAL = frozenset(
    {
        "due", "reason", "opinion", "weeks", "rank", "of", "failed_requirements", "case", "reference",
        "missing", "exhausted", "problem", "basis", "suspended_to", "name", "responsible",
    }
)  # fmt: skip
"""Optional data of a document or a line."""

_NULLABLE: dict[str, frozenset[str]] = {
    "publication": frozenset({"document"}), "lifting": frozenset({"document", "reason"}),
    "sign_off_overdue": frozenset({"lead_government"}),
    "case_referral": frozenset({"site"}),
    "take_over_overdue": frozenset({"requirement"}),
    "replacement_request": frozenset({"old", "new"}), "replacement_undecided": frozenset({"decider"}),
    "replacement_decision": frozenset({"old", "new"}),
    "amendment": frozenset({"receipt_due", "deployment_due"}),
    "department_call": frozenset({"site"}),
}  # fmt: skip


def frozen_plan(language: str = "zh-CN", templates: Templates | None = None, **changes: Any) -> FrozenPlan:
    """A plan of one city, in either language."""
    chinese = language == "zh-CN"
    working_days = Clause(amount=5, unit=DayUnit.WORKING_DAYS)
    fields: dict[str, Any] = {
        "id": "henan-2021",
        "title": "露天矿山百日集中整治工作方案" if chinese else "Work Plan for the Hundred Days",
        "document_number": "豫自然资发〔2021〕1号",
        "issuing_agencies": (
            Agency(name="省自然资源厅" if chinese else "Department of Natural Resources", email="land@prov.example"),
            Agency(name="省公安厅" if chinese else "Department of Public Security"),
        ),
        "province": "河南省" if chinese else "Henan",
        "language": language,
        "starts_on": date(2021, 7, 17),
        "ends_on": date(2021, 10, 31),
        "phases": (
            Phase(
                id="sweep",
                title="排查阶段" if chinese else "Sweep",
                starts_on=date(2021, 7, 17),
                ends_on=date(2021, 8, 6),
            ),
        ),
        "clauses": Clauses(deployment=working_days, rectification=working_days, re_rectification=working_days),
        "catalogue": (CatalogueEntry(id="seal-adit", title="封堵硐口" if chinese else "Seal the adit", unit="m"),),
        "cities": (
            City(
                code=CITY,
                name="平顶山市" if chinese else "Pingdingshan",
                lead="市人民政府" if chinese else "Municipal Government",
                recipients=(
                    Recipient(name="专班办公室" if chinese else "Task Office", email="office@city.example"),
                    Recipient(name="值班室" if chinese else "Duty Room"),
                ),
            ),
        ),
        "verification": Verification(
            levels=(
                VerificationLevel(id="county", by=Role.COUNTY, title="县级验收" if chinese else "County acceptance"),
            )
        ),
        "templates": templates,
    }
    return FrozenPlan(
        plan=Plan.model_validate(fields | changes), calendar=Calendar(time_zone="Asia/Shanghai"), digest="0" * 64
    )


def draft(kind: str, sites: tuple[str, ...] = (), **changes: Any) -> DocumentDraft:
    """A draft of this kind, issued on 3 September 2021."""
    fields: dict[str, Any] = {
        "key": f"city/henan-2021/410400:{kind}:0:2021-09-03",
        "city": "" if kind in OF_THE_CAMPAIGN else CITY,
        "kind": kind,
        "rung": 0,
        "issued_at": ISSUED_AT,
        "sites": () if kind in WITHOUT_SITES else sites,
        "data": {} if kind in WITH_SITES else DATA[kind],
    }
    return DocumentDraft.model_validate(fields | changes)


def lines(kind: str, count: int = 2, **changes: Any) -> tuple[NoticeLine, ...]:
    """The lines of a document that lists sites; empty for other kinds."""
    if kind in WITHOUT_SITES:
        return ()
    data = WITH_SITES.get(kind, WITH_SITES["supervision_order"])
    fields: dict[str, Any] = {"name": "一号硐口", "county": "鲁山县", "data": data}
    return tuple(
        NoticeLine.model_validate({"site_id": f"PDS-{one:03}"} | fields | changes) for one in range(1, count + 1)
    )


def whole_progress() -> Progress:
    """A progress with every deadline set, so that all requests are rendered."""
    due = datetime(2021, 9, 6, 16, tzinfo=UTC)
    return Progress(
        approver="厅务会", approval_due=due, units=("专班办公室", "Duty Room"), receipt_due=due, reply_due=due,
        publishes_at=datetime(2021, 9, 10, 1, tzinfo=UTC),
    )  # fmt: skip


def variants(kind: str) -> tuple[tuple[DocumentDraft, tuple[NoticeLine, ...]], ...]:
    """Two samples of a kind: with all optional data, and without any."""
    full = draft(kind, number=None if kind == "plan_issue" else _NUMBER, progress=whole_progress())
    bare = draft(kind, data=_bare(kind, full.data))
    few = tuple(line.model_copy(update={"data": _bare(kind, line.data)}) for line in lines(kind, count=1))
    return ((full, lines(kind)), (bare, few))


def _bare(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    nothing = dict.fromkeys(_NULLABLE.get(kind, frozenset()) & data.keys())
    return {name: value for name, value in data.items() if name not in OPTIONAL} | nothing
