"""The implementation opinion of a city: its chapters, its versions, and the time that each side took."""

from datetime import datetime

from rules.city.aggregate import CityAggregate
from rules.city.options.opinion import versions
from schemas import commands as cmd
from schemas.actor import Actor
from schemas.answers import Verdict
from schemas.ledger import LedgerEntry
from schemas.options.opinion import Chapter, OpinionRules, OpinionVersion
from tests.support.imagined_city import CityLife, city_terms
from tests.support.sample_terms import CITY, deadline, on, working
from tests.unit.rules.city.test_aggregate import approved, desk, returned

RULES = OpinionRules(chapters=("资金来源", "修复模式", "保障措施"), resubmission=working(2))


def opinion(at: datetime, *titles: str) -> cmd.SubmitDeployment:
    chapters = tuple(Chapter(title=title, text=f"{title}的内容") for title in titles)
    said = {"command_id": f"submit {at}", "actor": CITY, "effective_at": at}
    return cmd.SubmitDeployment(**said, opinion="实施意见", chapters=chapters)


def whole(at: datetime) -> cmd.SubmitDeployment:
    return opinion(at, *RULES.chapters)


def read(life: CityLife) -> tuple[OpinionVersion, ...]:
    def event(entry: LedgerEntry) -> tuple[object, datetime, str]:
        by = Actor.model_validate_json(entry.actor).id
        return life.core.events[entry.kind].model_validate_json(entry.data), entry.at, by

    return versions(event(entry) for entry in life.entries)  # type: ignore[misc]


def test_opinion_missing_chapters_refused_with_all_listed() -> None:
    life = desk(opinion=RULES)
    said = str(life.core.refusal(opinion(on(7, 20, 10), "修复模式"), on(7, 20, 10)))
    assert said == "the implementation opinion lacks 2 of the 3 chapters that the plan demands: 资金来源, 保障措施"
    outcome = life.at(on(7, 20, 11), once := opinion(on(7, 20, 11), *RULES.chapters, "附则"))
    assert outcome.result_of(once.command_id).verdict is Verdict.ACCEPTED


def test_a_chapter_that_stands_twice_is_refused() -> None:
    life = desk(opinion=RULES)
    twice = opinion(on(7, 20, 10), *RULES.chapters, "资金来源")
    assert "twice: 资金来源" in str(life.core.refusal(twice, on(7, 20, 10)))


def test_plan_without_chapters_accepts_any_opinion() -> None:
    life = desk()
    life.at(on(7, 20, 10), opinion(on(7, 20, 10)))
    assert "chapters" not in life.of("deployment_submitted")[0].data
    facts = life.core.row().facts
    assert facts is not None and (facts.versions, facts.returns) == (0, 0)
    assert "versions" not in life.core.view(on(7, 20, 10)).model_dump(mode="json")


def test_returned_opinion_deadline_uses_plan_clause() -> None:
    life = desk(opinion=RULES)
    life.at(on(7, 20, 10), whole(on(7, 20, 10)))
    life.at(on(7, 22, 10), returned(on(7, 22, 10)))
    assert life.core.state.deployment_due == deadline(7, 26)
    plain = desk()
    plain.at(on(7, 20, 10), opinion(on(7, 20, 10)))
    plain.at(on(7, 22, 10), returned(on(7, 22, 10)))
    assert plain.core.state.deployment_due == deadline(7, 29)


def test_every_version_is_kept_with_the_times_of_both_sides() -> None:
    life = desk(opinion=RULES)
    life.at(on(7, 20, 10), whole(on(7, 20, 10)))
    life.at(on(7, 21, 10), whole(on(7, 21, 10)))
    life.quiet_until(on(7, 27, 9))
    life.at(on(7, 27, 10), returned(on(7, 27, 10)))
    life.quiet_until(on(8, 3, 9))
    life.at(on(8, 3, 10), whole(on(8, 3, 10)))
    life.at(on(8, 4, 10), approved(on(8, 4, 10)))
    first, second, third = read(life)
    assert [v.version for v in (first, second, third)] == [1, 2, 3]
    assert first.replaced and first.decision is None and not first.decided_late(on(9, 1))
    assert (second.decision, second.reason, second.decided_at) == ("returned", "目标不明确", on(7, 27, 10))
    assert second.decided_late(on(9, 1)) and not second.submitted_late
    assert third.decision == "approved" and third.submitted_late and third.due == deadline(7, 29)
    assert [c.title for c in third.chapters] == list(RULES.chapters)
    facts = life.core.row().facts
    assert facts is not None and (facts.versions, facts.returns) == (3, 1)
    view = life.core.view(on(8, 4, 10))
    assert (view.versions, view.returns) == (3, 1)
    assert ("decision_overdue", on(7, 27, 9)) in life.issued()


def test_the_ledger_gives_the_counts_again() -> None:
    life = desk(opinion=RULES)
    life.at(on(7, 20, 10), whole(on(7, 20, 10)))
    life.at(on(7, 22, 10), returned(on(7, 22, 10)))
    again = CityAggregate(city_terms(opinion=RULES))
    again.restore(life.entries)
    assert (again.state.versions, again.state.returns) == (1, 1)
    asked = {"issuing_at"}
    assert again.state.model_dump(exclude=asked) == life.core.state.model_dump(exclude=asked)
