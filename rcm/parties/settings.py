"""A trading partner's settings as they are posted and shown. The private key is never shown."""

from datetime import time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, SecretStr, StringConstraints

_X12 = r"A-Za-z0-9!\"&'()*+,\-./:;?=%@\[\]_{}\\|<>~^`#$"  #: The characters of X12, but the space.

Qualifier = Literal["01", "14", "20", "27", "28", "29", "30", "33", "ZZ"]  #: ISA05 and ISA07.
Identifier = Annotated[str, StringConstraints(pattern=rf"^[{_X12}](?:[{_X12} ]{{0,13}}[{_X12}])?$")]
Code = Annotated[str, StringConstraints(pattern=rf"^[{_X12}](?:[{_X12} ]{{0,13}}[{_X12}])$")]
Words = Annotated[str, StringConstraints(pattern=rf"^[{_X12}](?:[{_X12} ]{{0,58}}[{_X12}])?$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,253}$")]
Login = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]
HostKey = Annotated[str, StringConstraints(max_length=4000)]
Folder = Annotated[str, StringConstraints(pattern=r"^[ -~]{0,200}$")]
TimeOfDay = Annotated[
    time, PlainSerializer(lambda at: at.strftime("%H:%M"), return_type=str, when_used="json")
]


class DelimiterSettings(BaseModel):
    """The delimiters of what we send."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"
    line_end: Literal["", "\n", "\r\n"] = Field(
        default="", description="What follows each terminator."
    )


class PartnerSettings(BaseModel):
    """Who a partner is, how files travel, and what they are called."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, hide_input_in_errors=True)

    name: Name
    usage: Literal["T", "P"] = Field(description="ISA15: it must fit this deployment.")
    our_qualifier: Qualifier
    our_id: Identifier = Field(description="Our ISA identifier.")
    their_qualifier: Qualifier
    their_id: Identifier = Field(description="Their ISA identifier.")
    group_sender: Code = Field(description="GS02 of what we send.")
    group_receiver: Code = Field(description="GS03 of what we send.")
    submitter_name: Words
    submitter_contact: Words
    submitter_phone: Phone
    receiver_name: Words
    time_zone: str = Field(max_length=60, description="Of schedule, cut-off, ISA and GS dates.")
    cut_off: TimeOfDay | None = Field(
        default=None,
        description="Claims ready after this time go with the next day's scheduled batch.",
    )
    silent_hours: int = Field(
        default=72, ge=1, le=8760, description="After so long without a file we say so."
    )
    host: Host
    port: int = Field(default=22, ge=1, le=65535)
    username: Login
    host_keys: list[HostKey] = Field(
        min_length=1, max_length=4, description="Pinned: `ssh-ed25519 AAAA...`."
    )
    outbound_folder: Folder
    inbound_folder: Folder
    archive_folder: Folder
    stable_seconds: int = Field(
        default=10, ge=0, le=300, description="Between two looks; 0: files are renamed into place."
    )
    incomplete_minutes: int = Field(default=60, ge=1, le=1440)
    delimiters: DelimiterSettings = DelimiterSettings()
    outbound_name: str = Field(
        default="{isa13}_{type}.x12",
        max_length=150,
        description="Knows {isa13}, {gs06}, {type}, {date}, {time}.",
    )
    inbound_names: list[str] = Field(
        default=[],
        max_length=50,
        description="Patterns with * and ?; empty: every file with a safe name is fetched.",
    )


class PartnerIn(PartnerSettings):
    """The settings as they are sent: with our private key, where it is new."""

    private_key: SecretStr | None = Field(
        default=None,
        max_length=16_000,
        description="OpenSSH text without a passphrase. Never shown; absent: as it was.",
    )
