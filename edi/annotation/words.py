"""Our own short words: what a loop is, and what a segment says to somebody who reads along."""

from collections.abc import Mapping

from edi.annotation.guide_maps import loop_names
from edi.annotation.places import CLAIM_LOOPS, Loop
from edi.guides import FileType

_CLAIM_LOOPS = {
    "1000A": "Submitter", "1000B": "Receiver", "2000A": "Billing provider",
    "2010AA": "Billing provider's name", "2010AB": "Pay-to address", "2010AC": "Pay-to plan",
    "2000B": "Subscriber level", "2010BA": "Subscriber", "2010BB": "Payer",
    "2000C": "Patient level", "2010CA": "Patient", "2300": "Claim",
    "2310A": "Referring provider", "2310B": "Rendering provider", "2310C": "Service facility",
    "2310D": "Supervising provider", "2310E": "Ambulance pick-up", "2310F": "Ambulance drop-off",
    "2320": "Other coverage", "2330A": "Other subscriber", "2330B": "Other payer",
    "2400": "Line", "2410": "Drug", "2420A": "Line's rendering provider",
    "2430": "Line paid before", "2440": "Form",
}  # fmt: skip
_FACILITY_LOOPS = _CLAIM_LOOPS | {
    "2310A": "Attending provider", "2310B": "Operating physician",
    "2310C": "Other operating physician", "2310D": "Rendering provider",
    "2310E": "Service facility", "2310F": "Referring provider",
    "2420A": "Line's operating physician",
}  # fmt: skip
_DENTAL_LOOPS = _CLAIM_LOOPS | {"2310D": "Assistant surgeon", "2310E": "Supervising provider"}
_REMITTANCE_LOOPS = {
    "1000A": "Payer", "1000B": "Payee", "2000": "Claims", "2100": "Claim paid", "2110": "Service",
}  # fmt: skip
_ELIGIBILITY_LOOPS = {
    "2000A": "Payer level", "2100A": "Payer", "2000B": "Provider level", "2100B": "Who asks",
    "2000C": "Subscriber level", "2100C": "Subscriber", "2110C": "Benefit",
    "2115C": "Where it applies", "2120C": "Who is involved", "2000D": "Dependent level",
    "2100D": "Dependent", "2110D": "Benefit", "2115D": "Where it applies",
    "2120D": "Who is involved",
}  # fmt: skip
_STATUS_LOOPS = {
    "2000A": "Payer level", "2100A": "Payer", "2000B": "Receiver level", "2100B": "Who asks",
    "2200B": "Answer to the batch", "2000C": "Provider level", "2100C": "Provider",
    "2200C": "Answer to the provider", "2000D": "Subscriber level", "2100D": "Subscriber",
    "2200D": "Claim", "2220D": "Line", "2000E": "Dependent level", "2100E": "Dependent",
    "2200E": "Claim", "2220E": "Line", "2210D": "Line", "2210E": "Line",
}  # fmt: skip
_ACKNOWLEDGED_LOOPS = {
    "2000A": "Who answers", "2100A": "Name", "2200A": "Receipt", "2000B": "Who is answered",
    "2100B": "Submitter", "2200B": "Answer to the batch", "2000C": "Billing provider level",
    "2100C": "Billing provider", "2200C": "Answer to the provider", "2000D": "Patient level",
    "2100D": "Patient", "2200D": "Claim", "2220D": "Line",
}  # fmt: skip
_WORDS: Mapping[FileType, Mapping[str, str]] = {
    FileType.CLAIM_PROFESSIONAL: _CLAIM_LOOPS,
    FileType.CLAIM_INSTITUTIONAL: _FACILITY_LOOPS,
    FileType.CLAIM_DENTAL: _DENTAL_LOOPS,
    FileType.REMITTANCE: _REMITTANCE_LOOPS,
    FileType.ELIGIBILITY_INQUIRY: _ELIGIBILITY_LOOPS,
    FileType.ELIGIBILITY_RESPONSE: _ELIGIBILITY_LOOPS,
    FileType.STATUS_INQUIRY: _STATUS_LOOPS,
    FileType.STATUS_RESPONSE: _STATUS_LOOPS,
    FileType.CLAIM_ACKNOWLEDGMENT: _ACKNOWLEDGED_LOOPS,
    FileType.ACKNOWLEDGMENT: {
        "2000": "Set",
        "2100": "Segment in error",
        "2110": "Element in error",
    },
}
_ENVELOPE = {"ISA": "Envelope", "GS": "Group", "ST": "Set"}
_NUMBERED = {"ISA", "GS", "ST", "2400"}  #: Loops whose number says more than their place.


def loop_words(loop: Loop) -> str:
    """Return what a loop is: `Subscriber`, `Line 2`, `Set 0001, 837P`."""
    words = _ENVELOPE.get(loop.id) or _WORDS.get(loop.kind, {}).get(loop.id)
    words = words or loop_names(loop.kind).get(loop.id, f"Loop {loop.id}").capitalize()
    if loop.id in _NUMBERED and loop.value.isalnum() and any(map(str.isdigit, loop.value)):
        words = f"{words} {loop.value[:9]}"
    if words.startswith("Claim") and loop.id in CLAIM_LOOPS:
        words = f"{words} {loop.nth}"
    if loop.id == "ST" and loop.kind is not FileType.UNKNOWN:
        words = f"{words}, {loop.kind}"
    return words


