"""Small protocol files for tests of the assembly, written as an author would."""

HEAD = (
    'id = "small"\ntitle = "Small"\nversion = "3"\nstatus = "draft"\ndisease = "none"\npopulation = "anybody"\n'
    '[references]\nX1 = { text = "invented" }\n'
)


def phase(phase_id: str, *orders: str, **keys: object) -> str:
    """One [[phases]] table; values become TOML strings and numbers; text that starts with a bracket stays."""
    lines = ["[[phases]]", f'id = "{phase_id}"', f'title = "{phase_id.capitalize()}"']
    lines += [f"{key} = {_value(value)}" for key, value in {"cycle_days": 21, **keys}.items()]
    return "\n".join(lines) + "\n" + "".join(orders)


def order(order_id: str, **keys: object) -> str:
    """One [[phases.orders]] table with plain defaults."""
    basis = {"agent": "vincristine", "role": "antineoplastic", "route": "IV", "dose": "2 mg", "days": "1"}
    known = {**basis, **keys, "evidence": "label", "references": '["X1"]'}
    lines = ["[[phases.orders]]", f'id = "{order_id}"']
    lines += [f"{key} = {_value(value)}" for key, value in known.items() if value is not None]
    return "\n".join(lines) + "\n"


def assessment(assessment_id: str, days: str, **keys: object) -> str:
    """One [[phases.assessments]] table."""
    more = "".join(f"{key} = {_value(value)}\n" for key, value in keys.items())
    return (
        f'[[phases.assessments]]\nid = "{assessment_id}"\ntitle = "{assessment_id}"\nkind = "assessment"\n'
        f'days = "{days}"\nevidence = "label"\nreferences = ["X1"]\n{more}'
    )


def decision(decision_id: str, phase_id: str, day: int, cycle: int = 1, when: str = "") -> str:
    """One [[decisions]] table with the answers yes (expected) and no."""
    asked = f'when = "{when}"\n' if when else ""
    return (
        f'[[decisions]]\nid = "{decision_id}"\nquestion = "{decision_id}?"\nphase = "{phase_id}"\ncycle = {cycle}\n'
        f'day = {day}\nexpected = "yes"\nevidence = "label"\nreferences = ["X1"]\n'
        'choices = [{ id = "yes", title = "Yes" }, { id = "no", title = "No" }]\n' + asked
    )


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text if isinstance(value, int) or text.startswith(("[", "{")) else f'"{text}"'
