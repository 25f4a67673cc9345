"""The report's words of a programme over years; a part of the catalogue."""

PROGRAMME_WORDS: dict[str, tuple[str, str]] = {
    "programme.report": ("多年度治理情况报告", "Programme report"),
    "programme.years": ("各年度情况", "The years"),
    "programme.year": ("年度专项行动", "Campaign of the year"),
    "programme.stock": ("年初存量（公顷）", "Stock (ha)"),
    "programme.sites": ("存量点位", "Sites of the stock"),
    "programme.target": ("年度任务（公顷）", "Target (ha)"),
    "programme.chosen": ("入选（公顷）", "Chosen (ha)"),
    "programme.done": ("完成（公顷）", "Done (ha)"),
    "programme.carried_over": ("结转（公顷）", "Carried over (ha)"),
    "programme.kept": ("年度目标", "Target kept"),
    "programme.yes": ("完成", "yes"),
    "programme.no": ("未完成", "no"),
    "programme.open": ("—", "—"),
    "programme.silent": ("未报送排查结果", "Surveys missing"),
    "programme.places": ("任务分解与完成情况", "Targets and results by county"),
    "programme.city": ("市", "City"),
    "programme.county": ("县（市、区）", "County"),
    "programme.all_years": ("各年度合计（按市）", "All years, by city"),
    "programme.differs": ("任务与入选面积不一致", "Target differs from what was chosen"),
}
