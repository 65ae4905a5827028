"""Where a number leads."""

from pydantic import BaseModel, ConfigDict, Field


class PageLinkOut(BaseModel):
    """A page of the dashboard, and the filter with which its list has exactly that sum."""

    model_config = ConfigDict(from_attributes=True)

    page: str = Field(description="Path, below the dashboard's own.")
    filter: dict[str, str | list[str]] = Field(description="Parameters of the list, by name.")
