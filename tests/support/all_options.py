"""Sites with all options at once, and commands to them: one seed gives a whole life."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from rules.calendar import end_of, local_date
from schemas import commands as cmd
from schemas.actor import ENGINE, Actor, Role, Units
from schemas.evidence import EvidencePhase
from schemas.options.acceptance import AcceptanceTerms, LevelAsks, Member
from schemas.options.builders import BuilderTerms
from schemas.options.extensions import ExtensionTerms
from schemas.options.grading import Grade
from schemas.options.modes import ModeTerms
from schemas.options.police import CaseClosure, CaseEnd, PoliceTerms
from schemas.options.responsible import ResponsibleTerms
from schemas.options.sign_off import SignOffTerms
from schemas.phase_end import PhaseEndTerms, PhaseStartTerms, Within
from schemas.register import Hazard
from schemas.site.terms import LevelTerms, Requirement, SiteTerms
from schemas.variations import VariationTerms
from tests.support.drawn_terms import clause, site_terms

DEPARTMENTS = ("land", "water")
POOL = tuple(Member(id=f"expert-{n}", unit=f"institute-{n}") for n in range(5))
PROBLEMS = ("open_adit", "open_pit")
UNITS = Units(
    province=("province", "decider"),
    supervision=("province", "decider"),
    city=("city",),
    county=("county",),
    enterprise=("builder",),
    department=DEPARTMENTS,
    police=("bureau", "agency"),
)
LEVELS = ("self", "county", "city", "province")


def whole_terms(seed: int) -> SiteTerms:
    """Each option with a chance of three in four; two or three requirements, levels as the options need them."""
    draw = Random(seed)
    plain = site_terms(seed)

    def maybe(value: Any) -> Any:
        return value if draw.random() < 0.75 else None

    acceptance = maybe(
        AcceptanceTerms(
            levels={
                "self": LevelAsks(self_check=True),
                "city": LevelAsks(by=Role.CITY, experts=draw.choice([None, 1, 3])),
            },
            exhausted_rung=draw.choice([None, *(rung.rung for rung in plain.ladder)]),
            problems_level=draw.choice([None, "county"]),
            problems=PROBLEMS,
            pool=POOL[: draw.randint(0, 5)],
        )
    )
    names = LEVELS if acceptance is not None else LEVELS[1:]
    asked = (("r0", ("open_adit",)), ("r1", ("open_pit",)), ("r2", ()))
    requirements = tuple(
        Requirement(
            id=one,
            quantity=draw.choice([1, 2.5]),
            unit="处",
            evidence=tuple(draw.sample(list(EvidencePhase), draw.randint(0, 2))),
            problems=problems,
            in_order=draw.random() < 0.3,
            restoration_modes=("market",) if one == "r2" and draw.random() < 0.5 else (),
        )
        for one, problems in asked
    )
    ends_with = draw.choice(list(CaseEnd))
    return plain.model_copy(
        update={
            "requirements": requirements,
            "levels": tuple(LevelTerms(id=one, due=clause(draw, 0, 6)) for one in names),
            "units": UNITS,
            "acceptance": acceptance,
            "modes": maybe(
                ModeTerms(
                    until=draw.choice(["rectifying", "verifying"]),
                    confirmed_by_province=draw.random() < 0.3,
                    required=draw.random() < 0.3,
                )
            ),
            "extension": maybe(
                ExtensionTerms(
                    before=clause(draw, 1, 3),
                    decision=clause(draw, 1, 3),
                    at_most=3,
                    decider="decider",
                    superior="superior",
                )
            ),
            "police": maybe(
                PoliceTerms(
                    agency="agency",
                    works_agency="province",
                    bureau="bureau",
                    transfer=clause_or_phase(draw, plain),
                    acceptance=clause(draw, 0, 4),
                    decision=clause(draw, 0, 4),
                    conclusion=clause(draw, 1, 4) if ends_with is CaseEnd.CONCLUSION else None,
                    closure=draw.choice(list(CaseClosure)),
                    ends_with=ends_with,
                )
            ),
            "sign_off": maybe(
                SignOffTerms(
                    due=clause(draw, 0, 4),
                    upward=clause(draw, 1, 3),
                    departments=DEPARTMENTS,
                    lead_government="lead",
                    rungs=(0, 1, 2, 3),
                )
            ),
            "responsible": maybe(
                ResponsibleTerms(
                    unit="county",
                    person=draw.choice([None, "P-1"]),
                    due=maybe(clause(draw, 1, 3)),
                    receipt=clause(draw, 1, 3),
                    rungs=(0, 1, 4),
                )
            ),
            "builder": maybe(
                BuilderTerms(
                    enterprise="builder",
                    decision=clause(draw, 1, 3),
                    decider=draw.choice([None, "decider"]),
                    superior="superior",
                )
            ),
            "grade": maybe(Grade(hazard=draw.choice(list(Hazard)), by="register")),
            "variations": tuple(_variation(draw, plain) for _ in range(draw.randint(0, 3))),
            "patrol_until": maybe(plain.ends_at + timedelta(days=draw.randint(1, 30))),
            "relapse": maybe(clause(draw, 1, 6)),
            "re_rectification": draw.choice([plain.re_rectification, clause_or_phase(draw, plain)]),
            "lead_county": maybe("410423"),
        }
    )


def clause_or_phase(draw: Random, plain: SiteTerms) -> Within:
    """A clause of a few days, or the end of a phase before or after the site's opening."""
    if draw.random() < 0.5:
        return clause(draw, 0, 4)
    if draw.random() < 0.5:
        starts_at = plain.ends_at - timedelta(days=draw.randint(1, 70))
        return PhaseStartTerms(phase="p", starts_at=starts_at, clause=clause(draw, 0, 4))
    day = local_date(plain.calendar, plain.ends_at) - timedelta(days=draw.randint(1, 70))
    return PhaseEndTerms(phase="p", ends_at=end_of(plain.calendar, day), or_at_least=clause(draw, 0, 4))


