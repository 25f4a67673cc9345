"""A campaign of 25 days over a holiday, small enough for the real engine within a minute: two cities, 24 sites.

Its ladder has everything that a document can have: approvers, receipts, replies that hold, publication, lifting.
"""

from datetime import date

from intake.plan.freeze import freeze
from schemas.actor import Role
from schemas.calendar import Clause, DayUnit
from schemas.evidence import EvidencePhase
from schemas.ladder import Behaviour, Briefing, Conduct, Instrument, Lifting, RankingConduct, Rung
from schemas.offices import AddresseeLevel, Agency, Approver, City, Recipient
from schemas.options.extensions import ExtensionRule
from schemas.options.police import CaseClosure, PoliceTrack
from schemas.plan import CatalogueEntry, Clauses, FrozenPlan, Phase, Plan, Verification, VerificationLevel
from schemas.register import Problem, Site


def working(days: int) -> Clause:
    return Clause(amount=days, unit=DayUnit.WORKING_DAYS)


def calendar(days: int) -> Clause:
    return Clause(amount=days, unit=DayUnit.CALENDAR_DAYS)


OFFICE = Approver(name="Campaign office", superior=Recipient(name="Provincial government"))


def short_plan(campaign_id: str = "autumn-2021") -> FrozenPlan:
    """31 August to 24 September 2021: Mid-Autumn (19-21) is off, Saturday 18 is made up. Every clause is short."""
    return freeze(
        Plan(
            id=campaign_id,
            title="Autumn of twenty-five days",
            document_number=f"No. 1 of {campaign_id}",
            issuing_agencies=(
                Agency(name="Natural Resources", series="NR"),
                Agency(name="Public Security", series="PS"),
            ),
            province="Henan",
            language="en",
            starts_on=date(2021, 8, 31),
            ends_on=date(2021, 9, 24),
            phases=(Phase(id="work", title="Work", starts_on=date(2021, 8, 31), ends_on=date(2021, 9, 24)),),
            clauses=Clauses(
                receipt=working(1),
                deployment=working(2),
                deployment_decision=working(1),
                rectification=calendar(7),
                re_rectification=working(2),
                late_report=calendar(3),
            ),
            division_codes="free",
            catalogue=(
                CatalogueEntry(
                    id="seal",
                    title="Seal the adit",
                    unit="adit",
                    evidence=(EvidencePhase.BEFORE, EvidencePhase.AFTER),
                    site_types=("adit",),
                ),
                CatalogueEntry(id="fence", title="Fence the pit", unit="m", quantity=100, site_types=("pit",)),
                CatalogueEntry(id="signs", title="Warning signs", unit="sign", quantity=2, problems=("no_signs",)),
                CatalogueEntry(id="hand_over", title="Hand over to patrol", unit="time"),
            ),
            cities=(
                City(
                    code="north",
                    name="Northern",
                    lead="Northern lead",
                    recipients=(Recipient(name="North desk"), Recipient(name="North police")),
                    deputy_head=Recipient(name="Northern deputy"),
                    head=Recipient(name="Northern head"),
                ),
                City(code="south", name="Southern", lead="Southern lead", recipients=(Recipient(name="South desk"),)),
            ),
            reminder_days=(3, 1),
            ladder=(
                Rung(rung=1, instrument=Instrument.REMINDER_LETTER, after=calendar(0)),
                Rung(
                    rung=2,
                    instrument=Instrument.SUPERVISION_ORDER,
                    after=calendar(1),
                    addressee=AddresseeLevel.GOVERNMENT,
                    copies=(AddresseeLevel.DEPUTY_HEAD,),
                    receipt=working(1),
                    reply=working(1),
                    reply_holds=working(2),
                    lifting=Lifting.SITES_CLOSED,
                ),
                Rung(
                    rung=3,
                    instrument=Instrument.CIRCULAR,
                    after=working(1),
                    approver=OFFICE,
                    reply=working(1),
                    lifting=Lifting.REPLIED,
                ),
                Rung(
                    rung=4,
                    instrument=Instrument.INTERVIEW,
                    after=working(1),
                    issuer="Public Security",
                    addressee=AddresseeLevel.DEPUTY_HEAD,
                    lifting=Lifting.DECISION,
                ),
                Rung(
                    rung=5,
                    instrument=Instrument.LISTED_SUPERVISION,
                    after=working(1),
                    approver=OFFICE,
                    approval=working(2),
                    addressee=AddresseeLevel.HEAD,
                    publication=working(1),
                    lifting=Lifting.SITES_CLOSED,
                ),
            ),
            behaviour=Behaviour(
                no_receipt=Conduct(instrument=Instrument.INTERVIEW),
                no_deployment=Conduct(instrument=Instrument.CIRCULAR),
                bottom_of_ranking=RankingConduct(instrument=Instrument.INTERVIEW, weeks=2, approver=OFFICE),
            ),
            briefing=Briefing(),
            verification=Verification(
                levels=(
                    VerificationLevel(id="county", by=Role.COUNTY, title="County", due=working(1)),
                    VerificationLevel(id="city", by=Role.CITY, title="City", due=calendar(3)),
                )
            ),
            wake_spread_minutes=30,
        )
    )


def short_register(sites: int = 24) -> list[Site]:
    """As many adits as pits, in either city; every third has no signs."""
    return [
        Site(
            id=f"s-{number:02}",
            name=f"Site {number}",
            city="north" if number % 2 else "south",
            county=f"county-{number % 5}",
            type="adit" if number % 4 < 2 else "pit",
            problems=(Problem(kind="no_signs", count=number % 2 + 1),) if number % 3 == 0 else (),
        )
        for number in range(1, sites + 1)
    ]


def two_tracks_plan(campaign_id: str, closure: CaseClosure = CaseClosure.BOTH) -> FrozenPlan:
    """The short campaign with extensions on request and a police track; all clauses of these are days."""
    options = {
        "extension": ExtensionRule(before=calendar(2), decision=working(2), at_most=1, decider=OFFICE),
        "police_track": PoliceTrack(
            agency="Public Security",
            bureaus={"north": "North police"},
            problems=("suspected_crime",),
            transfer=working(4),
            decision=working(2),
            closure=closure,
        ),
    }
    return freeze(Plan.model_validate(short_plan(campaign_id).plan.model_copy(update=options).model_dump()))


def two_tracks_register() -> list[Site]:
    """The short register; every third site, which lacks signs, also has a police case."""
    crime = Problem(kind="suspected_crime")
    return [
        site.model_copy(update={"problems": (*site.problems, crime)}) if site.problems else site
        for site in short_register()
    ]
