"""The settings of a trading partner as the API shows and takes them."""

from datetime import time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, PlainSerializer

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
TimeOfDay = Annotated[time, PlainSerializer(lambda at: at.strftime("%H:%M"), return_type=str)]


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class DelimitersOut(_Shown):
    """The delimiters of what we send."""

    element: str
    component: str
    repetition: str
    terminator: str
    line_end: str


class SettingsOut(_Shown):
    """The settings of a partner, as PUT takes them. Our private key is never shown."""

    name: str
    usage: Literal["T", "P"]
    our_qualifier: str
    our_id: str
    their_qualifier: str
    their_id: str
    group_sender: str
    group_receiver: str
    submitter_name: str
    submitter_contact: str
    submitter_phone: str
    receiver_name: str
    time_zone: str
    cut_off: TimeOfDay | None
    silent_hours: int
    host: str
    port: int
    username: str
    host_keys: list[str]
    outbound_folder: str
    inbound_folder: str
    archive_folder: str
    stable_seconds: int
    incomplete_minutes: int
    delimiters: DelimitersOut
    outbound_name: str
    inbound_names: list[str]


#: What POST and PUT take: the example of the settings and, where it is new, our private key.
SETTINGS_EXAMPLE = {
    "name": "Sandbox Clearinghouse",
    "usage": "T",
    "our_qualifier": "ZZ",
    "our_id": "HARBORBILLING",
    "their_qualifier": "ZZ",
    "their_id": "SANDBOXCH",
    "group_sender": "HARBORBILLING",
    "group_receiver": "SANDBOXCH",
    "submitter_name": "HARBOR BILLING",
    "submitter_contact": "EDI DESK",
    "submitter_phone": "5125550199",
    "receiver_name": "SANDBOX CLEARINGHOUSE",
    "time_zone": "America/Chicago",
    "cut_off": "17:00",
    "silent_hours": 72,
    "host": "sftp.clearinghouse.example",
    "port": 22,
    "username": "practice",
    "host_keys": [HOST_KEY],
    "outbound_folder": "to_payer",
    "inbound_folder": "from_payer",
    "archive_folder": "archive",
    "stable_seconds": 10,
    "incomplete_minutes": 60,
    "delimiters": {
        "element": "*", "component": ":", "repetition": "^", "terminator": "~", "line_end": "",
    },
    "outbound_name": "{isa13}_{type}.x12",
    "inbound_names": ["*.x12", "*.835"],
}  # fmt: skip
