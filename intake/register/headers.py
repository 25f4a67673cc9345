"""The headers of the register's columns, in English and Chinese."""

from schemas.identity import folded


def _areas(*units: str) -> tuple[str, ...]:
    """The headers of areas in a unit: `面积(亩)`, `占地面积(亩)`, `area (mu)`, ..."""
    kinds = ("面积", "占地面积", "图斑面积", "损毁面积", "破坏面积", "治理面积", "area")
    return tuple(f"{kind}({unit})" for unit in units for kind in kinds)


def _places(name: str) -> tuple[str, ...]:
    """The headers of a coordinate with its datum."""
    return tuple(f"{name}({datum})" for datum in ("WGS84", "CGCS2000", "GCJ02", "BD09"))


FIELDS: dict[str, tuple[str, ...]] = {
    "id": ("id", "点位编号", "site id", "site code", "编号", "点位编码", "图斑编号", "图斑号"),
    "name": ("name", "名称", "点位名称", "site name", "site", "图斑名称", "矿山名称"),
    "city": ("city", "市代码", "市", "city code", "地市", "地级市", "市级代码", "所在市", "设区市"),
    "county": ("county", "县代码", "县", "county code", "区县", "县区", "县(市、区)", "县级代码", "所在县", "区县代码"),
    "township": ("township", "乡镇", "乡镇(街道)", "所在乡镇", "乡镇代码", "镇"),
    "latitude": ("latitude", "纬度", "lat", "北纬", "纬度(°)", *_places("纬度")),
    "longitude": ("longitude", "经度", "lon", "lng", "long", "东经", "经度(°)", *_places("经度")),
    "type": ("type", "类型", "site type", "点位类型", "矿山类型", "开采方式"),
    "mineral": ("mineral", "矿种", "commodity", "开采矿种"),
    "coordinates": ("coordinates", "坐标系", "datum", "坐标系统", "坐标基准", "大地基准"),
    "area_ha": ("area_ha", "面积(公顷)", "area (ha)", "hectares", *_areas("公顷", "ha", "hm2"), "公顷"),
    "area_mu": ("area_mu", *_areas("亩", "mu"), "亩", "亩数"),
    "area_m2": ("area_m2", *_areas("平方米", "m2", "平米"), "平方米"),
    "area_km2": ("area_km2", *_areas("平方公里", "km2", "平方千米")),
    "depth_m": ("depth_m", "深度(米)", "depth (m)", "深度(m)", "井深(米)", "井深(m)", "坑深(米)", "采深(米)", "深度"),
    "distance_m": (
        "distance_m",
        "距离(米)",
        "distance (m)",
        "距离(m)",
        "距居民点距离(米)",
        "距道路距离(米)",
        "距居民点或道路(米)",
        "距离",
    ),
    "problems": ("problems", "问题", "problem", "存在问题", "主要问题", "问题清单"),
    "hazard": ("hazard", "隐患等级", "hazard level", "风险等级", "隐患级别", "危险等级"),
    "responsible": ("responsible", "责任方", "responsible parties", "责任单位", "责任主体", "责任人"),
    "responsible_person": ("responsible_person", "责任人编号", "responsible person", "责任人代码", "责任人工号"),
    "lead_government": ("lead_government", "牵头政府", "lead government", "政府牵头单位", "牵头人民政府"),
    "departments": ("departments", "配合部门", "coordinating departments", "协同部门", "配合单位", "会签部门"),
    "enterprise": ("enterprise", "建设企业", "building enterprise", "施工企业", "承建企业", "实施企业"),
    "newly_found": ("newly_found", "新发现", "new find", "是否新发现", "新发现点位", "新发现图斑"),
    "restoration_mode": ("restoration_mode", "修复模式", "restoration mode", "修复方式", "治理模式"),
    "funding_mode": ("funding_mode", "资金模式", "funding mode", "资金来源", "资金渠道"),
    "planned_cny": ("planned_cny", "计划资金(元)", "planned CNY", "计划投资(元)", "计划投入(元)"),
    "planned_wan": ("planned_wan", "计划资金(万元)", "计划投资(万元)", "计划投入(万元)"),
    "planned_ha": ("planned_ha", "计划土地(公顷)", "planned ha", "计划指标(公顷)"),
    "planned_mu": ("planned_mu", "计划土地(亩)", "planned mu", "计划指标(亩)"),
    "missed": ("missed", "漏报", "是否漏报", "漏报点位", "漏报图斑"),
}
"""Field to its accepted headers, in order of preference: columns of codes precede columns of names."""

UNITS: dict[str, tuple[str, str]] = {
    "area_mu": ("area_ha", "亩"),
    "area_m2": ("area_ha", "m2"),
    "area_km2": ("area_ha", "km2"),
    "planned_wan": ("planned_cny", "万元"),
}
"""Columns of another unit: the field that they are read as, and the unit of a cell that has none."""

REQUIRED = ("id", "name", "city", "county", "latitude", "longitude", "type")


def plain_header(text: str) -> str:
    """A header normalised for comparison: width, case, spaces, dashes and underscores do not matter."""
    return folded(text).replace("_", "").replace("-", "")
