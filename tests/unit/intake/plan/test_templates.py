"""A plan's own templates: frozen with the plan, or faults with file, line and name."""

from pathlib import Path

import pytest

from intake.plan.freeze import freeze
from intake.plan.plan_file import read_plan
from rendering.composing import compose
from rendering.specimens import WITH_SITES, draft, lines, variants
from rendering.template_checks import check_layout, check_sentence, sentences_of
from rendering.template_syntax import FILTERS
from rendering.wording import TEMPLATES, wording
from schemas.plan import Plan
from tests.support.intake_samples import PLAN, plan_file

OWN_WORDING = """\
reminder:
  subject: "{{ city }}：{{ count }}个点位请抓紧"
  line: 还有{{ days_left }}天
  tasks:
    - 按期完成。
    - |
      书面报告：
      {% if due %}期限{{ due }}{% endif %}
words:
  seal: （盖章处）
  columns: [序号, 编号, 名称, 县, 截止]
requests:
  receipt: 务请于{{ receipt_due }}前签收。
"""
OWN_TEXT = "{{ letter.number }} {{ letter.subject }}\n{% for row in letter.tables[0].rows %}{{ row[1] }}\n{% endfor %}"


def plan_with(folder: Path, files: dict[str, str], language: str = "zh-CN") -> Path:
    templates = folder / "own"
    templates.mkdir()
    for name, content in files.items():
        (templates / name).write_text(content, encoding="utf-8")
    return plan_file(folder, PLAN + f"language: {language}\ntemplates: own\n")


def sound(folder: Path, files: dict[str, str]) -> Plan:
    plan, faults = read_plan(plan_with(folder, files))
    assert plan is not None, [str(fault) for fault in faults]
    return plan


def faults_of(folder: Path, files: dict[str, str], language: str = "zh-CN") -> list[tuple[str, int | None, str, str]]:
    plan, faults = read_plan(plan_with(folder, files, language))
    assert plan is None
    return [(fault.file, fault.line, fault.value, fault.expected) for fault in faults]


def test_plan_templates_used_when_their_folder_is_deleted(tmp_path: Path) -> None:
    plan = sound(tmp_path, {"wording.yaml": OWN_WORDING})
    for path in (tmp_path / "own").iterdir():
        path.unlink()
    frozen = freeze(Plan.model_validate_json(plan.model_dump_json()))

    rendered = compose(frozen, draft("reminder", issued_at="2021-08-30T01:00:00Z"), lines("reminder"))

    assert rendered.subject == "平顶山市：2个点位请抓紧"
    assert "序号 | 编号 | 名称 | 县 | 责任单位（责任人编号） | 截止 | 办理要求" in rendered.text
    assert "还有1天" in rendered.text and "2. 书面报告： 期限2021年8月31日24时" not in rendered.text
    assert rendered.letter is not None and rendered.letter["labels"]["seal"] == "（盖章处）"
    assert "现予督办" in compose(frozen, draft("supervision_order"), lines("supervision_order")).text


def test_the_request_to_sign_is_said_in_the_words_of_the_plan(tmp_path: Path) -> None:
    frozen = freeze(sound(tmp_path, {"wording.yaml": OWN_WORDING}))
    specimen, its_lines = variants("circular")[0]

    assert "务请于2021年9月6日24时前签收。" in compose(frozen, specimen, its_lines).text


def test_a_layout_of_the_plan_takes_the_place_of_the_house(tmp_path: Path) -> None:
    page = "<html><body><h1>{{ letter.subject }}</h1></body></html>"
    text = "{{ letter.subject }}{% for table in letter.tables %}{{ table.rows[0][2] }}{% endfor %}"
    frozen = freeze(sound(tmp_path, {"document.txt.j2": text, "document.html.j2": page}))

    rendered = compose(frozen, draft("reminder"), lines("reminder", name="<b>一号</b>"))

    assert rendered.text == f"{rendered.subject}<b>一号</b>"
    assert rendered.html == f"<html><body><h1>{rendered.subject}</h1></body></html>"


