"""How many examples a property test tries: a quarter of its full number here, five times it with `make test-long`.

A test names its full number: `settings(max_examples=examples(200))`; one that names none has Hypothesis' own hundred.
"""

from hypothesis import settings

_SHARES = {"small": 0.25, "long": 5.0}
"""The profiles, and how much of the full number each tries."""
_FEWEST = 5


def examples(full: int) -> int:
    """The number under the profile that is loaded (`--hypothesis-profile`)."""
    return max(_FEWEST, round(full * _SHARES.get(settings.get_current_profile_name(), 1.0)))


def register_profiles() -> None:
    """Name the profiles to Hypothesis, and load the small one, which the option of pytest may replace.

    No example has a deadline of its own: on a busy machine it would say nothing of the code.
    """
    for name, share in _SHARES.items():
        settings.register_profile(name, max_examples=round(100 * share), deadline=None)
    settings.load_profile("small")
