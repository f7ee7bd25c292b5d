"""The title of a fix as a history keeps it, in English, read again in the chosen language by its sentences."""

import re
from collections.abc import Iterator
from functools import cache

from ui.tongue import in_chosen_words, say

DAY = r"(?:\w{3} )?\d\d-\w{3}-\d{4}"
NUMBER = r"[-+−]?\d[\d,]*"
TIME = r"\d[\d.]* \w+"
SHAPES = {
    **dict.fromkeys(("day", "start", "end"), DAY),
    **dict.fromkeys(("days", "cycle", "count", "total"), NUMBER),
}
"""What may stand in a place of a sentence; elsewhere anything."""
TITLES = (
    "Move {blocks} to later days, {total} days in all, so that every hard interval is kept",
    "Draw {block} on to {day}",
    "Move {block} by {days} day, to start on {day}",
    "Move {block} by {days} days, to start on {day}",
    "Bring forward {block} C{cycle} and what follows by {length}, to {day}",
    "Defer {block} C{cycle} and what follows by {length}, to {day}",
    "Bring forward {what} to {day}",
    "Postpone {what} to {day}",
    "Reduce to {amounts}: {doses}",
    "Cap at {amounts}: {doses}",
    "Leave out {cycles}, beyond the limit",
    "Leave out {what} ({doses})",
    "Give {dose} every {hours} h from {day} {hour} on, in place of the rescue drawn",
    "Stop {drug} from {dose} on",
    "Add {what}, every {days} days, from {start} to {end}",
    "Add {what}, daily, from {start} to {end}",
    "Add {what} on {day}, the day before {dose}",
    "Add {what} on {day}, the day of the decision",
    "Add {what}: {day} (1 day)",
    "Do the same from {dose} on, in all later blocks",
    "Add {what}: {count} days, from {day} on",
    "Add {what}: {doses}",
    "Plan {drug} as co-medication from {spans}; its dose is for the prescriber",
    "Let {what}, as co-medication",
    "Go on with {what}",
)
PARTS = (
    "{count} block",
    "{count} blocks",
    "{count} dose",
    "{count} doses",
    "{count} day",
    "{count} days",
    "{count} more day",
    "{count} more days",
    "{count} more dose",
    "{count} more doses",
    "{amount} and {more} other amount",
    "{amount} and {more} other amounts",
    "{drug} of {block} C{cycle} where both give it",
    "{dose}, with all that is given on that day,",
    "{dose}, the second of the two",
    "{doses}, beyond the limit",
    "{dose} and what follows of it",
    "{drug} go on to {day}",
    "{drug} start on {day}",
    "{drug} to {day} ({count} days more)",
    "{drug} on {day} (1 day more)",
    "{start} to {end}",
    "{first} and {count} more",
    "{one} and {more}",
    "{dose} {when}",
)
"""What stands in the places of titles."""
WHENS = (
    "from {first} before to {last} after",
    "{last} to {first} before",
    "{first} to {last} after",
    "in the {first} before",
    "{first} before",
    "on the same day",
)
"""When a drug is given that a dose needs beside it."""
ANY_WHEN = "|".join(one.replace("{first}", TIME).replace("{last}", TIME) for one in WHENS)


def fix_words(title: str) -> str:
    """The title in the chosen language; one that nobody knows stays as it is."""
    return _read(title, TITLES) or in_chosen_words(title)


def _part(place: str, words: str) -> str:
    if place == "when":
        return _read(words, WHENS) or words
    if place in SHAPES:
        return in_chosen_words(words)
    return _read(words, PARTS) or words


def _read(text: str, sentences: tuple[str, ...]) -> str:
    for sentence, pattern in _patterns(sentences):
        if found := pattern.fullmatch(text):
            return say(sentence, **{place: _part(place, words) for place, words in found.groupdict().items()})
    return ""


@cache
def _patterns(sentences: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one, re.compile("".join(_parts(one, sentences)))) for one in sentences)


def _parts(sentence: str, among: tuple[str, ...]) -> Iterator[str]:
    for part in re.split(r"(\{\w+\})", sentence):
        name = part[1:-1]
        if not part.startswith("{"):
            yield re.escape(part)
        elif name == "when":
            yield f"(?P<when>{ANY_WHEN})"
        else:
            yield f"(?P<{name}>{TIME if among is WHENS else SHAPES.get(name, '.+?')})"
