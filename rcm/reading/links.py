"""Where a number leads: a page, and the filter with which its list has exactly that sum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

FilterValue = str | Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A page of the dashboard, by its path, and the filter of its list by the API's names."""

    page: str
    filter: Mapping[str, FilterValue] = field(default_factory=dict)
