"""The words of the patient's sheets in one language: data, which a clinic's own speakers can review and change."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

from planner.model.quantity import format_number, unit_word

GLUE = "\u00a0"
"""Holds a number and its unit together: the wrapping never breaks here, and it prints as a plain space."""


SENTENCES = re.compile(r"(?<=\.) ")
_AGAIN = re.compile(r"(?P<part>.+), (?P<begin>from )?C(?P<cycle>\d+)(?(begin)| again)")
"""How the verbs call a cycle that is given once more, and the cycles behind it."""
_NUMBERS = re.compile(r" \d+(?:, \d+)*(?: (?:to|and) \d+)*$")


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """One language. `reviewed` tells that a native clinician checked it.

    `texts` are the fixed texts by key, with marks in braces; `terms` are phrases of protocols and agents by their
    English form. `months` stand in a date, `month_titles` alone. `decimal` and `grouping` are the signs in numbers:
    "1,000" is one to a German reader, a thousand to an English one.
    """

    id: str
    tag: str
    name: str
    reviewed: bool
    decimal: str
    grouping: str
    months: tuple[str, ...]
    month_titles: tuple[str, ...]
    weekdays: tuple[str, ...]
    on_weekdays: tuple[str, ...]
    texts: Mapping[str, str]
    terms: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """The text of that key with its marks filled in; KeyError where the language has no such text."""
        text = self.texts[key]
        return text.format(**values) if values else text

    def term(self, english: str) -> str:
        """A phrase of a protocol or agent; the English phrase itself where nobody has translated it."""
        return self.terms.get(english, english)

    def note(self, english: str) -> str:
        """What a protocol says to the patient, sentence by sentence; all of it in English where one is not known."""
        if english in self.terms or not self.knows(english):
            return self.term(english)
        return " ".join(map(self.term, SENTENCES.split(english)))

    def knows(self, english: str) -> bool:
        """Whether somebody has translated that phrase, or each of its sentences."""
        return not english or english in self.terms or all(one in self.terms for one in SENTENCES.split(english))

    def title(self, english: str) -> str:
        """The name of a part of the plan; numbers at its end ("Part A 1", "POMP 6 to 15") stay as they are.

        A cycle that is given once more, and what follows it, are parts of their own: "C1 again" is no word of a family.
        """
        if again := _AGAIN.fullmatch(english):
            key = "part_from" if again["begin"] else "part_again"
            return self.say(key, part=self.title(again["part"]), cycle=again["cycle"])
        found = self.terms.get(english)
        numbers = _NUMBERS.search(english)
        if found is None and numbers is not None:
            tail = numbers[0].replace(" to ", f" {self.say('to')} ").replace(" and ", f" {self.say('and')} ")
            found = self.term(english[: numbers.start()]) + tail
        return found or english

    def day(self, day: date | int) -> str:
        """2 March 2026, unbreakable, from a date or its ordinal."""
        on = date.fromordinal(day) if isinstance(day, int) else day
        return glued(self.say("date", day=on.day, month=self.months[on.month - 1], year=on.year))

    def day_and_month(self, day: date) -> tuple[str, str]:
        """A day beside its month, as a date has them: "30" and "November", "30" and "de noviembre"."""
        between = self.texts["date"].partition("{day}")[2].partition("{month}")[0]
        sign, _, before = between.partition(" ")
        return f"{day.day}{sign}", f"{before}{self.months[day.month - 1]}"

    def within(self, title: str) -> str:
        """A weekday or a month that does not begin its line: many languages write both with a small letter."""
        return title if self.months[0][0].isupper() else f"{title[0].lower()}{title[1:]}"

    def month(self, day: date) -> str:
        """March 2026."""
        return self.say("month_title", month=self.month_titles[day.month - 1], year=day.year)

    def months_together(self, firsts: Sequence[date]) -> str:
        """ "November and December 2026", "December 2026 and January 2027"; a year that they share once."""
        if len({one.year for one in firsts}) > 1:
            named = [self.month(one) for one in firsts]
            return self.listed([named[0], *map(self.within, named[1:])])
        titles = [self.month_titles[one.month - 1] for one in firsts]
        return self.say(
            "month_title", month=self.listed([titles[0], *map(self.within, titles[1:])]), year=firsts[0].year
        )

    def moment(self, at: datetime) -> str:
        """2 March 2026, 14:05."""
        return self.say("moment", date=self.day(at.date()), time=f"{at:%H:%M}")

    def listed(self, words: Sequence[str]) -> str:
        """ "a", "a and b", "a, b and c"."""
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self.say('and')} {words[-1]}"

    def times(self, count: int) -> str:
        """2 times; Russian has another form for 2 to 4 and what ends with them, save 12 to 14."""
        few = count % 10 in {2, 3, 4} and count // 10 % 10 != 1
        return glued(self.say("times_few" if few else "times", count=count))

    def amount(self, value: Decimal, unit: str, micrograms: str = "mcg") -> str:
        """Number and unit as one piece. `micrograms` is the site's word for mcg, where this language keeps it."""
        swap = str.maketrans({",": self.grouping, ".": self.decimal})
        word = unit_word(value, unit)
        name = self.texts.get(f"unit_{word}", word)
        return glued(f"{format_number(value).translate(swap)} {micrograms if name == 'mcg' else name}")


def glued(text: str) -> str:
    """The text as one unbreakable piece: a dose, a date, a name of a signal."""
    return text.replace(" ", GLUE)
