"""Lines that the planner tells about a plan, in the chosen language.

The planner speaks English, because command line, sheets and logs want it so. What the window shows of it is read again
here by the sentences it was made from, as names of edits and problems of the store are. Drugs, blocks, questions and
answers are content and stay as their files say them.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from planner.model.plan import REASONS
from planner.services.telling.weights import SET_RIGHT
from ui.tongue import ENGLISH, fact_title, in_chosen_words, language, say

SHAPES = {
    **dict.fromkeys(("cycle", "until", "number", "more"), r"-?\d+"),
    **dict.fromkeys(("days", "earlier", "later", "count", "hours", "size", "bag", "bags"), r"[-+]?[\d,]+"),
    **dict.fromkeys(("weekday", "clock"), r"\S+"),
    "first": r"-?\d+",
    **dict.fromkeys(("amount", "strength"), r"[\d.,]+ \S+"),
    **dict.fromkeys(("rate", "percent"), r"[\d.,]+"),
    "route": r"[A-Z]{2,4}|topical|ophthalmic|radiation",
    **dict.fromkeys(("question_asked", "its_answer"), r'[^"]+'),
    "rule": r"[A-Z]{2,3}-\d+\w*",
    "fact": r"\S+",
    "reason": "|".join(REASONS),
    "grade": r"\d",
}
"""What may stand in a place of a sentence, so that no sentence fits words it was not made for; elsewhere anything."""
SENTENCES = (
    # Bars of the timeline
    "{what} dose to enter {route}",
    "{what} dose to enter",
    "{what} six times daily {route}",
    "{what} five times daily {route}",
    "{what} four times daily {route}",
    "{what} three times daily {route}",
    "{what} twice daily {route}",
    "{what} daily {route}",
    "{block} C{cycle} D{first} to C{number} D{until}",
    "{block} C{cycle} D{first} to D{until}",
    "Protocol dose {dose}, capped",
    "Protocol dose {dose}",
    "Window −{earlier} to +{later} days",
    "Window {day} to {end}",
    "{what} (window −{earlier} to +{later} days)",
    "{state} by {days} days from {day}",
    "{state} by {days} day from {day}",
    "Provisional: {why}",
    "Check: {evidence} value",
    "Confirmed: {evidence} value",
    "• {choice} (taken)",
    "• {choice} (expected)",
    "Needs {what}",
    "{block}: {days} days, {count} cycles",
    "{block}: {days} days",
    "from {protocol}, version {number}",
    "{protocol}, version {number}",
    "{finding} (contraindicated)",
    "{finding} (warning)",
    "{finding} (advice)",
    "{finding} (acknowledged)",
    "Co-medication from {day} and still taken",
    "Co-medication from {day} to {end}",
    "{amount} ({number} given)",
    "{amount} (given)",
    "{amount} six times daily",
    "{amount} five times daily",
    "{amount} four times daily",
    "{amount} three times daily",
    "{amount} twice daily",
    "{amount} daily",
    # Why it stands there
    "{block} starts after {other} ends on {day}, {days} days",
    "{block} starts after {other} ends on {day}, {days} day",
    "{block} starts after {other} ends on {day}",
    "starts after {other} ends on {day}, {days} days",
    "starts after {other} ends on {day}, {days} day",
    "starts after {other} ends on {day}",
    "{block} starts on Day {first} of {other}, {day}, {days} days",
    "{block} starts on Day {first} of {other}, {day}, {days} day",
    "{block} starts on Day {first} of {other}, {day}",
    "starts on Day {first} of {other}, {day}, {days} days",
    "starts on Day {first} of {other}, {day}, {days} day",
    "starts on Day {first} of {other}, {day}",
    "{block} moved by {days} days with all later blocks",
    "{block} moved by {days} day with all later blocks",
    "moved by {days} days with all later blocks",
    "moved by {days} day with all later blocks",
    "Cycle {cycle} starts on {day}",
    "{block} starts on {day}",
    "starts on {day}",
    "Day {first} is {days} days from Day {number}: {day}",
    "Day {first} is {days} day from Day {number}: {day}",
    "Day {first} is {day}",
    "deferred by {days} days: {day}",
    "deferred by {days} day: {day}",
    "may fall from {earlier} days earlier to {later} days later",
    "keeps its days: the deferral of its cycle does not move it",
    "provisional: {why}",
    "{block} an estimate: it starts when {gate}",
    "an estimate: it starts when {gate}",
    "{block} ends {count} months after Day {first} of {other} ({day})",
    "ends {count} months after Day {first} of {other} ({day})",
    "{block} no end date: {other} is not on the plan before it",
    "no end date: {other} is not on the plan before it",
    "{block} the cycles on the plan end before that date",
    "{block} ends where {other} begins",
    "ends where {other} begins",
    "stays on the plan as far as it was given, although this no longer holds: {asked}",
    'put off by the answer "{its_answer}"; no day is set yet: a day shown is only the protocol\'s',
    "not recorded: {facts}",
    "{part} before it is on hold",
    "{block} on the plan if {asked}",
    "on the plan if {asked}",
    '"{question_asked}" is "{its_answer}" and {asked}',
    '"{question_asked}" is not "{its_answer}" and {asked}',
    '"{question_asked}" is "{its_answer}"',
    '"{question_asked}" is not "{its_answer}"',
    # How its dose and its day came about
    "rounded to whole vials: {amount}, {percent} % more",
    "rounded to whole vials: {amount}, {percent} % less",
    "rounded to halves of {strength} tablets: {amount}, {percent} % more",
    "rounded to halves of {strength} tablets: {amount}, {percent} % less",
    "rounded to {strength} tablets: {amount}, {percent} % more",
    "rounded to {strength} tablets: {amount}, {percent} % less",
    "rounded to {strength}: {amount}",
    "tablets: {body}",
    "vials: {body}",
    "more than {count} tablets of one strength would make it",
    "no tablets make it exactly; nearest are {first_side} or {other_side}",
    "no tablets make it exactly; nearest are {first_side}",
    "dose {number} of {count} this day",
    "until {gate}: the last day is an estimate",
    "until {gate}: how long is not known",
    "an estimate: Day {first} waits for {gate}",
    # Old and new beside each other
    "bag {bag} of {bags}: {what}",
    "bag {bag} of {bags} so far: {what}",
    "{hours} h at {rate} mL/h, {then}",
    "a {size} h bag taken down early, {then}",
    "{then}, not a chosen weekday",
    "{then}, a closed day",
    "then bag {more} with the next dose on {weekday} {day} {clock}",
    "then bag {more} on {weekday} {day} {clock}",
    "then disconnect on {weekday} {day} {clock}",
    # What people recorded
    "recorded: {record}",
    "record taken back: {record}",
    "{record}: not given ({by})",
    "{record}: not given: {why} ({by})",
    "{record}: given from {day} to {end}, {dose} each: {why} ({by})",
    "{record}: given from {day} to {end}, {dose} each ({by})",
    "{record}: given on {weekday} {day}, {dose} each: {why} ({by})",
    "{record}: given on {weekday} {day}, {dose} each ({by})",
    "{record}: partly from {day} to {end}, {dose} each: {why} ({by})",
    "{record}: partly on {weekday} {day}, {dose} each: {why} ({by})",
    "{what}, {count} doses",
    "{record}: given on {weekday} {day}, {dose} ({by})",
    "{record}: given on {weekday} {day}, {dose}: {why} ({by})",
    "{record}: partly on {weekday} {day}, {dose}: {why} ({by})",
    "{record}: partly on {weekday} {day}, {dose} ({by})",
    "{reason} grade {grade}, {its_note}",
    "{reason} grade {grade}",
    "{reason}, {its_note}",
    "decided: {answer}",
    "answered after its due day {day}, so these follow an answer nobody had yet: {doses}; record what was given",
    'open again: {question} It was "{answer}"',
    "measured: {body}",
    "measurement taken back: {body}",
    "{body} ({surface}); doses do not follow it",
    "result: {result}",
    "result taken back: {result}",
    "medicine: {medicine}",
    "medicine taken back: {medicine}",
    "{medicine} from {day} to {end}",
    "{medicine} from {day}, no end yet",
    "marker: {fact} {its_value}",
    "marker taken back: {fact} {its_value}",
    "allergy: {allergy}",
    "allergy taken back: {allergy}",
    "given before: {drug}",
    "given before taken back: {drug}",
    "diagnosis: {was} -> {now}",
    "born: {was} -> {now}",
    "name: {was} -> {now}",
    "sex: {was} -> {now}",
    # How treatment goes on after a hold
    "{block} C{cycle} goes on {days} days from D{first} on, and all that hangs on it",
    "{block} goes on the same day, no date moves",
    "drawn is a stop of {count} h, {day} to {on}: the hour stays, and bags and end go by that, not by {hours} h",
    "restart under supervision: stopped {hours} h, {count} h or more ({source})",
    "premedication again on Day {first}: {drug}",
    "the protocol has no premedication for this restart: add the site's own",
    "a new cycle {cycle}: stopped {hours} h, more than {days} days ({source})",
    "a new cycle {cycle}: stopped {days} days, more than {count} ({source})",
    "{drug} again from {day}",
    "no dose of {drug} is planned from {day} on: where it is to be given, order it on its day",
    "left out for good: the dose of {day}",
    "left out for good: the {count} doses from {day} to {end}",
    "left out for good: the {count} doses of {day}",
    # By which weight doses go on
    "from {day} on doses go by {amount} of {on}, which is newer; " + SET_RIGHT,
    "{block} C{cycle}, begun {began}, goes on by {amount} of {on}: next {drug} on {next_day}; " + SET_RIGHT,
    # What keeps the plan a draft
    "{protocol} version {number} is not signed by this site ({status})",
    "{what} (unverified)",
    "{what} (local)",
    # Sums of drugs
    "no dose of {what}",
    # Rescue of what is begun, where the rest of its block stands still
    "goes with {drug} of {day}: NOT to be left out, ask now",
)
MADE = ("bag", "disconnect")
"""What an infusion's own events are called, after its drug: "Blinatumomab: bag"."""
_MADE = re.compile(rf": ({'|'.join(MADE)})(?=$| C-?\d| · )")
WHOLE = (
    "Provisional: behind an open decision",
    "Deferred",
    "Held",
    "Omitted: not to be given",
    "Given",
    "Stopped",
    "Decided",
    "Open: the plan is drawn with the expected answer",
    "no sourced dose: enter the site's own",
    "its day is not set yet",
    "behind an open decision",
    "the cycles on the plan end before that date",
    "rounds to nothing",
    "dose to enter",
    "not set",
    "no time",
    "planned",
    "provisional",
    "deferred",
    "held",
    "omitted",
    "given",
    "stopped",
)
"""Lines without a place to fill."""
SAID_AGAIN = frozenset(
    {
        *("what", "state", "evidence", "why", "then", "record", "body"),
        *("status", "medicine", "was", "now", "route", "asked", "reason"),
    }
)
"""Places whose words are such a sentence, or a word, themselves."""


