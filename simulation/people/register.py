"""The register of a simulated campaign: what was registered at the start, and what surveys add on their days."""

from collections.abc import Sequence

from schemas.options.surveys import PlannedSurvey
from schemas.register import Site


class Register:
    """Which sites of a city wait for their opening. Each is taken out once, in the order of ids."""

    def __init__(self, sites: Sequence[Site], surveys: Sequence[PlannedSurvey]) -> None:
        self._surveys = {one.survey.id: one.survey.sites for one in surveys}
        self._added: set[str] = set()
        self._waiting: dict[tuple[str, str | None], list[Site]] = {}
        self._take_in(sites)

    @staticmethod
    def everywhere(sites: Sequence[Site], surveys: Sequence[PlannedSurvey]) -> tuple[Site, ...]:
        """All sites that the campaign will ever have."""
        return (*sites, *(site for one in surveys for site in one.survey.sites))

    def add(self, survey: str) -> tuple[Site, ...]:
        """The sites that a survey adds; none the second time."""
        if survey in self._added:
            return ()
        self._added.add(survey)
        self._take_in(self._surveys[survey])
        return self._surveys[survey]

    def opening(self, city: str, survey: str | None) -> list[Site]:
        """The sites of a city's first register, or of one survey, that open now."""
        return self._waiting.pop((city, survey), [])

    def unopened(self, city: str) -> list[Site]:
        """Whatever of a city's sites was never opened."""
        keys = [key for key in self._waiting if key[0] == city]
        return [site for key in keys for site in self._waiting.pop(key)]

    def _take_in(self, sites: Sequence[Site]) -> None:
        for site in sorted(sites, key=lambda site: site.id):
            self._waiting.setdefault((site.city, site.survey), []).append(site)
