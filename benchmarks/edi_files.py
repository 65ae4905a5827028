"""The files that the readers are given: an 837P of sample claims, and the sandbox payer's 835."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

from pydantic import TypeAdapter

from edi.claim_837 import BillingProvider, Claim, ClaimBatch, Receiver, Submitter, write_837p
from edi.delimiters import STANDARD
from edi.envelope import Envelope
from edi.findings import Finding
from edi.guides import Guide
from edi.reader import read_interchanges
from edi.writer import write_interchange
from rcm.claims.batch import in_writing_order
from rcm.claims.build import build_claim
from rcm.encounters.read import read_encounter
from rcm.parties.model import PayerParty, Practice
from samples.encounters import HELD, encounters
from sandbox.outbox import Numbers
from sandbox.payer import answer
from sandbox.remit import PayerIdentity

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
_SEED = 835
_PROVIDER = TypeAdapter(BillingProvider)


SIZES = (1, 2, 4)  #: Times the claims of the smallest file: so that growth shows.
_SET_CLAIMS = 2000  #: Of a transaction set, at most; X222A1 wants no more than 5,000.


def make_files(folder: Path, claims: int) -> dict[int, dict[str, Path]]:
    """Write an 837P and the 835 of it for each size; no claim comes twice."""
    made = make_claims(claims * max(SIZES))
    each_set = min(claims, _SET_CLAIMS)
    batches = [_batch(made[at : at + each_set], at) for at in range(0, len(made), each_set)]
    answers = [answer_835(write_batches([each])) for each in batches]
    files: dict[int, dict[str, Path]] = {}
    for size in SIZES:
        files[size] = {kind: folder / f"bench-{size}.{kind}" for kind in ("837", "835")}
        files[size]["837"].write_bytes(write_batches(batches[: size * claims // each_set]))
        files[size]["835"].write_bytes(_joined(answers[: size * claims // each_set]))
    return files


def make_claims(claims: int) -> list[Claim]:
    """Return so many sample claims, of every kind that is not held."""
    parties = json.loads(Path("samples/parties.json").read_text(encoding="utf-8"))
    practices = {
        each["npi"]: Practice(id=_id(each["npi"]), provider=_PROVIDER.validate_python(each))
        for each in parties["practices"]
    }
    payers = {
        each["identifier"]: PayerParty(
            id=_id(each["identifier"]),
            partner_id=_id("partner"),
            **each | {"contractual_codes": frozenset(each["contractual_codes"])},
        )
        for each in parties["payers"]
    }
    numbers = count(1)
    made: list[Claim] = []
    for kind, body in encounters(claims + claims // 4 + 50, seed=_SEED, today=TODAY):
        # x12sdk does not know DMG03 U, which X222A2 allows.
        is_read_by_all = body["patient"]["gender"] in ("female", "male")
        if is_read_by_all and not kind.startswith(HELD) and len(made) < claims:
            encounter = read_encounter(json.dumps(body).encode())
            made.append(
                build_claim(
                    encounter,
                    practice=practices[encounter.billing_provider.npi],
                    payer=payers[encounter.coverages[0].payer.id],
                    control_number=f"B{next(numbers):09d}",
                )
            )
    return made


def _batch(claims: list[Claim], number: int) -> ClaimBatch:
    return ClaimBatch(
        reference=f"{number + 1:09d}",
        created_at=datetime(2026, 11, 23, 9, 0),  # noqa: DTZ001  # As BHT carries it.
        submitter=Submitter(
            name="BENCH", id="BENCH", contact_name="DESK", contact_phone="5125550199"
        ),
        receiver=Receiver(name="SANDBOX", id="SANDBOX"),
        claims=in_writing_order(claims),
    )


def write_batches(batches: Sequence[ClaimBatch]) -> bytes:
    """Return the 837P of these batches, each a transaction set."""
    envelope = Envelope(
        sender_qualifier="ZZ",
        sender_id="BENCH",
        receiver_qualifier="ZZ",
        receiver_id="SANDBOX",
        group_sender="BENCH",
        group_receiver="SANDBOX",
        interchange_number=1,
        group_number=1,
        usage="T",
        written_at=NOW,
        guide=Guide.CLAIM_PROFESSIONAL,
        delimiters=STANDARD,
    )
    sets = [("837", write_837p(batch, STANDARD)) for batch in batches]
    return write_interchange(envelope, sets)


def answer_835(body: bytes) -> bytes:
    """Return the largest 835 with which the sandbox payer answers an 837P."""
    (interchange,) = read_interchanges(body)
    told = answer(interchange, numbers=Numbers(), now=NOW, identity=PayerIdentity(), check=_nothing)
    return max((each.body for each in told.files if "835" in each.name), key=len)


def _joined(bodies: Sequence[bytes]) -> bytes:
    """Return the sets of several 835s in the envelope of the first, numbered anew."""
    numbers = count(1)
    inner: list[str] = []
    for each in bodies:
        text = each.decode("ascii")
        for found in text[text.index("~ST*") + 1 : text.index("~GE*") + 1].split("ST*835*")[1:]:
            number = f"{next(numbers):04d}"
            head, _, rest = found.partition("~")
            assert "*" not in head
            start = rest.rindex("SE*")
            se = rest[start:].split("*")
            inner.append(f"ST*835*{number}~{rest[:start]}SE*{se[1]}*{number}~")
    first = bodies[0].decode("ascii")
    end = first[first.index("~GE*") + 1 :].split("*", 2)
    whole = first[: first.index("~ST*") + 1] + "".join(inner)
    return f"{whole}GE*{len(inner)}*{end[2]}".encode("ascii")


def _nothing(*_: object) -> tuple[Finding, ...]:
    return ()


def _id(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, name)
