"""The report's words on who is responsible for sites and who builds them; a part of the catalogue."""

RESPONSIBLE_WORDS: dict[str, tuple[str, str]] = {
    "responsible_unit": ("责任单位（现）", "Responsible unit (now)"),
    "responsible_person": ("责任人编号", "Responsible person"),
    "not_receipted": ("移交未签收", "Handed over, not receipted"),
    "builder": ("实施单位（现）", "Built by (now)"),
    "by_county": ("县代为治理", "The county, in the enterprise's place"),
    "owed": ("代为治理费用（元）", "Owed to the county (CNY)"),
    "owed_note": (
        "代为治理费用（应向原实施企业追偿，元）：{owed}。",
        "Spent by counties in the place of enterprises, to be recovered (CNY): {owed}.",
    ),
}
