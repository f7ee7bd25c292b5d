"""The line of every key: against texts whose writer noted the lines, with everything that can lead a scanner astray."""

import tomllib
from decimal import Decimal

import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.content.intake import walk
from planner.content.toml_lines import find_lines, line_of
from planner.paths import resources

TRICKY = '''\
# [not.a.table]
title = "a # b [c] = { d"
"quoted key" = 1
'lit.eral' = 2
"es\\u0063aped" = 3
long = """
[fake]
key = 1 \\""" still in
""""
literal = \'\'\'
[[fake]] # no comment
x = "unclosed
\'\'\'
days = [
  "1", # one
  # between

  "2",
  [3, 4,
   5],
]
inline = { a = 1, b.c = [ { d = 1 }, { d = 2 } ], "e f" = "}" }
when = 2026-01-01T08:00:00.5+01:00
number = -1.5e10
empty = ""
empties = [[], {}, ""]

[table]
a.b.c = 1
a.b.d = """one line"""

[table.sub."x.y"]
k = 1
[[list]]
name = "first"
[list.inner]
deep = true
[[list.many]]
m = 1
[[list.many]]
m = 2
[[list]]
name = "second"
[[list.many]]
m = 3
'''

EXPECTED = {
    ("title",): 2,
    ("quoted key",): 3,
    ("lit.eral",): 4,
    ("escaped",): 5,
    ("long",): 6,
    ("literal",): 10,
    ("days",): 14,
    ("days", 0): 15,
    ("days", 1): 18,
    ("days", 2): 19,
    ("days", 2, 0): 19,
    ("days", 2, 2): 20,
    ("inline", "a"): 22,
    ("inline", "b", "c", 1, "d"): 22,
    ("inline", "e f"): 22,
    ("when",): 23,
    ("number",): 24,
    ("empty",): 25,
    ("empties", 2): 26,
    ("table",): 28,
    ("table", "a", "b", "c"): 29,
    ("table", "a", "b", "d"): 30,
    ("table", "sub", "x.y"): 32,
    ("table", "sub", "x.y", "k"): 33,
    ("list", 0): 34,
    ("list", 0, "name"): 35,
    ("list", 0, "inner", "deep"): 37,
    ("list", 0, "many", 1, "m"): 41,
    ("list", 1): 42,
    ("list", 1, "name"): 43,
    ("list", 1, "many", 0): 44,
    ("list", 1, "many", 0, "m"): 45,
}


def test_every_form_of_key_has_its_line():
    lines = find_lines(TRICKY)
    assert {path: lines.get(path) for path in EXPECTED} == EXPECTED


def test_every_path_of_the_data_is_found_and_no_other():
    for text in (TRICKY, TRICKY.replace("\n", "\r\n")):
        lines = find_lines(text)
        paths = {path for path, _ in walk(tomllib.loads(text))}
        assert paths - set(lines) == {("table", "sub"), ("list",), ("list", 0, "many"), ("list", 1, "many")}
        assert set(lines) <= paths


def test_the_parser_of_checked_texts_gives_what_the_parser_that_checked_them_gave():
    for file in resources().rglob("*.toml"):
        text = file.read_text("utf-8")
        assert tomli.loads(text, parse_float=Decimal) == tomllib.loads(text, parse_float=Decimal), file.name
    assert tomli.loads(TRICKY, parse_float=Decimal) == tomllib.loads(TRICKY, parse_float=Decimal)


def test_what_has_no_line_of_its_own_gets_the_line_around_it():
    lines = find_lines(TRICKY)
    assert line_of(lines, ("list", 1, "many", 0, "missing")) == 44
    assert line_of(lines, ("list", 1, "missing")) == 42
    assert line_of(lines, ("list",)) == line_of(lines, ("list", 0))
    assert line_of(lines, ("days", 1, "x", 3)) == 18
    assert line_of(lines, ("missing",)) == 1
    assert line_of(lines, ()) == 1


KEYS = st.from_regex(r"[a-z]{1,4}", fullmatch=True)
QUIRKS = st.sampled_from(
    ["1", '"x"', "'y'", '"[a]"', '"# no"', "1.5", "true", '""', "[]", "{}", '"\\""', "''", '["]", "["]', "{ q = 1 }"]
)
LONG = st.sampled_from(['"""\n[x]\nq = 1\n"""', "'''\n\n\"\n'''", "[\n 1,\n\n 2\n]", '[ # c\n { q = "}" },\n]'])


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 2), KEYS, QUIRKS | LONG), max_size=25))
def test_lines_of_any_text_are_where_its_writer_put_them(entries):
    written, expected, number = [], {}, 1
    base, count, used = (), 0, set()
    for form, key, value in entries:
        if form == 0:
            written.append("[[t]]")
            base, used = ("t", count), set()
            expected[base] = number
            count += 1
            number += 1
        if (*base, key) == ("t",) or key in used:
            continue
        used.add(key)
        lead = "\n# note\n" if form == 2 else ""
        number += lead.count("\n")
        expected[*base, key] = number
        written.append(f"{lead}{key} = {value}")
        number += value.count("\n") + 1
    text = "\n".join(written)
    assert tomli.loads(text, parse_float=Decimal) == tomllib.loads(text, parse_float=Decimal)
    lines = find_lines(text)
    assert {path: lines.get(path) for path in expected} == expected
