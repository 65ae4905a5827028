"""A posted remittance as rows: each claim, service and PLB pair with what was decided. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from edi.remittance_835.model import Remittance
from rcm.remittance.codes import provider_adjustment_account
from rcm.remittance.decide import ClaimState
from rcm.remittance.history import History
from rcm.remittance.match_line import LineMatch
from rcm.remittance.post import Decisions, Source
from rcm.remittance.reverse import is_bare


def claim_details(
    remittance: Remittance, decisions: Decisions, history: History, source: Source
) -> list[dict[str, Any]]:
    """Return a row for each claim of a remittance.

    Numbers that are not ours may name a person: they stay in the sealed file.
    """
    rows: list[dict[str, Any]] = []
    for payment in remittance.claims:
        position = payment.position
        match = decisions.matches.get(position)
        original = history.originals.get(position)
        told = history.here.get(position)
        rows.append(
            {
                "remittance_id": source.remittance_id,
                "position": position,
                "claim_id": match.claim.id if match else None,
                # As the claim was when it was sent so: a correction changes no old posting.
                "billing_provider_id": match.claim.billing_provider_id if match else None,
                "payer_id": match.claim.payer_id if match else None,
                "patient_control_number": match.claim.patient_control_number if match else "",
                "payer_control_number": payment.payer_claim_number if match else "",
                "status_code": payment.status_code,
                "charge_cents": payment.charge_cents,
                "paid_cents": payment.paid_cents,
                "patient_cents": payment.patient_responsibility_cents or 0,
                "match_rule": match.rule if match else "",
                "match_confidence": match.confidence if match else "",
                # As they were: changing a payer's codes changes no old posting.
                "contractual_codes": sorted(match.claim.contractual_codes) if match else [],
                "state": decisions.states[position],
                "segment_number": payment.segment_number,
                "verdict": told.verdict if told else "",
                "is_other_payer": position in decisions.others,
                "reverses_remittance_id": original.remittance_id if original else None,
                "reverses_position": original.position if original else None,
                "is_expanded": is_bare(payment, history.payments),
            }
        )
    return rows


def service_details(
    remittance: Remittance,
    lines: Mapping[int, Sequence[LineMatch]],
    states: Mapping[int, ClaimState],
    source: Source,
) -> list[dict[str, Any]]:
    """Return a row for each service of a posted claim, with the line it was found to be."""
    return [
        {
            "remittance_id": source.remittance_id,
            "position": payment.position,
            "service": n,
            "line": found.line,
            "match_rule": found.rule,
            "match_confidence": found.confidence,
            "charge_cents": service.charge_cents,
            "paid_cents": service.paid_cents,
        }
        for payment in remittance.claims
        if states[payment.position] is ClaimState.POSTED
        for n, (service, found) in enumerate(
            zip(payment.services, lines[payment.position], strict=True), start=1
        )
    ]


def provider_adjustment_details(
    remittance: Remittance,
    decisions: Decisions,
    source: Source,
    *,
    hide: Callable[[str], str],
    claims: Mapping[str, UUID],
) -> list[dict[str, Any]]:
    """Return a row for each PLB pair; `claims` are those whose number a reference is."""
    return [
        {
            "remittance_id": source.remittance_id,
            "n": n,
            "reason": each.reason,
            "reference": hide(each.reference),
            "account": provider_adjustment_account(each.reason),
            "amount_cents": each.amount_cents,
            "billing_provider_id": decisions.practices.get(n),
            "claim_id": claims.get(each.reference),
            "segment_number": each.segment_number,
        }
        for n, each in enumerate(remittance.provider_adjustments, start=1)
    ]
