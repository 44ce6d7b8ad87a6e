# ruff: noqa: E501 - one line an item, as in the tracker that it stands for
"""The schemes that are there for a reason: each shows one way in which a saving may not count.

All are complete but for what the case says, so that a reader sees one reason at a time.
"""

from __future__ import annotations

from .scheme import Scheme

WARD = "Alderwick Ward 12"
WARD_CEILING = 24

# id | body | fye £k | maturity | start | programme | service | category | line | cash | title
_LIST = """
COM-51|XF-COM|480|fully_developed_delivering|2026-06-01|Pathways|District nursing|Pay: service redesign|pay|P|Twilight nursing round merged
COM-52|XF-COM|384|fully_developed|2026-12-01|Corporate|Corporate services|Pay: establishment reviews|pay|C|Clinic clerks in one team
ALD-51|XF-ALD|312|fully_developed_delivering|2026-05-01|Workforce|Alderwick Ward 12|Pay: skill mix|pay|C|Ward 12: one registered nurse fewer on days
ALD-52|XF-ALD|240|fully_developed_delivering|2026-06-01|Workforce|Alderwick Ward 12|Pay: bank|pay|C|Ward 12: bank shifts capped
ALD-53|XF-ALD|192|fully_developed|2026-12-01|Pathways|Alderwick Ward 12|Pay: service redesign|pay|C|Ward 12: six beds to day care
ALD-54|XF-ALD|96|fully_developed|2027-01-01|Workforce|Alderwick Ward 12|Pay: skill mix|pay|C|Ward 12: therapy at weekends by telephone
ALD-55|XF-ALD|144|fully_developed|2027-01-01|Procurement|Alderwick Ward 12|Non-pay: procurement, clinical consumables|non_pay|C|Ward 12: pressure mattresses pooled
ALD-56|XF-ALD|1632|fully_developed_delivering|2026-07-01|Pathways|Surgery|Pay: service redesign|pay|C|Fourteen surgical beds closed overnight
AMB-51|XF-AMB|960|fully_developed|2026-12-01|Workforce|Emergency operations|Pay: other|pay|C|Single-crew response cars at night
AMB-52|XF-AMB|408|fully_developed_delivering|2026-05-01|Estates|Fleet|Non-pay: fleet|non_pay|C|Vehicle livery and cleaning
FTH-51|XF-FTH|2400|fully_developed_delivering|2026-06-01|Pathways|Theatres|Pay: service redesign|pay|C|Theatre sessions lengthened
FTH-52|XF-FTH|720|fully_developed|2026-12-01|Workforce|Imaging|Pay: establishment reviews|pay|C|Imaging appointments centre
FTH-53|XF-FTH|1080|fully_developed_delivering|2026-07-01|Pathways|Critical care|Pay: skill mix|pay|C|Critical care outreach by shared rota
FTH-54|XF-FTH|864|fully_developed_delivering|2026-09-01|Digital|Outpatients|Pay: digital transformation|pay|P|Outpatient check-in by telephone
HOL-51|XF-HOL|600|fully_developed|2026-12-01|Workforce|Maternity|Pay: e-rostering and e-job planning|pay|P|Maternity rota by acuity
HOL-52|XF-HOL|1920|fully_developed_delivering|2026-04-01|Procurement|Pharmacy|Non-pay: medicines|drugs|C|Medicines contract with the teaching trust
MHT-51|XF-MHT|1008|fully_developed_delivering|2026-05-01|Income|Liaison|Income: coding and counting|other_income|C|Liaison contacts recoded
MHT-52|XF-MHT|552|fully_developed|2026-12-01|Pathways|Children|Pay: service redesign|pay|P|Children's referrals in one hub
MHT-53|XF-MHT|456|fully_developed_delivering|2026-04-01|Workforce|Rehabilitation|Pay: skill mix|pay|C|Peer workers in rehabilitation
ICB-51|XF-ICB|1440|fully_developed|2026-12-01|Pathways|Outpatients|ICB: community|purchase_of_healthcare|C|Fewer follow-up clinics at Hollowmere
ICB-52|XF-ICB|2400|fully_developed_delivering|2026-07-01|Pathways|Care homes|ICB: community|purchase_of_healthcare|C|Fewer emergency admissions from care homes
ICB-53|XF-ICB|1200|fully_developed|2027-01-01|Primary care|Urgent care|ICB: primary care|primary_care|C|Two walk-in centres into one
ICB-54|XF-ICB|1680|fully_developed|2027-02-01|Pathways|Community beds|ICB: community|purchase_of_healthcare|C|Marl House community beds closed
AHH-01|XF-AHH|2640|fully_developed|2027-06-01|Corporate|Corporate services|Pay: corporate services transformation|pay|C|One board and one back office after the merger
AHH-02|XF-AHH|1536|in_progress|2027-10-01|Pathways|Pathology|Non-pay: pathology and imaging networks|non_pay|C|One laboratory for two hospitals
"""

