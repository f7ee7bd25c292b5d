"""Bedside formulas from what a person typed: numbers as text, creatinine in either unit, the fitting formula chosen."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from planner.assembly import calculators
from planner.errors import InputProblem
from planner.model.agent import Agent
from planner.model.calculation import Calculation
from planner.model.patient import PriorExposure

CREATININE_UNITS = ("mg/dL", "umol/L")


def anthracyclines(doses: Mapping[str, str], scheme: str, agents: Mapping[str, Agent]) -> tuple[Calculation, ...]:
    """The sum as doxorubicin of doses in mg/m2, agent id -> number as text, by one scheme or by "all" of them.

    Schemes are those of the agent files. InputProblem names what is missing or wrong; of "all", a scheme that lacks an
    agent's factor is left out, unless none is left.
    """
    known = {name for agent in agents.values() for name, _, _ in agent.equivalents}
    chosen = sorted(known) if scheme == "all" else [scheme]
    if not doses or not set(chosen) <= known:
        raise InputProblem((f"calc anthracycline: give doses, and a scheme of {', '.join(sorted(known))} or all",))
    found, problems = [], []
    for name in chosen:
        factors = {
            agent.id: (factor, source)
            for agent in agents.values()
            for known_scheme, factor, source in agent.equivalents
            if known_scheme == name
        }
        try:
            amounts = {agent: _given(doses, agent) for agent in doses}
            found.append(calculators.doxorubicin_equivalent(amounts, factors, name))
        except ValueError as error:
            problems.append(f"calc anthracycline: {error}")
    if not found:
        raise InputProblem(tuple(dict.fromkeys(problems)))
    return tuple(found)


def calculate(kind: str, typed: Mapping[str, str]) -> tuple[Calculation, ...]:
    """The results of one calculator, the main one first.

    `kind` is bsa, crcl, gfr, calvert or ibw; `typed` holds age (years), sex, height (cm), weight (kg), creatinine,
    unit, formula, auc and gfr (mL/min) as far as the kind needs them. InputProblem names what is missing or wrong.
    """
    try:
        return _KINDS[kind](typed)
    except ValueError as error:
        raise InputProblem((f"calc {kind}: {error}",)) from None


def _surface(typed: Mapping[str, str]) -> tuple[Calculation, ...]:
    formula = typed.get("formula") or "mosteller"
    chosen = calculators.SURFACE_FORMULAS if formula == "all" else (formula,)
    if not set(chosen) <= set(calculators.SURFACE_FORMULAS):
        raise ValueError(f"formula must be one of {', '.join(calculators.SURFACE_FORMULAS)} or all")
    return tuple(calculators.body_surface(_number(typed, "height"), _number(typed, "weight"), one) for one in chosen)


def _clearance(typed: Mapping[str, str]) -> tuple[Calculation, ...]:
    creatinine = _creatinine(typed)
    height = _number(typed, "height") if typed.get("height") else None
    weight, sex = _number(typed, "weight"), _text(typed, "sex")
    return (calculators.creatinine_clearance(_age(typed), weight, creatinine, sex, height),)


def _filtration(typed: Mapping[str, str]) -> tuple[Calculation, ...]:
    age = _age(typed)
    if age < 18:
        rate = calculators.bedside_schwartz(age, _number(typed, "height"), _creatinine(typed))
    else:
        rate = calculators.ckd_epi_2021(age, _creatinine(typed), _text(typed, "sex"))
    if not (typed.get("height") and typed.get("weight")):
        return (rate,)
    surface = calculators.body_surface(_number(typed, "height"), _number(typed, "weight"))
    return rate, calculators.without_index(rate.value, surface.value)


def _carboplatin(typed: Mapping[str, str]) -> tuple[Calculation, ...]:
    if typed.get("gfr"):
        return (calculators.calvert(_number(typed, "auc"), _number(typed, "gfr")),)
    (clearance,) = _clearance(typed)
    return calculators.calvert(_number(typed, "auc"), clearance.value), clearance


def _weights(typed: Mapping[str, str]) -> tuple[Calculation, ...]:
    height, sex = _number(typed, "height"), _text(typed, "sex")
    ideal = calculators.ideal_weight(height, sex)
    if not typed.get("weight"):
        return (ideal,)
    return ideal, calculators.adjusted_weight(height, _number(typed, "weight"), sex)


_KINDS: Mapping[str, Callable[[Mapping[str, str]], tuple[Calculation, ...]]] = {
    "bsa": _surface,
    "crcl": _clearance,
    "gfr": _filtration,
    "calvert": _carboplatin,
    "ibw": _weights,
}


def _creatinine(typed: Mapping[str, str]) -> Decimal:
    value, unit = _number(typed, "creatinine"), typed.get("unit") or CREATININE_UNITS[0]
    if unit not in CREATININE_UNITS:
        raise ValueError(f"the unit of creatinine must be one of {', '.join(CREATININE_UNITS)}")
    return value if unit == "mg/dL" else value / calculators.MICROMOL_PER_MG_DL


def _age(typed: Mapping[str, str]) -> int:
    text = _text(typed, "age")
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise ValueError(f'age must be in whole years, not "{text}"')
    return int(text)


def _given(doses: Mapping[str, str], agent: str) -> Decimal:
    """A total dose in mg/m2 that can be meant: a slip of the hand must not make a sum over a lifetime smaller."""
    dose = _number(doses, agent)
    if dose < 0:
        raise ValueError(f"{agent}: {_text(doses, agent)} mg/m2 is negative")
    if problem := PriorExposure(agent, dose, "mg/m2").problem:
        raise ValueError(problem)
    return dose


def _number(typed: Mapping[str, str], name: str) -> Decimal:
    text = _text(typed, name)
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not text.isascii() or "_" in text or not value.is_finite() or abs(value.adjusted()) > 9:
        raise ValueError(f'{name} must be a number, not "{text}"')
    return value


def _text(typed: Mapping[str, str], name: str) -> str:
    text = typed.get(name, "").strip()
    if not text:
        raise ValueError(f"{name} is missing")
    return text