def test_plan_digest_changes_with_templates_absent_when_unused(
    tmp_path: Path,
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    bare = freeze(sound_without_templates(tmp_path / "a"))
    own = freeze(sound(tmp_path / "b", {"wording.yaml": OWN_WORDING}))

    assert "templates" not in bare.plan.model_dump(mode="json")
    assert bare.digest != own.digest


def sound_without_templates(folder: Path) -> Plan:
    plan, _ = read_plan(plan_file(folder))
    assert plan is not None
    return plan


@pytest.mark.parametrize(
    ("content", "line", "value", "expected"),
    [
        ("remindr: {subject: x}", 1, "remindr", "a kind of document, `words` or `requests`, perhaps reminder"),
        ("reminder:\n  subjekt: x", 2, "subjekt", "a sentence of reminder, perhaps subject"),
        ("plan_issue:\n  line: x", 2, "line", "a sentence of plan_issue: heading, paragraphs, subject, tasks"),
        ("reminder:\n  subject: '{{ citty }}'", 2, "citty", "a variable that is known here, perhaps city"),
        ("reminder:\n  subject: '{{ days_left }} {{ week }}'", 2, "week", "a variable that is known here"),
        ("words:\n  seal: '{{ city }}'", 2, "{{ city }}", "plain words"),
        ("requests:\n  reply: '{{ sites }}'", 2, "sites", "a variable that is known here"),
        ("reminder:\n  tasks:\n    - fine\n    - |\n      one\n      two {{ three }}\n", 6, "three", "a variable"),
        ("reminder:\n  tasks:\n    - >\n      one\n      two {{ three }}\n", 5, "three", "a variable"),
        ("reminder:\n  subject: one\n    two {{ three }}\n", 3, "three", "a variable"),
        ("reminder:\n  subject: |\n    one\n\n    {% if due %}", 5, "{% if due %}", "a readable template"),
        ("reminder:\n  subject: '{{ city | shout }}'", 2, "shout", "a filter that is known here"),
        ("reminder:\n  subject: '{{ city | safe }}'", 2, "safe", "a filter that is known here"),
        ("reminder:\n  subject: '{% if due is odder %}{% endif %}'", 2, "odder", "a test that is known here"),
        ("reminder:\n  subject: '{{ city.mayor.name }}'", 2, "mayor", "a template that can be filled in"),
        ("reminder:\n  subject: '{{ phases[0].begin }}'", 2, "begin", "a template that can be filled in"),
        ("reminder:\n  subject: '{{ 1 / 0 }}'", 2, "ZeroDivisionError", "a template that can be filled in"),
        ("reminder:\n  subject: ''", 2, "", "a sentence that says something"),
        ("reminder:\n  subject: [a]", 2, "", "text"),
        ("reminder:\n  tasks: a", 2, "a", "a list of sentences"),
        ("reminder:\n  paragraphs: []", 2, "", "at least one sentence"),
        ("reminder:\n  sheet: green", 2, "green", "blue, yellow or red"),
        ("words:\n  columns: [a, b]", 2, "a list of 2", "5 entries"),
        ("reminder: text", 1, "text", "sentences by kind of document"),
        ("- a", None, "['a']", "sentences by kind of document"),
        ("reminder:\n  subject: [", 2, "subject: [", "readable YAML"),
    ],
)
def test_wording_fault_names_line_and_content(
    tmp_path: Path, content: str, line: int | None, value: str, expected: str
) -> None:
    (fault,) = faults_of(tmp_path, {"wording.yaml": content})

    assert (fault[0], fault[1], fault[2]) == ("wording.yaml", line, value)
    assert expected in fault[3]


@pytest.mark.parametrize("name", ("document.html.j2", "document.txt.j2"))
@pytest.mark.parametrize(
    ("content", "line", "value", "expected"),
    [
        ("\n{{ leter.subject }}", 2, "leter", "a variable that is known here, perhaps letter"),
        ("\n\n{{ letter.subjekt }}", 3, "letter.subjekt", "a part of letter that is known here, perhaps subject"),
        ("{{ words.total }}\n{{ words.sum }}", 2, "words.sum", "a part of words"),
        ("\n{% for t in letter.tables %}\n{{ t.row }}\n{% endfor %}", 3, "row", "a template that can be filled in"),
        ("\n{% include 'secrets' %}", 2, "include", "no include"),
        ("\n{% import 'secrets' as s %}", 2, "import", "no import"),
        ("{% autoescape false %}{{ letter.subject }}{% endautoescape %}", 1, "autoescape", "no autoescape"),
        ("\n{% for %}", 2, "{% for %}", "a readable template"),
        ("{{ letter.subject | safe }}", 1, "safe", "a filter that is known here"),
    ],
)
def test_layout_fault_names_line_and_content(
    tmp_path: Path, name: str, content: str, line: int, value: str, expected: str
) -> None:
    (fault,) = faults_of(tmp_path, {name: content})

    assert (fault[0], fault[1], fault[2]) == (name, line, value)
    assert expected in fault[3]


def test_all_template_faults_reported_with_plan_faults(tmp_path: Path) -> None:
    path = plan_with(
        tmp_path,
        {
            "wording.yaml": "reminder:\n  subject: '{{ a }} {{ b }}'\nlove_letter: {}\n",
            "document.html.j2": "{{ x }}\n{{ y | z }}",
            "document.html": "",
            "README.md": "is welcome",
        },
    )
    path.write_text(path.read_text(encoding="utf-8").replace("id: small", "id: a b"), encoding="utf-8")

    plan, faults = read_plan(path)

    assert plan is None
    assert [(fault.file, fault.line, fault.value) for fault in faults] == [
        ("plan.yaml", 1, "a b"),
        ("own/document.html", None, "document.html"),
        ("wording.yaml", 2, "a"),
        ("wording.yaml", 2, "b"),
        ("wording.yaml", 3, "love_letter"),
        ("document.html.j2", 1, "x"),
        ("document.html.j2", 2, "y"),
        ("document.html.j2", 2, "z"),
    ]


@pytest.mark.parametrize("said", ("nowhere", "plan.yaml", "[a]", "{wording: {}}"))
def test_missing_template_folder_named_with_plan_line(tmp_path: Path, said: str) -> None:
    plan, faults = read_plan(plan_file(tmp_path, PLAN + f"templates: {said}\n"))

    assert plan is None
    (fault,) = faults
    assert (fault.path, fault.line) == ("templates", PLAN.count("\n") + 1)
    assert "the path of a folder beside this file" in fault.expected


def test_an_empty_folder_and_a_file_that_is_no_text_are_faults(tmp_path: Path) -> None:
    assert [fault[2] for fault in faults_of(tmp_path, {})] == ["own"]
    (tmp_path / "own" / "document.txt.j2").write_bytes("一\n".encode() + "二".encode("gb18030"))

    _, faults = read_plan(tmp_path / "plan.yaml")

    assert [(fault.file, fault.line) for fault in faults] == [("document.txt.j2", 2)]


@pytest.mark.parametrize("name", ("wording.yaml", "document.html.j2", "document.txt.j2"))
def test_oversized_template_file_refused_by_name(tmp_path: Path, name: str) -> None:
    (fault,) = faults_of(tmp_path, {name: "x" * 200_000})

    assert fault[0] == name and "at most 131072 bytes" in fault[3]


@pytest.mark.parametrize(
    "escape",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ letter.__init__.__globals__ }}",
        "{{ letter.heading.format.__globals__ }}",
        "{{ 'x' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ range(999999) | join }}",
        "{{ 'x' | center(1000000000) }}",
        "{{ lipsum(n=100000) }}",
        "{{ cycler }}",
        "{{ letter.tables.append(1) }}",
        "{{ '{0.__class__}'.format(letter) }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)
def test_a_template_does_not_get_out_of_its_sandbox(escape: str) -> None:
    assert check_layout("en", escape, html=False)


@pytest.mark.parametrize("language", ("zh-CN", "en"))
def test_the_words_of_the_house_pass_their_own_judgement(language: str) -> None:
    catalogue = wording(language)
    for kind in ("words", "requests", *catalogue.kinds):
        for name, said in (sentences_of(language, kind) or {}).items():
            for sentence in (said,) if isinstance(said, str) else said:
                assert not check_sentence(language, kind, name, sentence), (kind, name)


@pytest.mark.parametrize("language", ("zh-CN", "en"))
@pytest.mark.parametrize("name", ("document.html.j2", "document.txt.j2"))
def test_the_layouts_of_the_house_pass_their_own_judgement(name: str, language: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")

    assert check_layout(language, source, html="html" in name) == []


def test_no_filter_that_is_allowed_marks_a_text_as_safe() -> None:
    assert not FILTERS & {"safe", "tojson", "urlize", "xmlattr", "forceescape", "striptags", "map", "attr", "format"}
    assert WITH_SITES
