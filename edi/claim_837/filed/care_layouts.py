"""Which element each field of `care` is."""

from edi.claim_837.filed.care import (
    Admission,
    Ambulance,
    DentalService,
    Drug,
    DrugQuantity,
    Equipment,
    EquipmentCertificate,
    FormAnswer,
    InstitutionalService,
    Measurement,
    Orthodontics,
    ProfessionalService,
    PurchasedService,
    SpinalManipulation,
    Tooth,
    ToothStatus,
)
from edi.layout import Layout

PROFESSIONAL = Layout(
    "SV1", ProfessionalService, "procedure", "charge_cents", "unit", "quantity",
    "place_of_service", "service_type", "pointers", "amount_cents", "is_emergency",
    "multiple_procedure", "is_epsdt", "is_family_planning", "review", "local_use", "copay_status",
)  # fmt: skip
INSTITUTIONAL = Layout(
    "SV2", InstitutionalService, "revenue_code", "procedure", "charge_cents", "unit", "quantity",
    "rate", "not_covered_cents",
)  # fmt: skip
DENTAL = Layout(
    "SV3", DentalService, "procedure", "charge_cents", "place_of_service", "oral_cavity",
    "prosthesis", "quantity", "description", "copay_status", "agreement", "predetermination",
    "pointers",
)  # fmt: skip
EQUIPMENT = Layout(
    "SV5", Equipment, "procedure", "unit", "days", "rental_cents", "purchase_cents",
    "rental_unit", "prognosis",
)  # fmt: skip
CERTIFICATE = Layout("CR3", EquipmentCertificate, "kind", "unit", "months")
AMBULANCE = Layout(
    "CR1", Ambulance, "weight_unit", "weight", "transport", "reason", "distance_unit",
    "distance", "pickup", "drop_off", "round_trip", "stretcher",
)  # fmt: skip
SPINAL = Layout(
    "CR2", SpinalManipulation, "number", "total", "level_from", "level_to", "unit", "period",
    "in_month", "condition", "has_complication", "description", "more_description", "has_xray",
)  # fmt: skip
ADMISSION = Layout("CL1", Admission, "kind", "source", "patient_status", "residential_status")
TOOTH = Layout("TOO", Tooth, "code_list", "number", "surfaces")
TOOTH_STATUS = Layout(
    "DN2", ToothStatus, "number", "status", "quantity", "period_format", "period", "code_list"
)
ORTHODONTICS = Layout("DN1", Orthodontics, "months", "months_left", "is_orthodontic", "description")
MEASUREMENT = Layout("MEA", Measurement, "reference", "qualifier", "value")
PURCHASED = Layout("PS1", PurchasedService, "provider", "charge_cents")
DRUG = Layout("LIN", Drug, "line", "qualifier", "code")
DRUG_QUANTITY = Layout(
    "CTP", DrugQuantity, "price_class", "price_identifier", "price", "quantity", "unit"
)
FORM_ANSWER = Layout("FRM", FormAnswer, "question", "answer", "text", "day", "percent")
