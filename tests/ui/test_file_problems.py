"""What may be wrong with a file that is taken in is said in the chosen language."""

import ast
import re

from tests.architecture.imports import ROOT
from ui.file_problems import FILE_PROBLEMS
from ui.problem_words import problem_words
from ui.tongue import use_language

TAKES_IN = ("files", "storage/plan_codec", "storage/value_codec", "storage/hand_over", "services/store/plan_files")
LISTS = "services/store/store_tables"
"""Where files that are taken in are read and refused."""
HANDED_ON = ("a change of block {}: {}", "plan {}: {}; it cannot be saved like this")
"""What only hands on words from elsewhere."""


def _problems_of_lists() -> set[str]:
    """What a list of patients is refused for: all that is told behind its name."""
    told = (one for one in ast.walk(ast.parse((ROOT / "planner" / f"{LISTS}.py").read_text("utf-8"))))
    lines = {_plain(one) for one in told if isinstance(one, ast.JoinedStr)}
    found = {re.sub(r"^\{\}: (line \d+: |line \{\}: )?(id: )?", "", one) for one in lines if one.startswith("{}: ")}
    return {one for one in found if " " in one} - {"line {}"}


def _problems_of(module: str) -> set[str]:
    """What the file raises or yields about an input, its places empty: "a number is far too long"."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / "planner" / f"{module}.py").read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("InputProblem", "ValueProblem"):
            parts = node.args[-1:]  # before it, the place of a value
        elif isinstance(node, ast.Yield):
            parts = [node.value]
        else:
            continue
        for one in parts:
            wholes = one.elts if isinstance(one, ast.Tuple) else [one]
            found |= {_plain(whole) for whole in wholes if isinstance(whole, ast.Constant | ast.JoinedStr)}
    return {re.sub(r"^(\{\}: )?((line \{\}|version|checksum|\{\}): )?", "", text) for text in found}


def _plain(text: ast.expr) -> str:
    if isinstance(text, ast.Constant):
        return str(text.value)
    return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in text.values)


def test_every_problem_of_a_file_that_is_taken_in_is_known_to_the_window():
    """None is raised that has no words, and no words wait for what is raised no more."""
    known = {re.sub(r"\{\w+\}", "{}", one) for one in FILE_PROBLEMS}
    raised = set().union(*map(_problems_of, TAKES_IN), _problems_of_lists())
    raised |= {"the plan is sealed; give its passphrase"}
    assert sorted(known - raised) == []
    assert sorted(one for one in raised - known if " " in one and one not in HANDED_ON) == []


def test_a_problem_of_a_file_is_said_in_the_chosen_language_behind_its_place():
    use_language("es")
    told_by = {
        "a.json: line 3, column 1: the file is cut off here; use another copy": (
            "a.json: line 3, column 1: el archivo está cortado aquí; use otra copia"
        ),
        "a.json: plan.blocks[2].start: needs a date, or a block of the plan to start after": (
            "a.json: plan.blocks[2].start: necesita una fecha, o un bloque del plan tras el que empezar"
        ),
        "a.json: a change of block b names the agent x, which nobody knows": (
            "a.json: un cambio del bloque b nombra el fármaco x, que nadie conoce"
        ),
    }
    assert {line: problem_words(line) for line in told_by} == told_by
