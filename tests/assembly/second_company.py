"""What is not given because the treatment it goes with is not, by the second opinion.

It shares no code with the planner.
"""

from tests.assembly.second_doses import drug

COMPANY = ("premedication", "supportive", "hydration", "rescue")
TREATMENT = ("antineoplastic", "intrathecal", "cell therapy")
NOT_GIVEN = ("omitted", "stopped")


def treatment_behind(opinion, order: dict, orders: dict[str, dict]) -> set[str]:
    """The treatment an order hangs on by its hours or its days, through as many others as it takes."""
    found, asked = set(), [order]
    while asked:
        one = asked.pop()
        names = {name for name in one.get("goes_with", "").split(", ") if name}
        names |= {opinion.hangs(one)[0]} if "timing" in one else set()
        asked += [orders[name] for name in names - found if name in orders]
        found |= names
    drugs = [drug(orders[name]) for name in found if orders.get(name, {}).get("role") in TREATMENT]
    return {name for name, one in orders.items() if drug(one) in drugs}


def struck_with_its_dose(opinion, made: dict[str, list[int]]) -> None:
    """Strike what goes with treatment of which neither the dose before it nor the one behind it is given.

    `made` are the places of each order's doses of the cycle among the pairs.
    """
    orders = {one["id"]: one for one in opinion.phase.get("orders", [])} | opinion.raised
    before = {name: [opinion.pairs[at] for at in places] for name, places in made.items()}
    for name, places in made.items():
        if orders.get(name, {}).get("role") not in COMPANY:
            continue
        leaders = [before[one] for one in treatment_behind(opinion, orders[name], orders) if before.get(one)]
        if orders[name]["role"] in ("premedication", "supportive"):  # what serves any of them serves all
            leaders = [[dose for doses in leaders for dose in doses]]
        for at in places:
            row, told = opinion.pairs[at]
            near = [state for doses in leaders for state in beside(row[0], doses)]
            if near and set(near) <= set(NOT_GIVEN) and told.startswith(" ") and not told.startswith(" given"):
                state = "stopped" if set(near) == {"stopped"} else "omitted"
                opinion.pairs[at] = row, f"{state}{told}"


def beside(on: str, doses: list) -> list[str]:
    """The states of the doses on the nearest days up to that one and from it on."""
    back = max((row[0] for row, _ in doses if row[0] <= on), default="")
    ahead = min((row[0] for row, _ in doses if row[0] >= on), default="")
    return [told.split(" ")[0] for row, told in doses if row[0] in (back, ahead)]
