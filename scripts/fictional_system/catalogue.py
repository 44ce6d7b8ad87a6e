# ruff: noqa: E501 - one line an item, as in the tracker that it stands for
"""The schemes as a list: what each is called, which service it touches, and what kind it is.

One line a scheme: weight | title | programme | service | category | line | cash type.
Categories are those that trackers in the service use. `{s}` is the body's short name.
"""

from __future__ import annotations

ACUTE = """
5|Fewer agency nurses on wards|Workforce|Nursing|Pay: agency, reduced reliance|pay|C
3|No off-framework agency|Workforce|Nursing|Pay: agency, off-framework|pay|C
4|Bank rates brought into line|Workforce|Medical staffing|Pay: bank|pay|C
4|Establishment review of back-office teams|Corporate|Corporate services|Pay: establishment reviews|pay|C
3|E-rostering on every ward|Workforce|Nursing|Pay: e-rostering and e-job planning|pay|P
3|E-job planning for consultants|Workforce|Medical staffing|Pay: e-rostering and e-job planning|pay|P
4|Theatre lists booked in full|Pathways|Theatres|Pay: service redesign|pay|P
3|Vacancy control panel|Workforce|Corporate services|Pay: vacancy control|pay|C
3|Skill mix in imaging|Workforce|Imaging|Pay: skill mix|pay|C
2|Digital dictation and letters|Digital|Outpatients|Pay: digital transformation|pay|C
5|Best-value biologic medicines|Medicines|Pharmacy|Non-pay: medicines|drugs|C
3|Homecare medicines contract|Medicines|Pharmacy|Non-pay: medicines|drugs|C
4|Orthopaedic implants, one catalogue|Procurement|Theatres|Non-pay: procurement, clinical consumables|non_pay|C
3|Ward consumables, closed-loop stock|Procurement|Nursing|Non-pay: procurement, clinical consumables|non_pay|C
2|Courier and postage contract|Procurement|Corporate services|Non-pay: procurement, non-clinical|non_pay|C
3|Energy and heat network|Estates|Estates|Non-pay: energy and net zero|non_pay|C
3|Leave two leased buildings|Estates|Estates|Non-pay: estates and premises|non_pay|C
3|Pathology network, one laboratory hub|Pathways|Pathology|Non-pay: pathology and imaging networks|non_pay|C
2|Outsourced reporting brought back|Pathways|Imaging|Non-pay: pathology and imaging networks|non_pay|C
2|Telephony and licences|Digital|Digital|Non-pay: digital|non_pay|C
2|Private patients on Saturdays|Income|Theatres|Income: private patients|other_income|C
1|Overseas visitors charged|Income|Corporate services|Income: overseas|other_income|C
2|Retail and car parks re-let|Income|Estates|Income: commercial|other_income|C
4|Same-day emergency care seven days|Pathways|Emergency care|Pay: service redesign|pay|A
3|Discharge lounge and ward rounds by noon|Pathways|Discharge|Pay: service redesign|pay|P
3|Outpatient follow-up by choice|Pathways|Outpatients|Pay: service redesign|pay|P
2|Release of old accruals|Technical|Finance|Technical: balance sheet|non_pay|T
2|Asset lives reviewed|Technical|Finance|Technical: balance sheet|non_pay|T
"""

MENTAL_HEALTH = """
5|Out-of-area beds ended|Pathways|Inpatient wards|Non-pay: service redesign|non_pay|C
4|Agency psychiatrists replaced|Workforce|Medical staffing|Pay: agency, reduced reliance|pay|C
3|Observation staffing by need|Workforce|Inpatient wards|Pay: bank|pay|C
3|Community caseload tools|Digital|Community teams|Pay: digital transformation|pay|P
3|Long stays in rehabilitation shortened|Pathways|Rehabilitation|Pay: service redesign|pay|A
2|Pharmacy wholesaler contract|Medicines|Pharmacy|Non-pay: medicines|drugs|C
2|Team bases shared with councils|Estates|Estates|Non-pay: estates and premises|non_pay|C
3|Corporate teams shared with Levels|Corporate|Corporate services|Pay: corporate services transformation|pay|C
2|Taxi and transport contract|Procurement|Corporate services|Non-pay: procurement, non-clinical|non_pay|C
3|Talking therapies, group first|Pathways|Talking therapies|Pay: service redesign|pay|P
2|Vacancy control|Workforce|Corporate services|Pay: vacancy control|pay|C
3|Crisis house in place of admission|Pathways|Crisis teams|Pay: service redesign|pay|A
1|Release of old provisions|Technical|Finance|Technical: balance sheet|non_pay|T
"""

