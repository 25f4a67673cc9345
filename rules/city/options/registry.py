"""The options of a city in their order, which decides ties between deadlines that are due at one instant."""

from rules.city.options.counties.calls import CallOption
from rules.city.options.counties.option import CountyOption
from rules.city.options.opinion import OpinionOption
from rules.city.options.patrol.joint_group import JointGroupOption
from rules.city.options.patrol.option import PatrolOption
from rules.city.options.protocol import CityOption
from rules.city.options.standstill import StandstillOption
from rules.city.options.surveys import SurveyOption
from rules.city.options.sweep import SweepOption
from rules.option_rules import OptionRules

CITY_OPTIONS: OptionRules[CityOption] = OptionRules(
    OpinionOption(),
    SurveyOption(),
    PatrolOption(),
    JointGroupOption(),
    CountyOption(),
    CallOption(),
    StandstillOption(),
    SweepOption(),
)