def _variation(draw: Random, plain: SiteTerms) -> VariationTerms:
    """For one hazard or for the first weeks, with any of the values that may differ."""
    rungs = [rung.rung for rung in plain.ladder if draw.random() < 0.5]
    return VariationTerms(
        hazard=draw.choice([None, *(hazard.value for hazard in Hazard)]),
        until=draw.choice([None, plain.ends_at - timedelta(days=draw.randint(0, 30))]),
        rectification=draw.choice([None, clause(draw, 0, 20)]),
        re_rectification=draw.choice([None, clause(draw, 0, 10)]),
        reminder_days=draw.choice([None, (), tuple(draw.sample(range(1, 13), 2))]),
        ladder={rung: clause(draw, 1, 6) for rung in rungs},
    )


BUILDER, CHECKER = (Actor(id=one, role=Role.ENTERPRISE, unit="builder") for one in ("builder", "checker"))
COUNTY, CITY = Actor(id="county", role=Role.COUNTY, unit="county"), Actor(id="city", role=Role.CITY, unit="city")
PROVINCE = Actor(id="province", role=Role.PROVINCE, unit="province")
DECIDER = Actor(id="decider", role=Role.PROVINCE, unit="decider")
POLICE = Actor(id="police", role=Role.POLICE, unit="bureau")
SIGNERS = tuple(Actor(id=f"of {one}", role=Role.DEPARTMENT, unit=one) for one in DEPARTMENTS)
EXPERTS = tuple(Actor(id=one.id, role=Role.EXPERT, unit=one.unit) for one in POOL)
JUDGES = {"self": CHECKER, "county": COUNTY, "city": CITY, "province": PROVINCE}


