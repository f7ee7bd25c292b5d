"""The names of edits in the chosen language.

An edit keeps its English name, in the undo stack and in the history of the store: whoever opens the store reads it in
a language of their own. So a name is read again here, by the sentences it was made from.
"""

import re
from collections.abc import Iterator
from functools import cache

from planner.model.plan import REASONS
from planner.services.store.coming_home import CHANGES, COMES_HOME, ONE_CHANGE
from ui.fix_names import fix_words
from ui.tongue import ENGLISH, language, say

SHAPES = {
    **dict.fromkeys(("count", "cycle", "day", "days"), r"[-+]?\d+"),
    "rule": r"[A-Z]{2,3}-\d+\w*",
    "reason": "|".join(REASONS),
}
"""What may stand in a place of a sentence; elsewhere anything."""
EDIT_NAMES = (
    "{edit} ({reason})",
    "Undo {edit}",
    "Redo {edit}",
    "Moved back",
    "New plan",
    "Import of a plan file",
    "Import of a sealed plan file",
    "Import of a list of patients",
    COMES_HOME,
    ONE_CHANGE,
    CHANGES,
    "Plan as opened",
    "Edit patient",
    "Take a change back",
    "Move {count} item {days} day",
    "Move {count} item {days} days",
    "Move {count} items {days} day",
    "Move {count} items {days} days",
    "Move {what} {days} day",
    "Move {what} {days} days",
    "Defer the rest of {what} C{cycle} D{day} {days} days",
    "Defer {what} C{cycle} D{day} {days} days",
    "Leave out {count} dose",
    "Leave out {count} doses",
    "Leave out {what} C{cycle} D{day}",
    "Decide {decision}: {choice}",
    "Open decision {decision} again",
    "Let {rule} stand",
    "Remove {count} block",
    "Remove {count} blocks",
    "Remove {what}",
    "Confirm {item}",
    "Forget the record of {order} C{cycle} D{day}",
    "Record as given, each as planned: {count}",
    "Plan the bags of {block}",
    "Repair: {fix}",
    "{rule}: {fix}",
    "Fix {finding}",
    "Sign as {meaning}",
    "Issue: {sheet}",
    "Issue {sheet}",
)
VERB_NAMES = (
    "Hold {what}",
    "Go on with {what}",
    "Skip the cycle of {what}",
    "Stop {what}",
    "Repeat the cycle of {what}",
    "Reduce the dose of {what}",
    "Full dose again of {what}",
    "Enter the dose of {what}",
    "Give otherwise: {what}",
    "Replace {what}",
    "Add a drug to {what}",
    "Add an examination to {what}",
    "Record what was given: {what}",
    "Start of {what}",
    "Add {what}",
)
"""Verbs, with a block or a drug; where cycle and day follow, they belong to `what`."""
SAID_AGAIN = ("edit", "meaning", "sheet", "reason", "changes")
"""What has words of its own."""


def named(sentence: str, **told: object) -> str:
    """The English name of an edit, by one of the sentences of this file."""
    return sentence.format(**told)


def with_reason(name: str, reason: object) -> str:
    """The name of an edit as the history keeps it, with the coded reason where one was said."""
    return named("{edit} ({reason})", edit=name, reason=reason) if reason in REASONS else name


def edit_words(name: str) -> str:
    """The name of an edit, or the title of its form, in the chosen language; one that nobody knows stays as it is."""
    if language() == ENGLISH:
        return name
    whole = say(name)
    if whole != name:
        return whole
    for sentence, pattern in _patterns():
        found = pattern.fullmatch(name)
        if found:
            return say(sentence, **{part: _part(part, text) for part, text in found.groupdict().items()})
    return name


def _part(name: str, text: str) -> str:
    if name == "fix":
        return fix_words(text)
    return edit_words(text) if name in SAID_AGAIN else text


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one, re.compile("".join(_parts(one)))) for one in (*EDIT_NAMES, *VERB_NAMES))


def _parts(sentence: str) -> Iterator[str]:
    for part in re.split(r"(\{\w+\})", sentence):
        name = part[1:-1]
        if not part.startswith("{"):
            yield re.escape(part)
        else:
            yield rf"(?P<{name}>{SHAPES.get(name, '.+')})"
