"""Plan files: the same plan comes back, and nothing else is ever taken for one."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.errors import InputProblem
from planner.model.patient import Measurement
from planner.model.plan import (
    Plan,
)
from planner.storage import plan_codec, plan_list
from planner.storage.plan_codec import PlanWriter, checksum_of, decode, encode, read_body, read_own_body
from planner.storage.value_codec import codec_of
from tests.storage.plans import plans, resealed, small_plan

TEXT = encode(small_plan())
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=5)


def refused(text):
    with pytest.raises(InputProblem) as caught:
        decode(text, "plan.json")
    (line,) = caught.value.lines
    assert line.startswith("plan.json: ")
    return line


@given(plans())
def test_every_plan_comes_back_equal(plan):
    assert decode(encode(plan), "f") == plan


@given(plans())
def test_every_plan_comes_back_from_its_parts(plan):
    body, texts = PlanWriter().body(plan), {pin.sha256: pin.text for pin in plan.pins}
    assert read_body(body, texts.get, "f") == plan
    assert checksum_of(body) == json.loads(encode(plan))["checksum"]
    assert all(pin.text not in body for pin in plan.pins if len(pin.text) > 100)


def test_decimals_keep_every_digit_and_are_text():
    (measurement,) = decode(TEXT, "f").patient.measurements
    assert str(measurement.weight_kg) == "70.40"
    assert '"70.40"' in TEXT


def test_same_plan_gives_same_text():
    assert encode(decode(TEXT, "f")) == TEXT
    assert decode(json.dumps(json.loads(TEXT), indent=4), "f") == small_plan()


@pytest.mark.parametrize("percent", range(0, 100, 5))
def test_cut_file_is_refused(percent):
    refused(TEXT[: len(TEXT) * percent // 100])


def test_file_cut_by_one_sign_is_refused():
    assert "cut off" in refused(TEXT[:-1])


def test_every_changed_sign_is_noticed():
    """One bit of one byte, anywhere: the file is refused, but for a version that reads the very same plan."""
    raw = TEXT.encode()
    version = raw.rindex(b":") + 1
    for position in range(0, len(raw), 7):
        broken = bytearray(raw)
        broken[position] ^= 1 << (position % 7)
        text = broken.decode("utf-8", "replace")
        if position < version:
            refused(text)
            continue
        try:
            assert decode(text, "plan.json") == small_plan()
        except InputProblem:  # a version that is not known, or no number any more
            refused(text)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"weight_kg":"70.40"', '"weight_kg":NaN', "NaN"),
        ('"weight_kg":"70.40"', '"weight_kg":Infinity', "Infinity"),
        ('"weight_kg":"70.40"', '"weight_kg":70.4', "70.4"),
        ('"weight_kg":"70.40"', '"weight_kg":"NaN"', "plan.patient.measurements[0].weight_kg"),
        ('"weight_kg":"70.40"', '"weight_kg":"1e999"', "plan.patient.measurements[0].weight_kg"),
        ('"weight_kg":"70.40"', '"weight_kg":"7_0"', "plan.patient.measurements[0].weight_kg"),
        ('"weight_kg":"70.40"', '"weight":"70.40"', "plan.patient.measurements[0].weight: is not a key"),
        ('"sex":"female"', '"sex":"female","sex":"male"', 'key "sex"'),
        ('"sex":"female"', '"sex":null', "plan.patient.sex"),
        ('"birth_date":"1981-03-14"', '"birth_date":"1981-02-30"', "plan.patient.birth_date"),
        ('"birth_date":"1981-03-14"', '"birth_date":"14.3.1981"', "plan.patient.birth_date"),
        ('"birth_date":"1981-03-14"', '"birth_date":"9999-12-31"', "plan.patient.birth_date"),
        ('"birth_date":"1981-03-14"', '"birthday":"1981-03-14"', "plan.patient.birthday"),
        ('"demo":true', '"demo":1', "plan.demo"),
        ('"gap_days":3', '"gap_days":"3"', "plan.blocks[1].start.gap_days"),
        ('"gap_days":3', '"gap_days":1000000000', "plan.blocks[1].start.gap_days"),
        ('"gap_days":3', '"gap_days":' + "9" * 5000, "too long"),
        ('"scope":"following"', '"scope":"forever"', "plan.modifications[0].scope"),
        ('"kind":"deferral"', '"kind":"hope"', "plan.modifications[0].kind"),
        ('"kind":"deferral"', '"kind":["deferral"]', "plan.modifications[0].kind"),
        ('"cycles":[1,2]', '"cycles":2', "plan.blocks[1].cycles"),
        (f'"version":{plan_codec.VERSION}}}', '"version":99}', "newer version"),
        (f'"version":{plan_codec.VERSION}}}', '"version":"1"}', "version"),
        ('"format":"regimap-plan"', '"format":"other"', "not a plan file"),
        ('"family_name":"Ex\u00e1mple"', '"family_name":"Other"', "checksum"),
        ("na\u00efve", "naive", "pins[0].text"),
    ],
)
def test_wrong_file_is_refused_with_its_place(old, new, says):
    assert TEXT.count(old) >= 1
    assert says in refused(TEXT.replace(old, new, 1))


@pytest.mark.parametrize(
    "text", ["", "[]", "7", "null", '"x"', "{}", "{" * 100_000, "[" * 100_000, "\ufeff" + TEXT[:9]]
)
def test_what_is_no_plan_file_is_refused(text):
    refused(text)


def test_half_a_character_is_refused():
    assert "half of a character" in refused(TEXT.replace("B-ALL", "\\ud800"))


def _no_pin(plan):
    plan["pins"] = []


def _circle(plan):
    plan["blocks"][0]["start"] = {"on": None, "after": "blina", "day": None, "gap_days": 0}


def _no_start(plan):
    plan["blocks"][0]["start"] = {"on": None, "after": "", "day": None, "gap_days": 0}


def _same_id(plan):
    plan["blocks"][1]["id"] = "induction"


@pytest.mark.parametrize(
    ("change", "says"),
    [(_no_pin, "blocks[0].pin"), (_circle, "circle"), (_no_start, "needs a date"), (_same_id, "same id")],
)
def test_broken_links_are_refused_even_under_a_fitting_checksum(change, says):
    assert says in refused(resealed(TEXT, change))


def test_resealing_in_these_tests_is_right():
    assert decode(resealed(TEXT, lambda plan: None), "f") == small_plan()


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal("1e999")])
def test_what_could_not_be_read_back_is_not_written(value):
    plan = small_plan()
    wrong = replace(plan.patient.measurements[0], weight_kg=value)
    with pytest.raises(InputProblem, match="weight_kg"):
        encode(replace(plan, patient=replace(plan.patient, measurements=(wrong,))))


def test_store_parts_that_do_not_belong_together_are_refused():
    body = PlanWriter().body(small_plan())
    for wrong in (
        lambda: read_body(body, lambda sha: None, "f"),
        lambda: read_body(body, lambda sha: "other", "f"),
        lambda: read_body(body[:-1], lambda sha: None, "f"),
        lambda: read_body("[]", lambda sha: None, "f"),
    ):
        with pytest.raises(InputProblem):
            wrong()


@given(plans())
def test_quick_reading_gives_the_same_and_the_writer_then_knows_it(plan):
    writer, texts = PlanWriter(), {pin.sha256: pin.text for pin in plan.pins}
    body = PlanWriter().body(plan)
    read = read_own_body(body, texts.get, "f", writer)
    assert read == plan
    assert writer.body(read) == body
    assert writer.body(replace(read, demo=not read.demo)) == PlanWriter().body(replace(plan, demo=not plan.demo))


@given(plans(), plans())
def test_writer_that_read_a_plan_writes_any_mixture_of_it_with_another(plan, other):
    """Every list of the plan read, with its items turned round and those of another plan between them."""
    texts = {pin.sha256: pin.text for pin in (*plan.pins, *other.pins)}
    for name in Plan.__struct_fields__:
        writer = PlanWriter()
        read = read_own_body(PlanWriter().body(plan), texts.get, "f", writer)
        mine, theirs = getattr(read, name), getattr(other, name)
        mixed = replace(read, **{name: (*mine[::-1], *theirs, *mine[:1]) if isinstance(mine, tuple) else theirs})
        assert _written(writer, mixed) == _written(PlanWriter(), mixed)
        assert _written(writer, read) == _written(PlanWriter(), plan)


def _written(writer, plan):
    try:
        return writer.body(plan)
    except InputProblem as problem:
        return problem.lines


def test_fields_that_an_older_text_lacks_are_written_after_the_first_edit():
    """Else one plan would have two texts, and two checksums, depending on when it was first saved."""
    plan = small_plan()
    older = json.loads(PlanWriter().body(plan))
    for block in older["blocks"]:
        del block["choices"]
    for pin in older["pins"]:
        del pin["version"]
    older["patient"].pop("co_medications")
    texts = {pin.sha256: pin.text for pin in plan.pins}
    with pytest.raises(InputProblem, match="version"):
        read_own_body(json.dumps(older), texts.get, "f", PlanWriter())
    for pin, its in zip(older["pins"], plan.pins, strict=True):
        pin["version"] = its.version
    writer = PlanWriter()
    read = read_own_body(plan_codec._canonical(older), texts.get, "f", writer)
    assert writer.body(read) == PlanWriter().body(read)


@given(plans(), plans())
def test_words_are_the_same_where_the_list_takes_them_for_the_same(plan, other):
    told = 0
    for name in Plan.__struct_fields__:
        mixed = replace(plan, **{name: getattr(other, name)})
        if plan_list._has_words_of(mixed, plan):
            told += 1
            assert plan_list.words_of(mixed) == plan_list.words_of(plan)
    assert told, "confirmations, signatures, records and the like hold no words that are searched"


@pytest.mark.parametrize("wrong", ["[]", "{}", "null", '{"id":1}', '{"id":"x","patient":{}}', '{"no":1}', "{", ""])
def test_quick_reading_refuses_what_is_no_plan(wrong):
    with pytest.raises(InputProblem, match=r"^f: "):
        read_own_body(wrong, lambda sha: None, "f", PlanWriter())


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner)
    )
)
def test_canonical_text_is_that_of_the_standard_library(value):
    plain = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    assert plan_codec._canonical(value) == plain


@given(st.lists(plans(), min_size=2, max_size=4))
def test_writer_that_remembers_writes_the_same(several):
    writer = PlanWriter()
    for plan in (*several, *several[::-1], replace(several[0], blocks=several[0].blocks[:1])):
        assert writer.body(plan) == PlanWriter().body(plan)


def test_unknown_types_are_told_at_once():
    with pytest.raises(TypeError):
        codec_of(dict[str, str])
    assert codec_of(Measurement)


@given(st.text(max_size=200))
def test_any_text_is_refused_or_read(text):
    refused(text)