def plan_words(text: str) -> str:
    """The lines in the chosen language; of one that nobody knows only weekdays, units and runs of days."""
    if language() == ENGLISH:
        return text
    return _read(text, language())


@lru_cache(maxsize=1024)
def _read(text: str, _language: str) -> str:
    """Kept, because every painting of a lane asks for the words on its bars."""
    return "\n".join(_line(line) for line in text.split("\n"))


def event_name(name: str) -> str:
    """The name of an event, or of several: what the plan itself puts there is said, drugs and examinations stay."""
    if language() == ENGLISH:
        return name
    return _MADE.sub(lambda found: f": {say(found[1])}", in_chosen_words(name))


def _line(line: str) -> str:
    whole = say(line)
    if whole != line:
        return whole
    for sentence, pattern in _patterns():
        found = pattern.fullmatch(line)
        if found:
            return say(sentence, **{place: _part(place, words) for place, words in found.groupdict().items()})
    return event_name(line)


def _part(place: str, words: str) -> str:
    if place in SAID_AGAIN:
        return _line(words)
    if place == "fact":
        return fact_title(words)
    return say(words) if place in ("weekday", "its_value") else in_chosen_words(words)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one, re.compile("".join(_parts(one)))) for one in SENTENCES)


def _parts(sentence: str) -> Iterator[str]:
    for part in re.split(r"(\{\w+\})", sentence):
        name = part[1:-1]
        yield rf"(?P<{name}>{SHAPES.get(name, '.+?')})" if part.startswith("{") else re.escape(part)