class People:
    """Send commands that are likely to be accepted in the present state, and sometimes any command."""

    def __init__(self, draw: Random, terms: SiteTerms) -> None:
        self._draw = draw
        self._terms = terms
        self._number = 0

    def say(self, case: Any, now: datetime) -> list[cmd.Command]:
        """One to three commands, or the reports of a whole requirement."""
        draw, state = self._draw, case.state
        if draw.random() < 0.4 and state.stage == "rectifying":
            phases = [{"phase": phase, "ref": "p.jpg"} for phase in EvidencePhase]
            return [
                self._made(now, BUILDER, "complete_task", requirement=r, quantity=left or 0.1, evidence=phases)
                for r, left in case.outstanding().items()
            ]
        return [self._any(case, now) for _ in range(draw.randint(1, 3))]

    def _made(self, now: datetime, by: Actor, kind: str, **fields: Any) -> cmd.Command:
        self._number += 1
        back = timedelta(minutes=self._draw.choice([0, 0, 0, 30, 1500, 9000]))
        made: cmd.Command = cmd.SITE_COMMANDS[kind].model_validate(
            {"kind": kind, "command_id": f"c{self._number}", "actor": by, "effective_at": now - back, **fields}
        )
        return made

    def _any(self, case: Any, now: datetime) -> cmd.Command:
        draw, state, terms = self._draw, case.state, self._terms
        level = state.level or draw.choice(LEVELS)
        verdict = {"passed": draw.random() < 0.75, "opinion": "看过"}
        if state.suspended and draw.random() < 0.5:
            return self._made(now, PROVINCE, "resume")
        kinds: list[str] = ["judge"] * 12 + ["around"] * 12 + ["case"] * 6
        kinds += ["stand", "mode", "time", "amend", "reopen", "charge", "charge", "build", "build", "grade"]
        if state.stage == "closed":
            kinds = ["reopen"] * 3 + ["case", "judge"]
        match draw.choice(kinds):
            case "judge" if level == "sign_off" or draw.random() < 0.1:
                return self._made(now, draw.choice(SIGNERS), "sign_off", **verdict)
            case "judge":
                kind = "self_check" if level == "self" else "verify"
                by = JUDGES.get(level, PROVINCE) if draw.random() < 0.9 else draw.choice([*JUDGES.values(), BUILDER])
                return self._made(now, by, kind, level=level, **verdict)
            case "around":
                choice = draw.random()
                if choice < 0.6:
                    return self._made(now, draw.choice(EXPERTS), "give_opinion", level=level, **verdict)
                if choice < 0.65:
                    one = draw.choice(POOL).id
                    return self._made(now, PROVINCE, "replace_expert", level=level, expert=one, reason="病假")
                problem = draw.choice(PROBLEMS)
                return self._made(now, COUNTY, "close_problem", level="county", problem=problem, **verdict)
            case "case":
                if state.police is None or state.police.state == "to_transfer":
                    return self._made(now, CITY, "transfer_case", reference="1")
                if draw.random() < 0.4:
                    return self._made(now, POLICE, "accept_case")
                decision = draw.choice(["filed", "not_filed", "concluded"])
                return self._made(now, POLICE, "decide_case", decision=decision, reason="查明")
            case "stand":
                if state.suspended:
                    return self._made(now, PROVINCE, "resume")
                until = draw.choice([None, local_date(terms.calendar, now) + timedelta(days=draw.randint(-2, 9))])
                return self._made(now, PROVINCE, "suspend", reason="汛期", until=until)
            case "charge":
                said = {"unit": draw.choice(["county", "town"]), "person": draw.choice(["P-1", "P-2"])}
                said |= draw.choice([{}, {"requirement": "r0"}])
                match draw.randint(0, 2):
                    case 0:
                        return self._made(now, draw.choice([COUNTY, CITY]), "assign", **said)
                    case 1:
                        return self._made(now, COUNTY, "hand_over", reason="轮岗", **said)
                by = Actor(id=said.pop("person"), role=Role.TOWNSHIP, unit=said.pop("unit"))
                return self._made(now, by, "take_over", **said)
            case "build":
                because = {"reason": draw.choice(["bankrupt", "expelled"]), "words": "停工"}
                match draw.randint(0, 4):
                    case 0:
                        new = draw.choice([None, "second", "third"])
                        return self._made(now, COUNTY, "replace_enterprise", new=new, **because)
                    case 1 | 2:
                        approved = draw.random() < 0.7
                        return self._made(now, DECIDER, "decide_replacement", approved=approved, words="同意")
                    case 3:
                        return self._made(now, COUNTY, "take_over_works", **because)
                amount = {"amount": draw.choice(["100", "-40"]), "reference": "1"}
                return self._made(now, COUNTY, "charge_cost", enterprise="builder", **amount)
            case "mode":
                if draw.random() < 0.3:
                    return self._made(now, PROVINCE, "decide_mode", confirmed=draw.random() < 0.7, reason="同意")
                mode = draw.choice(["market", "natural"])
                return self._made(now, CITY, "set_mode", restoration_mode=mode, funding_mode="fiscal")
            case "grade":
                hazard, by = draw.choice(list(Hazard)), draw.choice([COUNTY, CITY, PROVINCE])
                return self._made(now, by, "regrade", hazard=hazard, reason="复核")
            case "time":
                until_ = (state.due or now) + timedelta(days=draw.randint(0, 12))
                day: date = local_date(terms.calendar, until_)
                if draw.random() < 0.4:
                    return self._made(now, BUILDER, "request_extension", until=day, reason="雨")
                if draw.random() < 0.5:
                    return self._made(now, DECIDER, "decide_extension", granted=draw.random() < 0.6, reason="雨")
                return self._made(now, PROVINCE, "extend", until=day, reason="雨")
            case "amend":
                self._number += 1
                ends_at = end_of(
                    terms.calendar, local_date(terms.calendar, max(terms.ends_at, now) + timedelta(days=9))
                )
                more = [r.model_dump(mode="json") for r in terms.requirements]
                more[0]["quantity"] = draw.choice([1, 4])
                return cmd.SITE_COMMANDS["amend_site"].model_validate(
                    {
                        "kind": "amend_site", "command_id": f"c{self._number}", "actor": ENGINE, "effective_at": now,
                        "amendment": state.amendment + 1, "document": "补充",
                        "terms": draw.choice([{"requirements": more}, {"ends_at": ends_at.isoformat()}]),
                    }
                )  # fmt: skip
            case _:
                cause = draw.choice(["relapse", "look_back", "spot_check", "returned_batch"])
                named = draw.choice([[], ["r0"], ["roof"]])
                return self._made(
                    now,
                    ENGINE,
                    "reopen",
                    cause=cause,
                    origin=f"o{self._number}",
                    reason="反弹",
                    failed_requirements=named,
                )
