"""What must fit together in a partner's settings: each check finds one kind of fault. Pure."""

from collections.abc import Callable, Iterator, Sequence
from zoneinfo import ZoneInfo

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_ssh_private_key, load_ssh_public_key

from edi.delimiters import is_legal
from edi.findings import Finding, Place, error
from rcm.parties.names import is_pattern, template_fault
from rcm.parties.settings import PartnerIn

_KEY_FAILURES = (ValueError, UnsupportedAlgorithm, TypeError)


def bad(code: str, pointer: str, message: str, cure: str = "Correct this field.") -> Finding:
    """Return an error of a setting."""
    return error(code, message, cure=cure, place=Place(pointer=pointer))


def _time_zone_is_known(settings: PartnerIn) -> Iterator[Finding]:
    try:
        ZoneInfo(settings.time_zone)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError.
        yield bad(
            "PARTNER-TIME-ZONE",
            "/time_zone",
            "There is no such time zone.",
            "Send a name such as America/New_York.",
        )
    if settings.cut_off is not None and settings.cut_off.tzinfo is not None:
        yield bad(
            "PARTNER-TIME-ZONE",
            "/cut_off",
            "The cut-off is in the partner's time zone.",
            "Send a time without an offset, such as 17:00.",
        )


def _delimiters_are_legal(settings: PartnerIn) -> Iterator[Finding]:
    given = settings.delimiters
    signs = {name: getattr(given, name) for name in ("element", "component", "repetition")}
    signs["terminator"] = given.terminator
    for name, sign in signs.items():
        pointer = f"/delimiters/{name}"
        if not is_legal(sign, is_terminator=name == "terminator") or sign in ".-":
            yield bad(
                "PARTNER-DELIMITER",
                pointer,
                "This is no delimiter that X12 allows.",
                "Send one sign; no letter, digit, space, dot or hyphen.",
            )
        elif list(signs.values()).count(sign) > 1:
            yield bad(
                "PARTNER-DELIMITER-TWICE",
                pointer,
                "Two delimiters are the same.",
                "Give each its own sign.",
            )
    if given.line_end and given.terminator in "\r\n":
        yield bad(
            "PARTNER-DELIMITER-TWICE",
            "/delimiters/line_end",
            "The terminator ends the line.",
            "Leave line_end empty.",
        )


def _no_value_holds_a_delimiter(settings: PartnerIn) -> Iterator[Finding]:
    given = settings.delimiters
    signs = (given.element, given.component, given.repetition, given.terminator)
    forbidden = {sign for sign in signs if is_legal(sign)}
    for name in (
        "our_id",
        "their_id",
        "group_sender",
        "group_receiver",
        "submitter_name",
        "submitter_contact",
        "receiver_name",
    ):
        if set(getattr(settings, name)) & forbidden:
            yield bad(
                "PARTNER-DELIMITER-IN-VALUE",
                f"/{name}",
                "This value holds a delimiter.",
                "Choose other delimiters, or another value.",
            )


def _names_are_safe(settings: PartnerIn) -> Iterator[Finding]:
    if fault := template_fault(settings.outbound_name):
        yield bad(
            "PARTNER-NAME-TEMPLATE", "/outbound_name", fault, "Send for example {isa13}_{type}.x12."
        )
    for n, pattern in enumerate(settings.inbound_names):
        if not is_pattern(pattern):
            yield bad(
                "PARTNER-NAME-PATTERN",
                f"/inbound_names/{n}",
                "No safe name fits this pattern.",
                "Send letters, digits, * and ?, such as *.835.",
            )


def _folders_differ(settings: PartnerIn) -> Iterator[Finding]:
    inbound = _plain(settings.inbound_folder)
    for name in ("outbound_folder", "archive_folder"):
        if _plain(getattr(settings, name)) == inbound:
            yield bad(
                "PARTNER-FOLDERS",
                f"/{name}",
                "What is put there would be fetched again.",
                "Choose another folder than inbound_folder.",
            )


def _folders_stay_inside(settings: PartnerIn) -> Iterator[Finding]:
    """A folder that climbs up could reach files of the partner that are none of our business."""
    for name in ("outbound_folder", "inbound_folder", "archive_folder"):
        if ".." in getattr(settings, name).replace("\\", "/").split("/"):
            yield bad(
                "PARTNER-FOLDER-CLIMBS",
                f"/{name}",
                "The folder goes up with `..`.",
                "Give it from the login folder, or from the root: inbound, or /inbound.",
            )


def _keys_can_be_read(settings: PartnerIn) -> Iterator[Finding]:
    for n, line in enumerate(settings.host_keys):
        try:
            load_ssh_public_key(line.encode("ascii"))
        except _KEY_FAILURES:
            yield bad(
                "PARTNER-HOST-KEY",
                f"/host_keys/{n}",
                "This is no public key of an SSH server.",
                "Ask the partner for it: `ssh-ed25519 AAAA...`.",
            )
    if settings.private_key is not None:
        try:
            load_ssh_private_key(settings.private_key.get_secret_value().encode(), password=None)
        except _KEY_FAILURES:
            yield bad(
                "PARTNER-PRIVATE-KEY",
                "/private_key",
                "This is no private key that we can use.",
                "Send OpenSSH text without a passphrase.",
            )


def _plain(folder: str) -> str:
    return folder.strip("/").removeprefix("./")


CHECKS: Sequence[Callable[[PartnerIn], Iterator[Finding]]] = (
    _time_zone_is_known,
    _delimiters_are_legal,
    _no_value_holds_a_delimiter,
    _names_are_safe,
    _folders_differ,
    _folders_stay_inside,
    _keys_can_be_read,
)
