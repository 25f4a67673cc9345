"""The expectations in messages about plans, their templates and amendments. Each completes the words "expected ..."."""

from collections.abc import Sequence

# --- a plan -----------------------------------------------------------------------------------------------------------

BOTH_OFF_AND_ON = "a day in off_days or in work_days, not in both"
DIVISION = "a division code of GB/T 2260 (or `division_codes: free`)"
GRACE = "at least 1 day: a site never climbs two rungs on one day"


def known_holidays(year: int) -> str:
    return f"a day from {year}-01-01 on: holidays before are not known (calendar.source: weekdays needs none)"


def within_years(years: int, latest: object) -> str:
    return f"a day up to {latest}: a campaign lasts {years} years at most; a programme has a campaign for each year"


def document_kind(known: list[str], near: list[str]) -> str:
    return f"a kind of document{_perhaps(near) or ', one of ' + ', '.join(known)}"


def opens_after(minutes: int) -> str:
    end = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"a time after {end}: until then the sites of a night are woken (wake_spread_minutes: {minutes})"


def area_reaches(target: str, area: str, unmeasured: int) -> str:
    more = f", {unmeasured} without an area" if unmeasured else ""
    return f"sites of at least {target} ha together to reach the unit's target: the register has {area} ha{more}"


def sites_reach(target: str, sites: str) -> str:
    return f"at least {target} sites to reach the unit's target: the register has {sites}"


def stock_is(stock: str, there: str, unit: str) -> str:
    return f"the stock of which its share is asked, {stock} {unit} in the plan: the register has {there} {unit}"


def another_judge(
    level: str, by: str, place: str, site: str, sites: int, named: Sequence[str], worker: str | None
) -> str:
    more = f" and {sites - 1} others" if sites > 1 else ""
    why = f"if {worker} works as the register says" if worker is not None else "whoever works there"
    units = ", ".join(named) or "none"
    return (
        f"a unit for level {level} at {site}{more} ({place}) that neither works nor judges another level: {why}, none "
        f"is left of the role {by}, whose units there are: {units}. "
        "Name bureaus in the plan, another role, or `same_unit: allowed` with its reason"
    )


# --- templates --------------------------------------------------------------------------------------------------------

TEMPLATE_FOLDER = "the path of a folder beside this file, with wording.yaml, document.html.j2 or document.txt.j2 in it"
TEMPLATE_FILES = "wording.yaml, document.html.j2 or document.txt.j2: nothing else is read"
SENTENCES = "sentences by kind of document, each as `name: text`"
SENTENCE = "text"
SENTENCE_LIST = "a list of sentences"
NO_SENTENCE = "at least one sentence"


def sentence_key(known: list[str], near: list[str]) -> str:
    return f"a kind of document, `words` or `requests`{_perhaps(near) or ': ' + ', '.join(known)}"


def sentence_name(kind: str, known: list[str], near: list[str]) -> str:
    return f"a sentence of {kind}{_perhaps(near) or ': ' + ', '.join(known)}"


def sentences_exactly(count: int) -> str:
    return f"{count} entries, as many as the table has columns"


def at_most_bytes(count: int) -> str:
    return f"at most {count} bytes"


# --- an amendment -----------------------------------------------------------------------------------------------------

OWN_NUMBER = "a document number of its own: this is the plan's"
CHANGED_OR_REMOVED = "an entry that is changed or removed: this one is in both `change` and `remove`"
CITY_KEEPS_NAME = "a city's name as it was: documents and ledger bear it"


def one_of_the_plan(known: Sequence[str]) -> str:
    return f"one of the plan's: {', '.join(known)}"


def _perhaps(near: list[str]) -> str:
    return f", perhaps {near[0]}" if near else ""
