"""How Python types become columns."""

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import ARRAY, BigInteger, DateTime, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

Big = Annotated[int, mapped_column(BigInteger)]
Small = Annotated[int, mapped_column(SmallInteger)]
Json = Annotated[Any, mapped_column(JSONB)]


class Base(DeclarativeBase):
    """The root of all rows; the migrations say the same in SQL, and a test compares them."""

    type_annotation_map = {  # noqa: RUF012  # Read by SQLAlchemy when the class is made.
        str: Text,
        datetime: DateTime(timezone=True),
        bytes: LargeBinary,
        list[str]: ARRAY(Text),
        list[bytes]: ARRAY(LargeBinary),
    }