_CASH = {"C": "cash_releasing", "P": "productivity"}
_WARD_SCORES = {
    "ALD-51": (3, 3),
    "ALD-52": (2, 4),
    "ALD-53": (3, 3),
    "ALD-54": (2, 3),
    "ALD-55": (2, 4),
}


def special_schemes() -> list[Scheme]:
    """The deliberate schemes, each with its one departure from the rule."""
    made = {}
    for line in _LIST.strip().splitlines():
        id_, body, fye, maturity, start, programme, service, category, account, cash, title = (
            line.split("|")
        )
        made[id_] = Scheme(
            id=id_,
            body=body,
            title=title,
            programme=programme,
            service=service,
            category=category,
            line=account,
            cash=_CASH[cash],
            maturity=maturity,
            start=start,
            fye=int(fye),
            fixed=True,
        )
    for id_, scores in _WARD_SCORES.items():
        made[id_].residual = {"safe": scores}
        made[id_].groups = "older people"
    made["COM-51"].evidence_to = "G1"
    made["COM-52"].owner = "Medical Director E"
    made["ALD-56"].rescored = {"safe": (4, 4)}
    made["ALD-56"].stops = 6
    made["AMB-51"].residual = {"workforce_safety": (4, 4)}
    made["AMB-51"].rejected_domain = "workforce_safety"
    made["AMB-52"].shares = (1.0, 1.0, 1.0)
    made["FTH-51"].fye_later = 3600
    made["FTH-52"].signers = ("Medical Director A", "Medical Director A")
    made["FTH-53"].residual = {"safe": (1, 5)}
    made["FTH-54"].went_back = True
    made["HOL-51"].signers = ("Medical Director C", "")
    made["HOL-52"].phasing = (0, 0, 24, 24, 48, 64, 160, 240, 280, 320, 360, 400)
    made["MHT-51"].effects = {"XF-MHT": "1", "XF-ICB": "-1"}
    made["MHT-52"].missing_domain = "equitable"
    made["MHT-53"].review_on = "2026-09-30"
    made["ICB-51"].provider = "XF-HOL"
    made["ICB-52"].provider = "XF-FTH"
    made["ICB-52"].effects = {"XF-ICB": "1", "XF-FTH": "-0.65"}
    made["ICB-53"].failed_later = True
    made["ICB-54"].consulted_late = True
    return list(made.values())


CASES = (
    (
        "A typed maturity that its evidence does not support",
        "COM-51",
        "Typed as delivering; only G0 and G1 are passed and nobody has assessed it.",
    ),
    (
        "Rejected for the safety of patients",
        "ALD-56",
        "Re-scored after an incident review in August: residual 16 in `safe`, outcome reject.",
    ),
    (
        "Rejected for the safety of the workforce",
        "AMB-51",
        "Residual 16 in `workforce_safety`: lone crews at night.",
    ),
    (
        "A signature lapsed by a later material change",
        "FTH-51",
        "Signed at £2.4 million; raised to £3.6 million on 15 September without a new assessment.",
    ),
    (
        "A cumulative-harm ceiling reached on one ward",
        "ALD-51 to ALD-55",
        "Five schemes touch Ward 12; each passes alone, together they are over the chief nurse's "
        "ceiling of 24.",
    ),
    (
        "Zero-sum within the system",
        "MHT-51",
        "The trust gains what the board loses: effects 1 and -1.",
    ),
    (
        "Worth nothing under a block contract",
        "ICB-51",
        "Fewer clinics at Hollowmere, which is paid a block: the board pays the same.",
    ),
    (
        "Worth 35p in the pound to the system",
        "ICB-52",
        "The board saves 1.00, the teaching trust loses 1.00 of income and releases 0.35 of cost.",
    ),
    ("The owner signed", "COM-52", "The owner and the medical director who signed are one person."),
    ("One signature only", "HOL-51", "The chief nurse has not signed."),
    (
        "One person in both roles",
        "FTH-52",
        "The same person signed as medical director and as chief nurse.",
    ),
    ("A domain not assessed", "MHT-52", "`equitable` is missing from its assessment."),
    ("A gate passed and later failed", "ICB-53", "G3 passed in the summer, failed in October."),
    (
        "A gate failed and passed again",
        "FTH-54",
        "Went back at G3 in July, passed in August: it counts.",
    ),
    (
        "A residual consequence of 5",
        "FTH-53",
        "Score 5, but a consequence of 5 always goes to a panel, which let it through: it counts.",
    ),
    ("An overdue review", "MHT-53", "Its review was due on 30 September 2026."),
    (
        "Engagement after the decision",
        "ICB-54",
        "G3 passed in the summer; consultation began in September and the Secretary of State was told in October: it does not count until it is decided again.",
    ),
    ("A point typed where a range belongs", "AMB-52", "Low, mode and high are all 1."),
    (
        "Back-loaded phasing",
        "HOL-52, and all of XF-HOL",
        "More than 60% of the plan falls in months 7 to 12; of Hollowmere's, nearly nine tenths.",
    ),
)
