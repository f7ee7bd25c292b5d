"""Files nobody should trust: each is refused in few words, none is followed, none takes long (see the timeout)."""

import random

import pytest

from planner.assembly.assemble import assemble
from planner.content.agent_file import read_agents
from planner.content.intake import MAX_CHARACTERS, MAX_LINE, MAX_PROBLEMS, decode_text, guard_text, load_text
from planner.content.protocol_file import read_protocol
from planner.content.rule_file import read_rule
from planner.model.site import Site
from tests.assembly.test_calendar import SOMEBODY, START
from tests.builders import placed
from tests.content.texts import AGENTS, GOOD, RULE, change

pytestmark = pytest.mark.timeout(20)


def read_all(text):
    """The text read as each kind of file; every reader gives problems or a noun, never an exception."""
    protocol, protocol_problems = read_protocol(text, "x.toml", AGENTS)
    rule, rule_problems = read_rule(text, "x.toml", AGENTS)
    agents, agent_problems = read_agents(text, "x.toml")
    assert (protocol is None) == bool(protocol_problems)
    assert (rule is None) == bool(rule_problems)
    assert not (agents and agent_problems)
    return protocol_problems, rule_problems, agent_problems


def only_line(text):
    for problems in read_all(text):
        assert len(problems) == 1, problems
        line = str(problems[0])
        assert "\n" not in line
        assert len(line) < 500
    return line


