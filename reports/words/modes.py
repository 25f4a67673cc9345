"""The report's words of modes, money and land; a part of the catalogue."""

from schemas.modes import FUNDING_WORDS, RESTORATION_WORDS

_ENGLISH = {
    "natural": "Natural",
    "engineering": "Engineering",
    "market": "Market",
    "industry": "Industry",
    "index_trading": "Index trading",
    "land_balance": "Cultivated-land balance",
    "surplus_minerals": "Surplus minerals",
    "fiscal": "Fiscal",
    "enterprise": "Enterprise",
}

MODE_WORDS: dict[str, tuple[str, str]] = {
    **{
        f"mode.{mode.value}": (chinese[0], _ENGLISH[mode.value])
        for mode, chinese in (*RESTORATION_WORDS.items(), *FUNDING_WORDS.items())
    },
    "mode.without": ("未确定", "Without a mode"),
    "modes": ("修复模式与资金", "Restoration modes and money"),
    "modes_note": (
        "计划数按点位现行模式归集；实现数在修复模式下按点位归集，在资金模式下按入账时的资金模式归集。1 公顷 = 15 亩；"
        "公顷数为亩数折算，四舍五入至平方米。",
        "What is planned counts under the modes that hold at its site. What is realised counts under the restoration "
        "mode of its site, and under the funding mode that it was booked under. 1 ha = 15 mu; hectares are worked out "
        "from mu, to the square metre.",
    ),
    "axis.restoration": ("修复模式", "Restoration mode"),
    "axis.funding": ("资金模式", "Funding mode"),
    "axis.city": ("市", "City"),
    "planned_cny": ("计划资金（元）", "Planned (CNY)"),
    "realised_cny": ("实现资金（元）", "Realised (CNY)"),
    "planned_ha": ("计划土地（公顷）", "Planned (ha)"),
    "realised_ha": ("实现土地（公顷）", "Realised (ha)"),
    "planned_mu": ("计划土地（亩）", "Planned (mu)"),
    "realised_mu": ("实现土地（亩）", "Realised (mu)"),
    "realised_t": ("剩余矿产（吨）", "Minerals (t)"),
    "problem": ("问题", "Problem"),
    "costs": ("治理费用", "Costs by problem"),
    "cost_cny": ("费用（元）", "Cost (CNY)"),
    "counterpart": ("交易对方", "Counterpart"),
    "certificate": ("凭证证书", "Certificate"),
    "price": ("单价（元/吨）", "Price (CNY/t)"),
    "proceeds": ("价款（元）", "Proceeds (CNY)"),
    "measure.t": ("吨", "t"),
    "realised_share": ("实现率", "Realised"),
    "sheet.modes": ("修复模式", "Modes"),
    "sheet.bookings": ("资金土地台账", "Bookings"),
    "axis": ("口径", "By"),
    "mode": ("模式", "Mode"),
    "amount": ("数额", "Amount"),
    "measure": ("单位", "Unit"),
    "measure.cny": ("元", "CNY"),
    "measure.ha": ("公顷", "ha"),
    "measure.mu": ("亩", "mu"),
    "reference": ("凭证", "Reference"),
    "note": ("备注", "Note"),
}
