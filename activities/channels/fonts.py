"""Finds a font with Chinese characters: a package's first, so that every machine presses alike, then the system's.

The package is pylopdf-fonts-zh-cn: Noto Serif SC and Noto Sans SC, 20 MB, under the SIL Open Font License 1.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

PACKAGE = "pylopdf_fonts_zh_cn"

CHINESE = (
    "Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "FangSong", "STFangsong",
    "FZFangSong-Z02S", "SimSun", "NSimSun", "STSong", "Songti SC", "AR PL UMing CN", "AR PL SungtiL GB",
    "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC",
    "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback",
)  # fmt: skip
"""Families that have the characters of official documents, the best for print first."""

LATIN = ("Libertinus Serif",)
"""Comes with typst itself."""


@dataclass(frozen=True)
class Typefaces:
    """Fonts at hand; `families` are those to print with, in this order; `chinese` if one of them has Chinese."""

    fonts: "typst.Fonts"
    families: tuple[str, ...]
    chinese: bool


def find_typefaces(folders: Sequence[Path] | None = None, *, system: bool = True) -> Typefaces:
    """The typefaces to print with; `folders` are by default that of the package.

    Raises:
        ImportError: typst is not installed.
    """
    import typst

    for where, with_system in ((_packaged() if folders is None else folders, False), ((), system)):
        if not where and not with_system:
            continue
        fonts = typst.Fonts(
            include_system_fonts=with_system, include_embedded_fonts=True, font_paths=[str(one) for one in where]
        )
        known = set(fonts.families())
        found = tuple(family for family in CHINESE if family in known)
        if found:
            return Typefaces(fonts, (*found[:2], *LATIN), chinese=True)
    return Typefaces(typst.Fonts(include_system_fonts=False, include_embedded_fonts=True), LATIN, chinese=False)


def _packaged() -> tuple[Path, ...]:
    spec = find_spec(PACKAGE)
    return tuple(Path(one) for one in (spec.submodule_search_locations or ())) if spec else ()
