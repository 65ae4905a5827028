"""Text that people type: one line, without what no database can hold."""

from typing import Annotated

from pydantic import StringConstraints

ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
OneLine = Annotated[str, StringConstraints(pattern=ONE_LINE, max_length=200)]
