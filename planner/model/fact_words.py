"""Facts and conditions in plain words, as findings, lists and sheets say them.

Files and plans keep the short names ("hbsag = positive"); people read "HBsAg positive".
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from planner.model.condition import Clause, Condition, Fact
from planner.model.quantity import format_number
from planner.model.results import RESULTS

NAMES: Mapping[str, str] = {
    "acute-infection": "acute infection",
    "age_at_entry": "age at entry",
    "alc": "lymphocytes",
    "alt-xuln": "ALT",
    "amylase-xuln": "amylase",
    "anc": "neutrophils",
    "anti-hbc": "anti-HBc",
    "anti-hbs": "anti-HBs",
    "arterial-event": "arterial event",
    "asparaginase-haemorrhage": "haemorrhage under asparaginase",
    "asparaginase-pancreatitis": "pancreatitis under asparaginase",
    "asparaginase-reaction": "reaction to asparaginase",
    "asparaginase-thrombosis": "thrombosis under asparaginase",
    "ast-xuln": "AST",
    "bcr-abl1": "BCR::ABL1 transcripts",
    "bilirubin-xuln": "bilirubin",
    "bsa": "body surface",
    "busulfan-auc": "busulfan exposure (AUC)",
    "cd19": "CD19",
    "cd20": "CD20",
    "cd22": "CD22",
    "cd3": "CD3 cells",
    "cd4": "CD4 cells",
    "childbearing-potential": "possibility of pregnancy",
    "child-pugh": "Child-Pugh class",
    "circulating-blasts": "blasts in blood",
    "cns": "CNS status",
    "crcl": "creatinine clearance",
    "creatinine-xuln": "creatinine",
    "crs": "cytokine release syndrome",
    "daily-methotrexate": "reason for daily methotrexate",
    "direct-bilirubin": "direct bilirubin",
    "down-syndrome": "Down syndrome",
    "extramedullary": "extramedullary disease",
    "g6pd": "G6PD",
    "gvhd": "graft-versus-host disease",
    "hbsag": "HBsAg",
    "hcv": "hepatitis C test",
    "hiv": "HIV test",
    "icans": "neurotoxicity (ICANS)",
    "lipase-xuln": "lipase",
    "marrow-aplasia": "marrow aplasia",
    "marrow-blasts": "blasts in marrow",
    "methotrexate-level": "methotrexate level",
    "mrd": "MRD",
    "nudt15": "NUDT15 metaboliser status",
    "ph": "Philadelphia chromosome",
    "pulmonary-hypertension": "pulmonary arterial hypertension",
    "ph-like": "Ph-like signature",
    "t315i": "T315I mutation",
    "testicular": "testicular disease",
    "third-space": "fluid in a third space",
    "tpmt": "TPMT metaboliser status",
    "trial": "treatment in a trial",
    "urinary-infection": "urinary infection",
    "urinary-obstruction": "urinary obstruction",
    "urine-ph": "urine pH",
    "vod": "veno-occlusive disease",
    "wbc": "white cells",
}
"""Facts whose short name is no word; of the others it is one, with hyphens for spaces."""

UNITS: Mapping[str, str] = {
    "age": "years",
    "age_at_entry": "years",
    "weight": "kg",
    "bsa": "m2",
    **{code: unit for code, (unit, _) in RESULTS.items()},
}
_BOUNDS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}
_WITHOUT_UNIT = ("pH",)
_THREE_PLACES = Decimal("0.001")


def fact_name(subject: str) -> str:
    """A fact as people call it; anything else that can be missing ("clock times") is words already."""
    if subject in NAMES:
        return NAMES[subject]
    kind, dot, rest = subject.partition(".")
    if dot and kind in ("variant", "decision"):
        return f'{kind} "{rest.replace("-", " ")}"'
    return subject if " " in subject else subject.replace("-", " ")


def names_of(subjects: Iterable[str]) -> str:
    """Facts that somebody looks for, each once: "creatinine clearance, bilirubin (in × ULN)"."""
    return ", ".join(dict.fromkeys(map(sought, subjects)))


def sought(subject: str) -> str:
    """With the unit where the plain name would say that a result recorded in mg/dL is not there at all."""
    return f"{fact_name(subject)} (in × ULN)" if UNITS.get(subject) == "xULN" else fact_name(subject)


def newer(subject: str) -> str:
    """The result that is missing where the one that is there is too old."""
    return f"newer {sought(subject)}"


def number_text(number: Decimal) -> str:
    """A number with at most three decimals."""
    return format_number(number.quantize(_THREE_PLACES, rounding=ROUND_HALF_UP))


def amount_words(subject: str, number: str) -> str:
    """A number of that fact: "45 mL/min", "grade 3", "1.5 × ULN"."""
    unit = UNITS.get(subject, "")
    if unit == "grade":
        return f"grade {number}"
    if unit == "xULN":
        return f"{number} × ULN"
    if unit.startswith("10^"):
        return f"{number} × {unit.replace('10^9', '10⁹')}"
    return f"{number} {unit}" if unit and unit not in _WITHOUT_UNIT else number


def fact_words(subject: str, fact: Fact | None) -> str:
    """A fact with its value, numbers with at most three decimals: "HBsAg positive", "platelets not recorded"."""
    if fact is None or fact == "":
        return f"{sought(subject)} not recorded"
    if isinstance(fact, Decimal):
        return f"{fact_name(subject)} {amount_words(subject, number_text(fact))}"
    return _valued(subject, fact, no=False)


def condition_words(condition: Condition) -> str:
    """What a condition asks for: "age at least 18 years and Philadelphia chromosome positive"."""
    return any_of(all_of(map(_clause, group)) for group in condition.groups)


def all_of(parts: Iterable[str]) -> str:
    """Joined by "and"; a comma keeps it from an "or" inside a part, since words have no brackets."""
    told = tuple(parts)
    return (", and " if any(" or " in part for part in told) else " and ").join(told)


def any_of(groups: Iterable[str]) -> str:
    """Joined by "or"; a semicolon keeps it from what "and" has joined already."""
    told = tuple(groups)
    return ("; or " if any(" and " in group for group in told) else " or ").join(told)


def _clause(clause: Clause) -> str:
    values = [_number(clause.subject, value) for value in clause.values]
    if clause.op in _BOUNDS:
        return f"{fact_name(clause.subject)} {_BOUNDS[clause.op]} {values[0]}"
    if len(values) == 1:
        return _valued(clause.subject, values[0], no=clause.op == "!=")
    return f"{fact_name(clause.subject)} {' or '.join(value.replace('-', ' ') for value in values)}"


def _number(subject: str, value: str) -> str:
    return amount_words(subject, format_number(Decimal(value))) if value.replace(".", "", 1).isdecimal() else value


def _valued(subject: str, value: str, *, no: bool) -> str:
    """A fact that is (or is not) something; yes and no are said with the name alone."""
    name = fact_name(subject)
    if value in ("yes", "no") and "." not in subject:
        return name if (value == "yes") is not no else f"no {name}"
    return f"{name} {'not ' if no else ''}{value.replace('-', ' ')}"
