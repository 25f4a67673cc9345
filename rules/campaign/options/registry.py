"""The options of a campaign in their order, which decides ties between deadlines that are due at one instant."""

from rules.campaign.options.briefing import BriefingOption
from rules.campaign.options.joint import JointOption
from rules.campaign.options.patrol import PatrolEndOption
from rules.campaign.options.phases import PhaseOption
from rules.campaign.options.protocol import CampaignOption
from rules.campaign.options.spot_checks import SpotCheckOption
from rules.campaign.options.targets import TargetOption
from rules.option_rules import OptionRules

CAMPAIGN_OPTIONS: OptionRules[CampaignOption] = OptionRules(
    PhaseOption(), BriefingOption(), PatrolEndOption(), SpotCheckOption(), TargetOption(), JointOption()
)