_GLOSSES: Mapping[str, str] = {
    "ISA": "Envelope begins", "GS": "Group begins", "ST": "Set begins", "SE": "Set ends",
    "GE": "Group ends", "IEA": "Envelope ends", "TA1": "Answer to an envelope", "BHT": "Batch",
    "HL*20": "Level: source", "HL*21": "Level: receiver", "HL*19": "Level: provider",
    "HL*22": "Level: subscriber", "HL*23": "Level: dependent", "HL*PT": "Level: patient",
    "NM1*41": "Who submits", "NM1*40": "Who receives", "NM1*85": "Who bills",
    "NM1*87": "Where to pay", "NM1*PE": "Plan to pay", "NM1*IL": "Who is insured",
    "NM1*QC": "Who was treated", "NM1*PR": "Who pays", "NM1*82": "Who treated",
    "NM1*77": "Where", "NM1*DN": "Who referred", "NM1*P3": "Primary care provider",
    "NM1*DQ": "Who supervised", "NM1*DK": "Who ordered", "NM1*71": "Who attended",
    "NM1*72": "Who operated", "NM1*1P": "Which provider", "NM1*03": "Which dependent",
    "NM1*74": "Corrected name or ID", "NM1*TT": "Forwarded to", "NM1*GB": "Other insured",
    "NM1*PW": "Picked up at", "NM1*45": "Taken to", "NM1*AY": "Clearinghouse",
    "N1*PR": "Who pays", "N1*PE": "Who is paid", "N2": "More of the name", "N3": "Street",
    "N4": "City", "PER": "Whom to ask", "DMG": "Birth and sex", "PRV": "Specialty",
    "SBR*P": "First payer", "SBR*S": "Second payer", "SBR*T": "Third payer", "PAT": "Patient",
    "CLM": "Claim", "HI": "Codes", "HI*ABK": "Diagnosis", "HI*ABF": "More diagnoses",
    "HI*BK": "Diagnosis", "HI*BF": "More diagnoses", "HI*BBR": "Main procedure",
    "HI*BR": "Main procedure", "HI*BBQ": "More procedures", "HI*ABJ": "Admitting diagnosis",
    "HI*BH": "Occurrence", "HI*BE": "Value", "HI*BG": "Condition", "LX": "Line",
    "SV1": "Service", "SV2": "Service", "SV3": "Service", "SVC": "Service", "SVD": "Paid before",
    "CAS*CO": "Provider bears", "CAS*PR": "Patient owes", "CAS*OA": "Other adjustment",
    "CAS*PI": "Payer's reduction", "CAS*CR": "Correction", "LIN": "Drug code",
    "CTP": "Drug quantity", "NTE": "Note", "PWK": "Attachment", "CN1": "Contract",
    "CL1": "Admission", "OI": "Other coverage", "MOA": "Outpatient remarks",
    "MIA": "Inpatient remarks", "BPR": "Payment", "TRN": "Trace number", "CUR": "Currency",
    "CLP": "Claim decided", "PLB": "Provider adjustment", "LQ*HE": "Remark code", "LQ": "Code",
    "TS3": "Provider summary", "TS2": "Provider summary", "RDM": "Delivery", "QTY": "Quantity",
    "DTP*472": "Served", "DTP*434": "Statement dates", "DTP*435": "Admitted",
    "DTP*431": "Onset", "DTP*439": "Accident", "DTP*291": "Plan dates",
    "DTP*346": "Plan begins", "DTP*347": "Plan ends", "DTP*307": "Eligible",
    "DTP*573": "Paid on", "DTP*050": "Received", "DTP*009": "Handled",
    "DTM*472": "Served", "DTM*150": "Served from", "DTM*151": "Served to",
    "DTM*232": "Statement from", "DTM*233": "Statement to", "DTM*050": "Received",
    "DTM*405": "Production date", "DTM*036": "Coverage ended",
    "REF*EI": "Tax number", "REF*SY": "Social security number", "REF*6R": "Line number",
    "REF*G1": "Authorization", "REF*9F": "Referral", "REF*F8": "Payer's claim number",
    "REF*1K": "Payer's claim number", "REF*D9": "Clearinghouse trace", "REF*EA": "Medical record",
    "REF*EV": "Receiver", "REF*TJ": "Tax number", "REF*X4": "CLIA number", "REF*1W": "Member ID",
    "REF*1L": "Group number", "REF*6P": "Group number", "REF*0K": "Policy form",
    "REF*LU": "Location",
    "AMT*F5": "Patient paid", "AMT*D": "Other payer paid", "AMT*B6": "Allowed",
    "AMT*AU": "Coverage amount", "AMT*I": "Interest", "AMT*EAF": "Patient still owes",
    "AMT*YU": "Accepted", "AMT*YY": "Rejected", "QTY*90": "Accepted", "QTY*AA": "Rejected",
    "QTY*QA": "Claims accepted", "QTY*QC": "Claims rejected", "AMT*IK": "Interest",
    "STC": "Status", "EQ": "Question", "EB": "Benefit", "AAA": "Refused", "MSG": "Message",
    "III": "More about it", "INS": "Relationship", "HSD": "How often", "LS": "Loop begins",
    "LE": "Loop ends", "AK1": "Answer to a group", "AK2": "Answer to a set",
    "IK3": "Segment in error", "IK4": "Element in error", "CTX": "Context", "IK5": "Set's verdict",
    "AK9": "Group's verdict",
}  # fmt: skip


def gloss_of(segment_id: str, qualifier: str) -> str:
    """Return what a segment says, in our words; "" where we have none."""
    return _GLOSSES.get(f"{segment_id}*{qualifier}") or _GLOSSES.get(segment_id, "")
