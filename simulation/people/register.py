"""The register of a simulated campaign: the sites registered at the start, and those that surveys add."""

from collections.abc import Sequence

from rules.city.options.counties.opening import opens_with
from rules.effects import OpenSites
from schemas.options.surveys import PlannedSurvey
from schemas.register import Site


class Register:
    """Sites that are not opened yet, by city and survey. Each is returned once, in the order of ids."""

    def __init__(self, sites: Sequence[Site], surveys: Sequence[PlannedSurvey]) -> None:
        self._surveys = {one.survey.id: one.survey.sites for one in surveys}
        self._added: set[str] = set()
        self._waiting: dict[tuple[str, str | None], list[Site]] = {}
        self._queue(sites)

    @staticmethod
    def all_sites(sites: Sequence[Site], surveys: Sequence[PlannedSurvey]) -> tuple[Site, ...]:
        """The sites of the register and of all surveys."""
        return (*sites, *(site for one in surveys for site in one.survey.sites))

    def add(self, survey: str) -> tuple[Site, ...]:
        """Add the sites of a survey and return them; a second call returns none."""
        if survey in self._added:
            return ()
        self._added.add(survey)
        self._queue(self._surveys[survey])
        return self._surveys[survey]

    @property
    def surveys(self) -> tuple[str, ...]:
        """The surveys that were added, by id."""
        return tuple(sorted(self._added))

    def opening(self, city: str, order: OpenSites) -> list[Site]:
        """The sites of a city that open with this order; the others go on waiting."""
        opened: list[Site] = []
        for key in [key for key in self._waiting if key[0] == city]:
            waiting = self._waiting.pop(key)
            opened += (site for site in waiting if opens_with(site, order))
            if left := [site for site in waiting if not opens_with(site, order)]:
                self._waiting[key] = left
        return sorted(opened, key=lambda site: site.id)

    def unopened(self, city: str) -> list[Site]:
        """The sites of a city that were never opened."""
        keys = [key for key in self._waiting if key[0] == city]
        return [site for key in keys for site in self._waiting.pop(key)]

    def _queue(self, sites: Sequence[Site]) -> None:
        for site in sorted(sites, key=lambda site: site.id):
            self._waiting.setdefault((site.city, site.survey), []).append(site)