COMMUNITY = """
4|District nursing scheduling|Digital|District nursing|Pay: digital transformation|pay|P
3|Bank and agency in community wards|Workforce|Community wards|Pay: bank|pay|C
3|Dressings direct supply|Procurement|District nursing|Non-pay: procurement, clinical consumables|non_pay|C
3|Community equipment recycling|Procurement|Equipment|Non-pay: procurement, clinical consumables|non_pay|C
2|Clinics moved to shared sites|Estates|Estates|Non-pay: estates and premises|non_pay|C
2|School nursing skill mix|Workforce|Children|Pay: skill mix|pay|C
3|Virtual ward in place of step-down beds|Pathways|Community wards|Pay: service redesign|pay|A
2|Corporate services with Fenmarch Partnership|Corporate|Corporate services|Pay: corporate services transformation|pay|C
2|Mileage by electric pool car|Estates|Estates|Non-pay: energy and net zero|non_pay|C
1|Print and post|Procurement|Corporate services|Non-pay: procurement, non-clinical|non_pay|C
"""

AMBULANCE = """
4|Hear and treat raised to one call in five|Pathways|Control room|Pay: service redesign|pay|P
3|Overtime at shift end|Workforce|Emergency operations|Pay: other|pay|C
3|Fleet life and telematics|Estates|Fleet|Non-pay: fleet|non_pay|C
2|Fuel and charging contract|Procurement|Fleet|Non-pay: fleet|non_pay|C
3|Private ambulance use ended|Workforce|Emergency operations|Non-pay: service redesign|non_pay|C
2|Make-ready at three hubs|Estates|Fleet|Non-pay: estates and premises|non_pay|C
2|Rota redesign in the control room|Workforce|Control room|Pay: e-rostering and e-job planning|pay|P
1|Uniform and consumables contract|Procurement|Emergency operations|Non-pay: procurement, clinical consumables|non_pay|C
2|Release of leave accrual|Technical|Finance|Technical: balance sheet|pay|T
"""

BOARD = """
5|Continuing care packages reviewed on time|Continuing care|Continuing care|ICB: all-age continuing care|continuing_care|C
4|Fast-track continuing care|Continuing care|Continuing care|ICB: all-age continuing care|continuing_care|C
3|Continuing care home rates framework|Continuing care|Continuing care|ICB: all-age continuing care|continuing_care|C
5|Best-value anticoagulants|Medicines|Prescribing|ICB: primary-care prescribing|drugs|C
4|Inhalers, best value and low carbon|Medicines|Prescribing|ICB: primary-care prescribing|drugs|C
3|Repeat ordering and waste|Medicines|Prescribing|ICB: primary-care prescribing|drugs|C
3|Blood-glucose monitoring products|Medicines|Prescribing|ICB: primary-care prescribing|drugs|C
2|Items of low value|Medicines|Prescribing|ICB: primary-care prescribing|drugs|C
4|Mental-health packages repatriated|Mental health|Complex packages|ICB: mental-health packages|purchase_of_healthcare|C
3|Section 117 shares agreed with councils|Mental health|Complex packages|ICB: mental-health packages|purchase_of_healthcare|C
4|Independent sector elective prices|Pathways|Elective|ICB: independent sector acute|purchase_of_healthcare|C
3|Community diagnostics tariff|Pathways|Diagnostics|ICB: community|purchase_of_healthcare|C
3|Non-emergency transport criteria|Pathways|Patient transport|ICB: community|purchase_of_healthcare|C
3|Local enhanced services reviewed|Primary care|General practice|ICB: primary care|primary_care|C
3|Premises reimbursements|Primary care|General practice|ICB: primary care|primary_care|C
2|Dental contract clawback|Primary care|Dentistry|ICB: primary care|primary_care|C
4|Running costs cut by half|Corporate|Corporate services|ICB: running cost|running_costs|C
2|Better care pool schemes reviewed|Pathways|Integrated care|ICB: BCF and section 75|other_costs|C
3|Prior-year accruals released|Technical|Finance|ICB: technical, balance sheet|other_costs|T
2|Contract penalties pursued|Technical|Contracting|ICB: contract challenge|purchase_of_healthcare|C
3|Wound care formulary|Medicines|Prescribing|ICB: primary-care prescribing|drugs|C
2|Specialised medicines gain share|Medicines|Specialised|ICB: delegated specialised|drugs|C
"""

# Which lines of the acute list each hospital takes (from one), so that no two plans are alike.
TAKEN = {
    "XF-FTH": tuple(range(1, 29)),
    "XF-ALD": (1, 2, 3, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 18, 20, 23, 24, 26, 27),
    "XF-HOL": (1, 3, 4, 5, 6, 9, 11, 12, 13, 15, 17, 19, 21, 25, 26, 28),
}
CASH = {"C": "cash_releasing", "P": "productivity", "A": "avoidance", "T": "technical"}


def lines_of(body: str) -> list[list[str]]:
    """The catalogue of one body, split into fields."""
    whole = (
        {
            "XF-MHT": MENTAL_HEALTH,
            "XF-COM": COMMUNITY,
            "XF-AMB": AMBULANCE,
            "XF-ICB": BOARD,
        }.get(body, ACUTE)
        .strip()
        .splitlines()
    )
    taken = TAKEN.get(body, range(1, len(whole) + 1))
    return [whole[i - 1].split("|") for i in taken]
