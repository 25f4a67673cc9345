"""The offices that issue, approve and receive documents, and the two channels that need no entry in a channel file."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.actor import Right
from schemas.base import Identifier, InputModel

Text = Annotated[str, Field(min_length=1, max_length=2000)]


Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]


def is_unset(value: object) -> bool:
    """Whether an optional field is empty: it is then left out of the JSON.

    Plans and registers stay short, and a field that is added later does not change the digest of existing ones.
    """
    return value is None or value is False or value == () or value == {}


class Agency(InputModel):
    """An issuing agency (发文单位); `series` (机关代字) begins the numbers of its documents.

    `series: 豫自然资督` gives 豫自然资督〔2021〕12号; an agency without one numbers under the plan's id. `rights` are
    those of an office (see `Recipient`).
    """

    name: Text
    email: Email | None = None
    rights: tuple[Right, ...] = Field(default=(), exclude_if=is_unset)
    series: Annotated[str, Field(min_length=1, max_length=40)] | None = Field(default=None, exclude_if=is_unset)


class Recipient(InputModel):
    """Who receives documents.

    `channels` maps a channel's name (of the worker's channel file; `e-mail` is one) to the kinds of documents that
    go out on it; an empty list means every kind. Without it documents go by e-mail where there is an address.
    `rights` are what the office may do beside receiving, signing for and answering documents; left out, what follows
    from what it is there for (rules.terms.rights).
    """

    name: Text
    email: Email | None = None
    channels: dict[Identifier, tuple[Identifier, ...]] = Field(default={}, exclude_if=is_unset)
    rights: tuple[Right, ...] = Field(default=(), exclude_if=is_unset)

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if MAIL in self.channels and self.email is None:
            raise ValueError(f"channels name {MAIL}, and there is no email address")
        return self


class Approver(Recipient):
    """Who approves a document before it is issued; `superior` is notified if the approval is overdue."""

    superior: Recipient


class AddresseeLevel(StrEnum):
    """To whom in a city a document is addressed (主送), lowest first."""

    BUREAUS = "bureaus"
    GOVERNMENT = "government"
    DEPUTY_HEAD = "deputy_head"
    HEAD = "head"


class Township(InputModel):
    """A township (乡镇、街道) of a county; `office` is its government as recipient. People act for its code or name."""

    code: Annotated[str, Field(min_length=1, max_length=100)]
    name: Text
    office: Recipient | None = Field(default=None, exclude_if=is_unset)


class County(InputModel):
    """A county (县、区、县级市) of a city, for plans that give counties something to do; `code` is as in the register.

    `recipients` are its bureaus, `government` is its government as recipient. `deputy_head` (分管负责人) and `head`
    (主要负责人) are offices, not persons.
    """

    code: Annotated[str, Field(min_length=1, max_length=100)]
    name: Text
    government: Recipient | None = Field(default=None, exclude_if=is_unset)
    recipients: tuple[Recipient, ...] = Field(default=(), max_length=50, exclude_if=is_unset)
    deputy_head: Recipient | None = Field(default=None, exclude_if=is_unset)
    head: Recipient | None = Field(default=None, exclude_if=is_unset)
    townships: tuple[Township, ...] = Field(default=(), max_length=100, exclude_if=is_unset)


class City(InputModel):
    """A city that deploys; `code` is its division code, or free text where the plan says so.

    `recipients` are its bureaus, `lead` its government; `government` is that government as recipient.
    `deputy_head` (分管负责人) and `head` (主要负责人) are offices, not persons.
    """

    code: Identifier
    name: Text
    lead: Text
    recipients: tuple[Recipient, ...] = Field(min_length=1)
    government: Recipient | None = Field(default=None, exclude_if=is_unset)
    deputy_head: Recipient | None = Field(default=None, exclude_if=is_unset)
    head: Recipient | None = Field(default=None, exclude_if=is_unset)
    counties: tuple[County, ...] = Field(default=(), max_length=200, exclude_if=is_unset)
    """Its counties, where the plan names them."""

    def county(self, code: str) -> County | None:
        """The county with this code or name; None if the plan does not name it."""
        return next((county for county in self.counties if code in (county.code, county.name)), None)


def county_contradictions(cities: Iterable[City]) -> Iterator[str]:
    """Counties and townships that stand twice in one city or county, as `path: what`: people act for both names."""
    for place, city in enumerate(cities):
        named: list[tuple[str, Iterable[County | Township]]] = [("counties", city.counties)]
        named += [(f"counties[{n}].townships", county.townships) for n, county in enumerate(city.counties)]
        for path, listed in named:
            times = Counter(name for one in listed for name in {one.code, one.name})
            yield from (
                f"cities[{place}].{path}: {name} stands twice, expected once" for name, n in times.items() if n > 1
            )


OUTBOX = "outbox"
"""The folder of the issuing office: every document is written to it, whatever other channels it has."""


MAIL = "e-mail"
