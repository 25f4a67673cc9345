"""Two spellings of one office are one unit: who acts by another spelling may do the same, and nothing else."""

import pytest

from rules.command_results import Received
from schemas.actor import Role
from schemas.answers import Verdict
from schemas.options.acceptance import AcceptanceTerms
from tests.support.sample_terms import BUILDER, COUNTY, SiteLife, all_work, on, passed, report
from tests.support.specimen_commands import specimen
from tests.support.staged_subjects import NOW, UNITS, Subject
from tests.unit.rules.test_authority_matrix import KINDS, actors, name_of


def wide(name: str) -> str:
    """The name in full width, in capitals, with a character that nobody sees."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name.upper()) + "\u200b"


@pytest.mark.parametrize(("subject", "kind"), KINDS, ids=name_of)
def test_another_spelling_of_a_unit_may_what_the_unit_may(subject: Subject, kind: str) -> None:
    for stage in subject.stages:
        core = subject.at(stage, UNITS)
        for actor in (one for one in actors() if one.role is not Role.SYSTEM):
            respelt = actor.model_copy(update={"unit": wide(actor.unit)})
            refusals = [core.refusal(specimen(subject.commands[kind], one, NOW), NOW) for one in (actor, respelt)]
            turned_away = [str(refused).startswith("rule ") for refused in refusals]
            assert turned_away[0] is turned_away[1], (stage, actor)


def test_ledger_keeps_the_spelling_of_the_plan() -> None:
    site = SiteLife()
    county = COUNTY.model_copy(update={"unit": wide(COUNTY.unit)})
    site.at(on(7, 20), *all_work(on(7, 20)))
    verdict = passed(on(7, 21), "county", by=county)
    outcome = site.core.advance([Received(verdict, on(7, 21))], on(7, 21))
    assert outcome.result_of(verdict.command_id).verdict is Verdict.ACCEPTED
    assert f'"unit":"{COUNTY.unit}"' in outcome.entries[0].actor


def test_unit_that_worked_does_not_judge_under_another_spelling() -> None:
    terms = AcceptanceTerms()
    site = SiteLife(acceptance=terms)
    worker = COUNTY.model_copy(update={"id": "worker"})
    site.at(on(7, 20), *(one.model_copy(update={"actor": worker}) for one in all_work(on(7, 20))))
    for unit in (COUNTY.unit, wide(COUNTY.unit)):
        judge = COUNTY.model_copy(update={"unit": unit})
        refusal = site.core.refusal(passed(on(7, 21), "county", by=judge), on(7, 21))
        assert "level 'county' is judged by another unit than one that worked" in str(refusal)


def test_unit_without_a_name_in_the_plan_is_one_under_all_spellings() -> None:
    site = SiteLife(acceptance=AcceptanceTerms())
    for unit in ("First Works", "ＦＩＲＳＴ　ｗｏｒｋｓ"):
        builder = BUILDER.model_copy(update={"unit": unit})
        site.at(on(7, 20), report(on(7, 20), "signs", 1, by=builder))
    assert site.state.acceptance is not None
    assert site.state.acceptance.reporting_units == ["First Works"]
