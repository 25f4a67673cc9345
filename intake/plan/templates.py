"""Reads a plan's own templates from their folder into the plan, or reports all their faults."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from intake.files.faults import Fault, read_bytes
from intake.files.wording import UTF8
from intake.files.yaml_text import Loc, YamlText, read_yaml
from intake.plan import wording
from rendering.template_checks import check_layout, check_sentence, known_keys, sentences_of
from rendering.template_syntax import Finding

WORDING = "wording.yaml"
PAGE = "document.html.j2"
TEXT = "document.txt.j2"

_IGNORED_PREFIXES = ("readme", ".")
"""Prefixes of file names that the folder may contain besides the templates."""

_MAX_BYTES = 128 * 1024
"""The templates are frozen with the plan and are part of every message that contains the plan."""


def read_templates(plan: YamlText, beside: Path) -> tuple[dict[str, Any] | None, list[Fault]]:
    """The plan's `templates` as a value for `schemas.plan.Templates`, and their faults; None if the plan has none.

    The plan names a folder relative to `beside`, the folder of the plan file.
    """
    named = plan.at(("templates",))
    if named is None:
        return None, []
    loc: Loc = ("templates",)
    if not isinstance(named, str):
        return None, [plan.fault(loc, "", wording.TEMPLATE_FOLDER)]
    folder = beside / named
    if not folder.is_dir():
        return None, [plan.fault(loc, named, wording.TEMPLATE_FOLDER)]
    names = sorted(path.name for path in folder.iterdir())
    faults = [
        Fault(f"{named}/{name}", name, wording.TEMPLATE_FILES)
        for name in names
        if name not in (WORDING, PAGE, TEXT) and not name.lower().startswith(_IGNORED_PREFIXES)
    ]
    if not {WORDING, PAGE, TEXT} & set(names):
        return None, [plan.fault(loc, named, wording.TEMPLATE_FOLDER), *faults]
    large = [name for name in names if name in (WORDING, PAGE, TEXT) and (folder / name).stat().st_size > _MAX_BYTES]
    if large:
        return None, [*faults, *(Fault(name, "", wording.at_most_bytes(_MAX_BYTES)) for name in large)]
    language = str(plan.at(("language",)) or "zh-CN")
    if language not in ("zh-CN", "en"):
        language = "zh-CN"  # the plan's own fault reports it already
    templates: dict[str, Any] = {}
    if WORDING in names:
        text = read_yaml(folder / WORDING)
        faults += text.faults
        if not text.faults:
            faults += _wording_faults(text, language)
            templates["wording"] = text.tree
    for field, name in (("html", PAGE), ("text", TEXT)):
        if name in names:
            templates[field], found = _layout(folder / name, language)
            faults += found
    return templates, faults


def _layout(path: Path, language: str) -> tuple[str, list[Fault]]:
    content = read_bytes(path)
    try:
        source = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", [Fault(path.name, "", UTF8, line=content.count(b"\n", 0, error.start) + 1)]
    found = check_layout(language, source, html=path.name == PAGE)
    return source, [Fault(path.name, one.value, one.expected, line=one.line) for one in found]


def _wording_faults(text: YamlText, language: str) -> Iterator[Fault]:
    if not isinstance(text.tree, dict):
        yield Fault(text.file, str(text.tree or ""), wording.SENTENCES)
        return
    for kind, sentences in text.tree.items():
        builtin = sentences_of(language, kind)
        if builtin is None:
            known = known_keys(language)
            yield text.fault((kind,), kind, wording.sentence_key(known, get_close_matches(kind, known, n=1)))
        elif not isinstance(sentences, dict):
            yield text.fault((kind,), str(sentences or ""), wording.SENTENCES)
        else:
            for name, value in sentences.items():
                yield from _sentence_faults(text, language, (kind, name), value, builtin)


def _sentence_faults(text: YamlText, language: str, loc: Loc, value: Any, builtin: dict[str, Any]) -> Iterator[Fault]:
    kind, name = str(loc[0]), str(loc[1])
    if name not in builtin:
        known = sorted(builtin)
        yield text.fault(loc, name, wording.sentence_name(kind, known, get_close_matches(name, known, n=1)))
        return
    if isinstance(builtin[name], str):
        sentences: dict[Loc, Any] = {loc: value}
    elif not isinstance(value, list):
        yield text.fault(loc, str(value or ""), wording.SENTENCE_LIST)
        return
    else:
        sentences = {(*loc, index): one for index, one in enumerate(value)}
        if kind == "words" and len(value) != len(builtin[name]):
            yield text.fault(loc, f"a list of {len(value)}", wording.sentences_exactly(len(builtin[name])))
        elif not value and builtin[name]:
            yield text.fault(loc, "", wording.NO_SENTENCE)
    for at, sentence in sentences.items():
        if not isinstance(sentence, str):
            yield text.fault(at, "", wording.SENTENCE)
        else:
            yield from (_fault(text, at, one) for one in check_sentence(language, kind, name, sentence))


def _fault(text: YamlText, loc: Loc, finding: Finding) -> Fault:
    fault = text.fault(loc, finding.value, finding.expected)
    line = text.line_inside(loc, finding.line, finding.value)
    return Fault(fault.file, fault.value, fault.expected, path=fault.path, line=line)
