"""A template that makes far more text than its document has is found by its check, and stopped where it is rendered."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateError

from rendering.sandbox import PAGES, SENTENCE_BUDGET, SENTENCES, rendered
from rendering.template_checks import check_layout, check_sentence

DOUBLED = "".join("{% set a = a @ a %}" for _ in range(40))
BOMBS = {
    "percent": "{{ '%99999999d' % 1 }}",
    "percent in a branch": "{% if false %}{{ '%99999999d' % 1 }}{% endif %}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "format": "{{ '{:>99999999}'.format(1) }}",
    "format_map": "{{ '{a:>99999999}'.format_map({'a': 1}) }}",
    "ljust": "{{ 'x'.ljust(99999999) }}",
    "rjust": "{{ 'x'.rjust(99999999) }}",
    "center": "{{ 'x'.center(99999999) }}",
    "zfill": "{{ 'x'.zfill(99999999) }}",
    "replace": "{{ 'x'.replace('x', 'xx') }}",
    "expandtabs": "{{ '\t'.expandtabs(99999999) }}",
    "repetition": "{{ 'x' * 99999999 }}",
    "repetition from the right": "{{ 99999999 * 'x' }}",
    "repeated list": "{{ [1] * 99999999 }}",
    "range": "{{ range(99999999) | join }}",
    "indent": "{{ 'x\nx' | indent(10000000) }}",
    "center filter": "{{ 'x' | center(100000000) }}",
    "format filter": "{{ '%99999999d' | format(1) }}",
    "filter block": "{% filter center(99999999) %}x{% endfilter %}",
    "set block": "{% set a %}x{% endset %}{{ a }}",
    "macro": "{% macro m() %}x{% endmacro %}{{ m() }}",
    "mapping": "{{ {'a': 1} }}",
    "list of variables": "{% set a = 'x' %}{% set a = [a, a] %}{{ a | join }}",
    "round": "{{ 1 | round(-99999999) }}",
    "joined text": "{% set a = 'xxxxxxxx' %}" + DOUBLED.replace("@", "~") + "{{ a }}",
    "added text": "{% set a = 'xxxxxxxx' %}" + DOUBLED.replace("@", "+") + "{{ a }}",
    "replaced text": "{{ 'xxxxxxxxxx'" + " | replace('x', 'xxxxxxxxxx')" * 9 + " }}",
    "join": "{{ 'xxxxxxxxxx'" + " | join('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')" * 9 + " }}",
    "number_of": "{% set a = 'xxxxxxxxxx' %}" + "{% set a = number_of(2, a ~ a) %}" * 40,
    "loops": "{% for a in 'xxxxxxxxxx' %}" * 9 + "{{ a }}" + "{% endfor %}" * 9,
    "long text in loops": "{% for a in 'xxxxxxxxxx' %}" * 4 + "x" * 5000 + "{% endfor %}" * 4,
    "silent loops": "{% for a in 'xxxxxxxxxx' %}" * 9 + "{% endfor %}" * 9,
    "recursive loop": "{% for a in 'xx' recursive %}{{ loop('xx') }}{% endfor %}",
    "deep blocks": "{% for a in 'x' %}" * 40 + "{% endfor %}" * 40,
    "deep brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_check_finds_template_that_multiplies_text(bomb: str) -> None:
    assert check_layout("en", bomb, html=False) and check_layout("zh-CN", bomb, html=True)
    assert check_sentence("en", "reminder", "subject", bomb)


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_rendering_makes_no_more_text_than_its_budget(bomb: str) -> None:
    tracemalloc.start()
    try:
        assert len(rendered(bomb, SENTENCES, {}, SENTENCE_BUDGET)) <= SENTENCE_BUDGET
    except (TemplateError, SyntaxError, RecursionError, ValueError):
        pass  # it is refused; what matters is the memory
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 20 * 1024 * 1024


@given(st.lists(st.text(max_size=20), max_size=6), st.text(max_size=5))
def test_sandbox_joins_as_jinja_does(parts: list[str], between: str) -> None:
    facts = {"parts": parts, "between": between, "one": "".join(parts)}
    assert rendered("{{ parts | join(between) }}", SENTENCES, facts, 10_000) == between.join(parts)
    assert rendered("{{ one ~ 1 ~ between }}", SENTENCES, facts, 10_000) == f"{''.join(parts)}1{between}"
    escaped = rendered("{% for p in parts %}{{ p }}{% endfor %}", PAGES, facts, 10_000)
    assert rendered("{{ parts | join }}", PAGES, facts, 10_000) == escaped
    assert rendered("{{ one ~ '' }}", PAGES, facts, 10_000) == escaped


def test_each_rendering_has_its_own_budget() -> None:
    for _ in range(5):
        assert rendered("{{ a }}", SENTENCES, {"a": "x" * 60}, 100) == "x" * 60


@pytest.mark.parametrize(
    "sentence",
    [
        "{{ number_of(count, 'site') }}: {{ count * 15 + 1 }}",
        "{% for phase in ['a', 'b'] %}{{ loop.index }}{% if not loop.last %}, {% endif %}{% endfor %}",
        "{{ city ~ (' (' ~ count ~ ')' if count > 1 else '') }}",
        "{{ 'supervised' if count in [1, 2] else 'listed' }}",
    ],
)
def test_usual_sentences_are_sound(sentence: str) -> None:
    assert check_sentence("en", "supervision_order", "subject", sentence) == []
