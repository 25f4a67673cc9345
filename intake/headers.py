"""The register's columns as their writers head them, in English and Chinese."""

import unicodedata

FIELDS: dict[str, tuple[str, ...]] = {
    "id": ("id", "点位编号", "site id", "site code", "编号", "点位编码", "图斑编号", "图斑号"),
    "name": ("name", "名称", "点位名称", "site name", "site", "图斑名称", "矿山名称"),
    "city": ("city", "市代码", "市", "city code", "地市", "地级市", "市级代码", "所在市", "设区市"),
    "county": ("county", "县代码", "县", "county code", "区县", "县区", "县(市、区)", "县级代码", "所在县", "区县代码"),
    "latitude": ("latitude", "纬度", "lat", "北纬", "纬度(°)", "纬度(WGS84)"),
    "longitude": ("longitude", "经度", "lon", "lng", "long", "东经", "经度(°)", "经度(WGS84)"),
    "type": ("type", "类型", "site type", "点位类型", "矿山类型", "开采方式"),
    "mineral": ("mineral", "矿种", "commodity", "开采矿种"),
    "area_ha": ("area_ha", "面积(公顷)", "area (ha)", "hectares", "面积(ha)", "占地面积(公顷)", "公顷"),
    "problems": ("problems", "问题", "problem", "存在问题", "主要问题", "问题清单"),
    "hazard": ("hazard", "隐患等级", "hazard level", "风险等级", "隐患级别", "危险等级"),
    "responsible": ("responsible", "责任方", "responsible parties", "责任单位", "责任主体", "责任人"),
    "newly_found": ("newly_found", "新发现", "new find", "是否新发现", "新发现点位", "新发现图斑"),
}
"""Field to its headers, the preferred first: a column of codes goes before a column of names."""

REQUIRED = ("id", "name", "city", "county", "latitude", "longitude", "type")


def plain_header(text: str) -> str:
    """A header as it is compared: width, case, spaces and underscores do not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if not c.isspace() and c not in "_-")
