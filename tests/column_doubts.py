"""Figures that contradict themselves, and such as only nearly do, planted on bodies of their own.

Each plant puts one kind of slip into a book, or misses it by a little: by one step of the rounding,
one month, one line, another scenario. What is told of the one must not be told of the other.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.column_books import YEARS, Draft

NOW = YEARS[2]


def _off(draft: Draft) -> int:
    """By how much a total differs from its parts: nil, or a little, or much, in pounds."""
    return draft.draw.choice((0, 0, 0, 1_000, 60_000, 150_000, 900_000))


def signs(draft: Draft) -> None:
    """Costs below nil, income below nil, or as many as miss it."""
    body, draw = draft.body(), draft.draw
    costs = draw.sample(("pay", "non_pay", "drugs", "premises", "impairments"), draw.randint(1, 4))
    turned = draw.choice(("cost", "income", "both", "one"))
    for number, line in enumerate(costs):
        sign = -1 if turned in ("cost", "both") or (turned == "one" and not number) else 1
        draft.put(body, line, sign * draft.thousands(1_000, 90_000))
    for line in draw.sample(
        ("patient_care_income", "other_income", "research"), draw.randint(0, 2)
    ):
        sign = -1 if turned in ("income", "both") else 1
        draft.put(body, line, sign * draft.thousands(1_000, 90_000))


def support(draft: Draft) -> None:
    """Support that is income in the plan and negative in the forecast, or in a scenario of it."""
    body, draw = draft.body(), draft.draw
    for basis in ("plan", "forecast"):
        sign = -1 if basis == "forecast" or draft.chance(0.3) else 1
        more = {"scenario": "low"} if draft.chance(0.2) else {}
        draft.put(body, "support_income", sign * draft.thousands(0, 900), basis=basis, **more)
    if draw.random() < 0.5:
        draft.put(body, "position", draft.thousands(1, 50))


def labels(draft: Draft) -> None:
    """A sum without a label beside the parts that bear one."""
    body, draw = draft.body(), draft.draw
    label = draw.choice(("counterparty", "recurrence", "scheme", "both"))
    line = draw.choice(("patient_care_income", "pay", "position"))
    values = {
        "counterparty": ("C1", "S2", "C2"),
        "recurrence": ("recurrent", "non_recurrent"),
        "scheme": ("X-0", "X-1"),
        "both": ("C1", "S2"),
    }[label]
    for month in draw.choice((("",), ("1", "2", "3"), ("Q1", "Q2"))):
        made = 0
        for place, value in enumerate(values[: draw.randint(1, 3)]):
            part = draft.thousands(0, 90_000)
            made += part
            named = {label: value} if label != "both" else {"counterparty": value}
            if label == "both":
                named["recurrence"] = ("recurrent", "non_recurrent")[place]
            draft.put(body, line, part, month=month, **named)
        draft.put(body, line, made + _off(draft), month="" if draft.chance(0.1) else month)


def own_total(draft: Draft) -> None:
    """A line of the book's own that is the sum of others, or what they leave, or nearly.

    Of all others of its kind, or of those right above or below it alone.
    """
    body, draw = draft.body(), draft.draw
    months = draw.choice((("",), ("",), ("1", "2"), ("1", "2", "3")))
    line = draw.choice(
        ("total_costs", "total_costs", "bought_in", "research", "surplus_own", "left_over")
    )
    even = draw.choice((1, 1_000))  # whole millions add up however they are rounded
    late, short = draft.chance(0.3), draft.chance(0.5)
    for month in months:
        income = [draft.thousands(1, 90_000 // even) * even for _ in range(draw.randint(1, 2))]
        costs = [draft.thousands(1, 90_000 // even) * even for _ in range(draw.randint(1, 4))]
        for name, pounds in zip(("patient_care_income", "other_income"), income, strict=False):
            draft.put(body, name, pounds, month=month)
        for name, pounds in zip(("pay", "non_pay", "drugs", "premises"), costs, strict=False):
            draft.put(body, name, pounds, month=month)
        whole = {
            "total_costs": sum(costs),
            "bought_in": sum(costs) - (sum(income) if short else 0),
            "research": sum(income),
        }.get(line, sum(income) - sum(costs))
        draft.put(body, line, whole + _off(draft), month="" if draft.chance(0.05) else month)
        if late:  # what stands below it is of no part of it
            draft.put(body, "depreciation", draft.thousands(1, 900), month=month)
            draft.put(body, "donated_assets", draft.thousands(1, 900), month=month)


def total_body(draft: Draft) -> None:
    """A body that is called a total and states the sum of the others beside it, or not quite."""
    parts = [draft.body(parent="S2") for _ in range(draft.draw.randint(2, 3))]
    name = draft.draw.choice(("Total of trusts", "Grand total", "Totalled", "Other bodies"))
    total = draft.body(parent="S2", name=name)
    for line in ("patient_care_income", "pay"):
        sums = [draft.thousands(1_000, 90_000) for _ in parts]
        for body, pounds in zip(parts, sums, strict=True):
            draft.put(body, line, pounds)
        draft.put(total, line, sum(sums) + _off(draft))


def groups(draft: Draft) -> None:
    """Pay beside agency pay, or a nil that is no part."""
    body = draft.body()
    draft.put(body, "patient_care_income", draft.thousands(50_000, 90_000))
    draft.put(body, "pay", draft.thousands(20_000, 40_000))
    line = draft.draw.choice(("agency_pay", "bank_pay", "premises"))
    draft.put(body, line, 0 if draft.chance(0.3) else draft.thousands(100, 900))


def running(draft: Draft) -> None:
    """Months that are running sums: beside the year, beside another basis, or alone."""
    body, draw = draft.body(), draft.draw
    each, count = draft.thousands(500, 5_000), draw.choice((2, 3, 3, 4, 5, 6, 9, 12))
    line = draw.choice(("pay", "position", "patient_care_income", "cash"))
    jitter = draw.choice((0.0, 0.05, 0.3, 0.5))
    periods = [f"Q{n}" for n in range(1, 5)] if draft.chance(0.3) else list(map(str, range(1, 13)))
    total, sums = 0.0, []
    for _ in periods[:count]:
        total += each * draw.uniform(1 - jitter, 1 + jitter)
        sums.append(total)
    for period, pounds in zip(periods, sums, strict=False):
        draft.put(body, line, pounds, month=period, basis="actual")
    beside = draw.choice(("year", "to date", "plan", "level", "control", "nothing"))
    if beside == "year":
        draft.put(body, line, sums[-1] + _off(draft), basis="actual")
    elif beside == "to date":
        month = f"YTD{max(count, 2)}"
        draft.put(body, line, sums[-1] + _off(draft), basis="actual", month=month)
    elif beside in ("plan", "level"):
        for period in periods[:count]:
            level = each if beside == "plan" else each * draw.choice((0.5, 0.51, 1.4))
            draft.put(body, line, level * draw.uniform(0.95, 1.05), month=period, basis="plan")
        if draft.chance(0.2):
            draft.put(body, line, each * 12, basis="plan")
    elif beside == "control":
        draft.add(
            "control_totals",
            organisation=body,
            year=NOW,
            amount=draft.text(sums[-1] + _off(draft)),
            status="accepted",
            set_by="region",
            set_on="2026-03-20",
        )


def not_over(draft: Draft) -> None:
    """An actual without a month beside a forecast, in a year that may not be over."""
    body, draw = draft.body(), draft.draw
    more = {"known_on": "2027-06-01"} if draft.chance(0.2) else {}
    for basis in ("actual", "forecast"):
        year = draw.choice((NOW, NOW, NOW, YEARS[0]))
        extra = {"scenario": "low"} if draft.chance(0.1) else {}
        line = "cash" if draft.chance(0.2) else "pay"
        draft.put(
            body, line, draft.thousands(20_000, 30_000), basis=basis, year=year, **extra, **more
        )
    for month in range(1, draw.choice((0, 0, 4, 12)) + 1):
        draft.put(body, "drugs", draft.thousands(900, 1_000), basis="actual", month=str(month))


def mergers(draft: Draft) -> None:
    """Bodies that became one, and what both of them state."""
    draw = draft.draw
    day = draw.choice(("2026-04-01", "2026-10-01", "2026-10-15", "2027-04-01"))
    old = [
        draft.body(to="2027-03-31" if draft.chance(0.5) else "") for _ in range(draw.randint(1, 2))
    ]
    heir = draft.body(**({"from": day} if draft.chance(0.5) else {}))
    for code in old:
        draft.add(
            "successions",
            predecessor=code,
            successor=heir,
            on=day,
            share=draw.choice(("", "", "0.6")),
        )
    months = draw.choice((("",), ("",), [str(n) for n in range(1, 13)], ["5", "6", "7", "8"]))
    sums = 0
    for code in old:
        pounds = draft.thousands(1_000, 90_000)
        sums += pounds
        for month in months:
            draft.put(code, "pay", pounds, month=month)
    shown = months if draft.chance(0.6) else ("",)
    for month in shown:
        draft.put(heir, "pay", sums + _off(draft), month=month)
    if draft.chance(0.3):
        draft.put(heir, "pay", sums, year=YEARS[1])


def year_differs(draft: Draft) -> None:
    """A year's row beside its months or quarters, in agreement or not."""
    body, draw = draft.body(), draft.draw
    periods = draw.choice(
        ([str(n) for n in range(1, 13)], ["Q1", "Q2", "Q3", "Q4"], ["1", "2", "3"])
    )
    coarse = "Q1" if len(periods) == 3 else draw.choice(("", "", "H1"))
    basis = draw.choice(("plan", "actual"))
    sums = [draft.thousands(900, 1_100) for _ in periods]
    for period, pounds in zip(periods, sums, strict=True):
        draft.put(body, "pay", pounds, month=period, basis=basis)
    half = sums[: len(sums) // 2] if coarse == "H1" else sums
    draft.put(body, "pay", sum(half) + _off(draft), month=coarse, basis=basis)


def control_sign(draft: Draft) -> None:
    """A control total that is the plan with its sign turned, or nearly."""
    body, draw = draft.body(), draft.draw
    income, cost = draft.thousands(90_000, 99_000), draft.thousands(100_000, 105_000)
    by_month = [str(n) for n in range(1, draw.choice((12, 12, 11)) + 1)]
    months = draw.choice(([""], [""], by_month, ["Q1", "Q2", "Q3", "Q4"]))
    for month in months:
        draft.put(body, "patient_care_income", income, month=month)
        draft.put(body, "pay", cost, month=month)
    if draft.chance(0.2):
        draft.put(body, "position", income - cost)
    draft.add(
        "control_totals",
        organisation=draw.choice((body, body, body, "S1")),
        year=NOW,
        amount=draft.text(draw.choice((1, 1, -1)) * (cost - income) * len(months) + _off(draft)),
        status=draw.choice(("accepted", "accepted", "proposed")),
        set_by="region",
        set_on="2026-03-20",
        scenario="low" if draft.chance(0.1) else "",
    )


def scales(draft: Draft) -> None:
    """A sum of a thousand times its neighbours, or somewhat less."""
    body, draw = draft.body(kind=draft.draw.choice(("provider", "commissioner"))), draft.draw
    factor = draw.choice((1_000, 1_000, 0.001, 280, 1_000_000, 4_000))
    line = draw.choice(("patient_care_income", "pay", "cash", "position"))
    more = {"recurrence": "non_recurrent"} if draft.chance(0.2) else {}
    if draft.chance(0.5):
        wrong = draw.randint(1, 12)
        for month in range(1, draw.choice((3, 4, 12)) + 1):
            pounds = draft.thousands(900, 1_100) * (factor if month == wrong else 1)
            draft.put(body, line, pounds, month=str(month), **more)
        return
    wrong_year = draw.choice(YEARS)
    for year in draw.sample(YEARS, draw.randint(2, 3)):
        pounds = draft.thousands(9_000, 11_000) * (factor if year == wrong_year else 1)
        draft.put(body, line, pounds, year=year, **more)


def slight(draft: Draft) -> None:
    """A body of so slight an income, or so vast, that it may be a slip of unit."""
    for factor in (1, 1, draft.draw.choice((0.001, 0.02, 1, 200))):
        body = draft.body()
        pounds = draft.thousands(300_000, 500_000) * factor
        if draft.chance(0.2):
            for month in range(1, 13):
                draft.put(body, "patient_care_income", pounds / 12, month=str(month))
        else:
            draft.put(body, "patient_care_income", pounds)


def beyond(draft: Draft) -> None:
    """A surplus of about half of the income."""
    body, draw = draft.body(), draft.draw
    income = draft.thousands(90_000, 99_000)
    share = draw.choice((0.3, 0.49, 0.51, 0.9, 1.6))
    months = ("",) if draft.chance(0.6) else ("1", "2", "3")
    for month in months:
        draft.put(body, "patient_care_income", income, month=month)
        if draft.chance(0.7):
            draft.put(body, "pay", income * share, month=month)
        if draft.chance(0.3):
            draft.put(body, "position", income * (1 - share), month=month)


def facts(draft: Draft) -> None:
    """A fact of a thousand times the others."""
    body, wrong = draft.body(), draft.draw.randrange(7)
    for month in range(1, 6):
        value = 400 * (1_000 if month == wrong else 1)
        draft.add(
            "facts",
            organisation=body,
            fact="workforce",
            year=NOW,
            month=str(month),
            value=str(value),
        )


def points(draft: Draft) -> None:
    """Points beside the commas of thousands, some of bodies that write decimals too."""
    body, draw = draft.body(), draft.draw
    for line, texts in (
        ("pay", ("412,000", "387,500", "9,000")),
        ("non_pay", ("398.000", "401.250", "4.125")),
        ("drugs", ("405,100", "12.5", "3.75", "400000")),
    ):
        row = draft.put(body, line, 0)
        row["amount"] = draw.choice(texts)
        if draft.chance(0.3):
            draft.amounts.append({**row, "known_on": "2026-05-01", "amount": "411000"})


PLANTS: tuple[Callable[[Draft], None], ...] = (
    signs,
    support,
    labels,
    own_total,
    own_total,
    own_total,
    total_body,
    groups,
    running,
    running,
    running,
    running,
    not_over,
    mergers,
    year_differs,
    control_sign,
    control_sign,
    scales,
    scales,
    slight,
    beyond,
    facts,
    points,
)
"""What is planted; what has more ways of being missed is planted more often."""