HOSTILE = {
    "50 MB": ("x" * 50_000_000, "x.toml: is too long; a content file holds at most 200,000 characters"),
    "long line": ('a = "' + "x" * MAX_LINE + '"', "x.toml:1: a line may hold 2000 characters; break it"),
    "dotted key": ("a = 1\n" + "b." * 1500 + "c = 1", "x.toml:2: a line may hold 2000 characters; break it"),
    "nested lists": ("x = " + "[\n" * 5000 + "]\n" * 5000, "x.toml: lists are nested too deeply"),
    "nested tables": ("a = " + "{ a = " * 15 + "1" + " }" * 15, "x.toml:1: a.a.a.a.a.a.a.a.a.a: is nested too deeply"),
    "nan": ("# first\na = nan", "x.toml:2: a: is not a number (NaN and infinities are refused)"),
    "infinity": ("a = [1, -inf]", "x.toml:1: a[1]: is not a number (NaN and infinities are refused)"),
    "1e999": ("a = 1e999", "x.toml:1: a: is a number out of all range"),
    "1e-999": ("a = 1e-999", "x.toml:1: a: is a number out of all range"),
    "huge whole number": ("a = 1" + "0" * 1000, "x.toml:1: a: is a number out of all range"),
    "bidi": (
        '\na = "1 \u202e gm 2"',
        "x.toml:2: holds the hidden character U+202E (right-to-left override); take it out",
    ),
    "bidi in a comment": (
        "# \u2066",
        "x.toml:1: holds the hidden character U+2066 (left-to-right isolate); take it out",
    ),
    "bidi escaped": (
        'a = "\\u202e"',
        "x.toml:1: a: holds the hidden character U+202E (right-to-left override); take it out",
    ),
    "zero width": (
        'a = "vin\u200bcristine"',
        "x.toml:1: holds the hidden character U+200B (zero width space); take it out",
    ),
    "zero width key": (
        '"a\\u200b" = 1',
        "x.toml:1: aU+200B: holds the hidden character U+200B (zero width space); take it out",
    ),
    "soft hyphen": ('a = "x\xad"', "x.toml:1: holds the hidden character U+00AD (soft hyphen); take it out"),
    "null": ('a = "\x00"', "x.toml:1: holds the hidden character U+0000 (control character); take it out"),
    "lone surrogate": ('a = "\ud800"', "x.toml:1: holds the hidden character U+D800 (control character); take it out"),
    "mark": ("\ufeffid = 1", "x.toml:1: starts with a byte order mark; save it as plain UTF-8"),
    "loose accents": ('a = "e\u0301"', "x.toml: letters and accents stand apart; save it with composed letters (NFC)"),
    "doubled key": ("a = 1\n\na = 2", "x.toml:3: this key stands here a second time"),
    "yaml": ("id: sample\n", "x.toml:1: Expected '=' after a key in a key/value pair"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused_in_one_line(name):
    text, message = HOSTILE[name]
    assert only_line(text) == message


ODD = {
    "empty": "",
    "only a comment": "# nothing",
    "json": '{"id": 1}',
    "html": "<html>",
    "python": "__import__('os').system('true')",
    "path": 'id = "../../../etc/passwd"\n[[phases]]\nid = "/etc/passwd"\n',
    "wrong kinds": "phases = 3\nreferences = []\ncourse = {}\nvariants = [[]]\nagents = [1]\nexamples = 1",
    "tables for lists": "[phases]\n[phases.orders]\n[agents]\n[parameters.x]\n[examples]",
    "lists of the wrong things": "phases = [1, [], '', {}]\ndecisions = [{}, 1]\nvariants = [{ choices = [1] }]",
    "days without end": change(GOOD, 'days = "1:28"', 'days = "' + "1:999, " * 60 + '1:999"'),
    "10^9 days": change(GOOD, 'days = "1:28"', 'days = "1:1000000000"'),
    "10^9 cycles": change(GOOD, 'cycles = "1, 3"', 'cycles = "1-1000000000"'),
    "10^9 cycles by default": change(GOOD, "cycles = 3\n", "cycles = 1000000000\n"),
    "10^9 days in a cycle": change(GOOD, "cycle_days = 21", "cycle_days = 1000000000"),
    "many unknown keys": "\n".join(f"k{number} = 1" for number in range(15_000)),
    "many phases": "[[phases]]\n" * 15_000,
    "many orders": "[[phases]]\n" + "[[phases.orders]]\n" * 10_000,
    "many choices": "[[decisions]]\n" + "[[decisions.choices]]\n" * 8_000,
    "many examples": "[[examples]]\n" * 14_000,
    "many agents": "".join(f'[[agents]]\nid = "a{number}"\nname = "A"\n' for number in range(5_000)),
    "many steps": "course = [" + '"x 1-999",\n' * 15_000 + "]\n[[phases]]\nid = 'x'",
    "many references": "references = [" + '"R9",\n' * 15_000 + "]",
    "one phase waits for the next": "".join(
        f'[[phases]]\nid = "p{number}"\ntitle = "P"\ncycle_days = 1\nstart = "after p{number + 1}"\n'
        for number in range(2_000)
    ),
    "one order waits for the next": "[[phases]]\nid = 'p'\ntitle = 'P'\ncycle_days = 1\n"
    + "".join(
        f'[[phases.orders]]\nid = "o{number}"\nagent = "x"\nrole = "rescue"\nroute = "IV"\ndays = "1"\n'
        f'evidence = "label"\ntiming = "1 h before o{number + 1}"\n'
        for number in range(1_000)
    ),
    "many cycles, many lengths, many orders": change(
        GOOD.replace("cycles = 3\n", "cycles = 999\n"),
        "cycle_lengths = { 3 = 35 }\n",
        "".join(f"cycle_lengths.{number} = 100\n" for number in range(1, 1000)),
    ).replace("max_cycles = 4\n", "")
    + "".join(
        f'[[phases.orders]]\nid = "o{number}"\nagent = "tbi"\nrole = "rescue"\nroute = "IV"\ndays = "1:40"\n'
        for number in range(190)
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_text_is_refused_within_bounds(name):
    for problems in read_all(ODD[name]):
        assert 0 < len(problems) <= MAX_PROBLEMS + 1
        assert all("\n" not in str(problem) and len(str(problem)) < 900 for problem in problems)


def test_more_problems_than_anybody_reads_are_cut_with_a_word():
    problems = read_all("\n".join(f"k{number} = 1" for number in range(500)))[0]
    assert len(problems) == MAX_PROBLEMS + 1
    assert str(problems[-1]) == "x.toml: and more problems after these"
    assert problems[0].line <= problems[99].line


def damaged(text, chance):
    """The text with a few lines taken out, doubled, cut, or given another value."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(lines))
        action = chance.randrange(5)
        if action == 0:
            del lines[place]
        elif action == 1:
            lines.insert(place, lines[chance.randrange(len(lines))])
        elif action == 2:
            key, sign, _ = lines[place].partition(" = ")
            lines[place] = (
                key + sign + chance.choice(["1", '""', "[]", "{}", "true", "1.5", '"x"', "2026-01-01", "[{}]"])
            )
        elif action == 3:
            lines[place] = lines[place][: chance.randrange(len(lines[place]) + 1)]
        else:
            lines[place] = lines[place].replace('"', '"\\u0663', 1)
    return "\n".join(lines)


@pytest.mark.parametrize("text", [GOOD, RULE], ids=["protocol", "rule"])
@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_text_gives_problems_or_a_noun_but_never_an_exception(text, seed):
    read_all(damaged(text, random.Random(seed)))


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_a_hundred_thousand_damaged_protocols_never_raise():
    """A damaged text that is still accepted is also built and placed: nothing that passes the checks may fail later."""
    chance, accepted = random.Random(2026), 0
    for _ in range(100_000):
        text = damaged(GOOD, chance)
        protocol, problems = read_protocol(text, "x.toml", AGENTS)
        assert (protocol is None) == bool(problems)
        if protocol:
            accepted += 1
            assemble(*placed(text, SOMEBODY, START), AGENTS, Site())
    assert accepted > 1000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("id = 'ä'".encode("utf-16"), "x: is UTF-16; save it as plain UTF-8"),
        ("id = 'ä'".encode("utf-16-be")[:0] + b"\xfe\xff\x00i", "x: is UTF-16; save it as plain UTF-8"),
        ("id = 'ä'".encode("utf-8-sig"), "x: is UTF-8 with a byte order mark; save it as plain UTF-8"),
        ("a = 1\nid = 'ä'".encode("latin-1"), "x:2: is not UTF-8 text; save it as plain UTF-8"),
        (b"x" * (4 * MAX_CHARACTERS + 1), "x: is too long; a content file holds at most 200,000 characters"),
    ],
)
def test_other_encodings_are_named(data, message):
    text, problems = decode_text(data, "x")
    assert text == ""
    assert [str(problem) for problem in problems] == [message]


def test_hidden_characters_without_end_are_counted_no_further():
    problems = guard_text("\u200b" * 5000, "x")
    assert MAX_PROBLEMS < len(problems) < 2 * MAX_PROBLEMS


def test_plain_text_passes_the_gate():
    text = "# ≥ 10⁹/L, Müller, Łódź, 白血病\r\nid = 1\n"
    assert decode_text(text.encode(), "x") == (text, ())
    assert guard_text(text, "x") == ()
    assert guard_text("x" * MAX_LINE, "x") == ()
    assert guard_text("x\n" * (MAX_CHARACTERS // 2), "x") == ()


def _refuse(*_):
    raise PermissionError(13, "Permission denied")


def test_what_is_no_readable_file_is_said_so(tmp_path, monkeypatch):
    assert [str(problem) for problem in load_text(tmp_path)[1]] == [f"{tmp_path.name}: is not a file"]
    assert [str(problem) for problem in load_text(tmp_path / "none.toml")[1]] == ["none.toml: is not a file"]
    locked = tmp_path / "locked.toml"
    locked.write_text("a = 1\n")
    monkeypatch.setattr(type(locked), "open", _refuse)
    assert [str(problem) for problem in load_text(locked)[1]] == ["locked.toml: cannot be read: Permission denied"]
    monkeypatch.undo()
    large = tmp_path / "large.toml"
    large.write_bytes(b"x" * (4 * MAX_CHARACTERS + 9))
    assert "too long" in str(load_text(large)[1][0])
    good = tmp_path / "good.toml"
    good.write_text("a = 1\n")
    assert load_text(good) == ("a = 1\n", ())
