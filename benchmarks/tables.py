"""The tables that the loader fills, and which of their columns."""

from collections import defaultdict
from typing import Any

Rows = defaultdict[str, list[tuple[Any, ...]]]  #: By table.

#: Tables in the order of their references, and what is said of each row.
COLUMNS = {
    "patient": ("id", "billing_provider_id", "source", "record_number_index", "last_name_index",
                "last_name_prefix_indexes", "birth_date_index", "identity", "updated_at"),
    "coverage": ("id", "patient_id", "payer_id", "responsibility", "member_id_index", "identity",
                 "updated_at"),
    "encounter": ("id", "source", "external_id", "actor_id", "fingerprint", "body", "status",
                  "findings", "received_at"),
    "claim": ("id", "encounter_id", "patient_id", "coverage_id", "billing_provider_id", "payer_id",
              "partner_id", "patient_control_number", "payer_control_number", "status", "status_by",
              "status_at", "charge_cents", "service_from", "service_to", "identity", "findings",
              "created_at"),
    "claim_line": ("claim_id", "line", "control_number", "procedure", "modifiers", "charge_cents",
                   "service_from", "quantity"),
    "file": ("id", "partner_id", "direction", "name", "file_type", "state", "sha256", "size_bytes",
             "interchange_number", "group_number", "conformance", "created_at", "sent_at"),
    "file_chunk": ("file_id", "n", "is_last", "sealed"),
    "submission": ("file_id", "set_number", "claim_id", "position", "patient_control_number",
                   "billing_provider_id", "payer_id"),
    "claim_event": ("claim_id", "key", "event", "status_after", "reporter", "file_id", "detail",
                    "recorded_at"),
    "remittance": ("id", "file_id", "set_index", "set_number", "partner_id", "state", "payer_name",
                   "payer_id", "trace", "payee_id", "payment_date", "payment_cents", "method",
                   "claims", "claims_paid_cents", "provider_adjustments_cents", "content_sha256",
                   "findings", "received_at"),
    "remittance_claim": ("remittance_id", "position", "claim_id", "billing_provider_id", "payer_id",
                         "patient_control_number", "payer_control_number", "status_code",
                         "charge_cents", "paid_cents", "patient_cents", "match_rule",
                         "match_confidence", "contractual_codes", "state", "segment_number",
                         "verdict", "is_other_payer", "is_expanded"),
    "work_item": ("id", "key", "kind", "state", "reason", "message", "action", "pointer",
                  "amount_cents", "claim_id", "opened_at", "due_on", "assignee_id", "touched_at",
                  "closed_at", "closed_by"),
    "ledger_entry": ("id", "key", "kind", "file_id", "set_number", "effective_on", "posted_at"),
    "posting": ("entry_id", "n", "account", "amount_cents", "billing_provider_id", "claim_id",
                "line", "payer_id", "remittance_id", "reason", "reference", "segment_number",
                "element"),
}  # fmt: skip
