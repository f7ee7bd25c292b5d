"""A plan as text and back: the one encoding of plan files, of the store and of every export of a plan.

A file is canonical JSON (keys sorted, no spaces) of five keys: "format", "version", "checksum", "plan", "passed". The
checksum is the SHA-256 of the canonical plan without its protocols' texts; each text is covered by the hash its pin
holds. So a plan has the same checksum in a file, with the texts inside, and in the store, which keeps each text once.
"passed" are the saved states that the plan went through, the one in the file last; none where it never was in a store.
By them a store that the plan comes back to knows whether its own newest state is among them.

Format history
    1  First: patient, pins, blocks, decisions, modifications, acknowledgements, demo mark.
    2  Bag plans of blocks.
    3  Confirmations of open items, signatures, issued sheets.
    4  Holds, skipped and repeated cycles, stops, changed doses and agents, added orders; grades of toxicity; what was
       given; the result behind a decision, and decisions opened again.
    5  The formula of body surface.
    6  Measurements that doses do not follow; records of what was given as planned.
    7  Days on which no bag is changed.
    8  Added examinations.
    9  Deferrals of the rest of a day.
    10  Added orders that are timed by another order.
    11  Why blocks were placed, moved or taken off and facts of the patient changed; grades in records of doses.
    12  How often a day an agent is given in place of another; which changes a block or its date came after;
        from when on a bag plan holds.
    13  The saved states that the plan went through.
    14  Another dose or agent for one order alone of a drug; added orders that earlier stops do not stop; on which day
        something was not given.

A new field of the model needs a default, which older files are read with, a new version here, and its line above.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache, partial
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from planner.errors import InputProblem
from planner.model.plan import Block, BlockStart, Plan, ProtocolPin
from planner.model.revision import Passed
from planner.storage.value_codec import Codec, ValueProblem, codec_of

FORMAT = "regimap-plan"
VERSION = 14
_KEYS = {"format", "version", "checksum", "plan"}
_PASSED_SINCE = 13
_ENCODER = msgspec.json.Encoder(order="sorted")
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_PARTS = msgspec.json.Decoder(list[msgspec.Raw])


def encode(plan: Plan, passed: Sequence[Passed] = ()) -> str:
    """The plan as the text of a plan file. InputProblem where a value could not be read back."""
    written = _write(plan)
    outer = {"format": FORMAT, "version": VERSION, "checksum": _checksum(_without_texts(written)), "plan": written}
    return _canonical({**outer, "passed": codec_of(tuple[Passed, ...]).write(tuple(passed), "passed")})


def checksum_of_plan(plan: Plan) -> str:
    """The checksum of a plan as it is written today, in a file and in the store."""
    return _checksum(_without_texts(_write(plan)))


def decode(text: str, file: str) -> Plan:
    """Read a plan file. InputProblem names the file, the place and what is wrong; nothing is half-read."""
    return decode_with_passed(text, file)[0]


def decode_with_passed(text: str, file: str) -> tuple[Plan, tuple[Passed, ...]]:
    """The same, with the saved states that the plan went through."""
    outer = parse_json(text, file)
    if not isinstance(outer, dict) or outer.get("format") != FORMAT:
        raise InputProblem((f"{file}: not a plan file of this program; use one that it saved",))
    version = outer.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise InputProblem((f"{file}: version: must be a whole number from 1",))
    if version > VERSION:
        raise InputProblem(
            (f"{file}: version: made by a newer version of this program; update the program to open it",)
        )
    if set(outer) != (_KEYS if version < _PASSED_SINCE else _KEYS | {"passed"}):
        raise InputProblem((f"{file}: a plan file holds exactly the keys format, version, checksum, plan and passed",))
    plan = _read(outer["plan"], file)
    if _checksum(_without_texts(outer["plan"])) != outer["checksum"]:
        raise InputProblem((f"{file}: checksum: the file was changed or damaged after it was saved; use another copy",))
    return plan, _read_passed(outer.get("passed", []), outer["checksum"], file)


def passed_text(passed: Sequence[Passed]) -> str:
    """Saved states as the text that the store keeps of them."""
    return _canonical(codec_of(tuple[Passed, ...]).write(tuple(passed), "passed"))


def read_passed_text(text: str, place: str) -> tuple[Passed, ...]:
    """The saved states of such a text. ValueError where it is none."""
    passed: tuple[Passed, ...] = codec_of(tuple[Passed, ...]).read(parse_json(text, place), "passed")
    return passed


def _read_passed(value: Any, checksum: str, file: str) -> tuple[Passed, ...]:
    try:
        passed: tuple[Passed, ...] = codec_of(tuple[Passed, ...]).read(value, "passed")
        if passed and passed[-1].checksum != checksum:
            raise ValueProblem("passed", "the last state must be that of the plan itself")
    except ValueProblem as error:
        raise InputProblem((f"{file}: {error}",)) from None
    return passed


class PlanWriter:
    """Writes plans for the store and remembers the fields of the last one, which the next one mostly shares.

    An edit leaves all but one or two values of a plan untouched, and values never change: the same object has the same
    text. So the cost of an edit follows what it changed.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Any, str]] = {}

    def body(self, plan: Plan) -> str:
        """The canonical text of a plan without its protocols' texts. InputProblem where it could not be read back."""
        written: dict[str, tuple[Any, str]] = {}
        try:
            for name in _field_codecs():
                value = getattr(plan, name)
                written[name] = (value, self._field(name, value))
            _check_links(plan)
        except ValueProblem as error:
            raise InputProblem((f"plan {plan.id}: {error}; it cannot be saved like this",)) from None
        self._kept = written
        return "{" + ",".join(f'"{name}":{text}' for name, (_value, text) in written.items()) + "}"

    def know(self, plan: Plan, texts: dict[str, msgspec.Raw]) -> bool:
        """Remember the fields of a plan that was just read from these texts, as if they had been written.

        A text that is not what is written today (an older one lacks newer fields) is not remembered. Whether all are.
        """
        pins = [_without_text(msgspec.to_builtins(pin)) for pin in plan.pins]
        values = {**{name: getattr(plan, name) for name in _quick_fields()}, "pins": pins}
        self._kept = {
            name: (getattr(plan, name), bytes(texts[name]).decode())
            for name, value in values.items()
            if name in texts and _ENCODER.encode(value) == bytes(texts[name])
        }
        return self._kept.keys() == values.keys() & texts.keys()

    def _field(self, name: str, value: Any) -> str:
        before, text = self._kept.get(name, ((), "[]"))
        if value is before:
            return text
        codec, is_list = _field_codecs()[name]
        if not is_list:
            return _canonical(codec.write(value, name))
        # Compared as objects: what was written before is still held, so no other value can have its place.
        known = {id(item): part for item, part in zip(before, _PARTS.decode(text), strict=True)}
        parts = [bytes(known[id(item)]).decode() if id(item) in known else _part(codec, item, name) for item in value]
        return "[" + ",".join(parts) + "]"


def _part(codec: Codec, value: Any, place: str) -> str:
    written = codec.write(value, place)
    return _canonical(_without_text(written) if place == "pins" else written)


@cache
def _field_codecs() -> dict[str, tuple[Codec, bool]]:
    """By the name of each field of a plan, in the order of the canonical text: its codec, or that of its items."""
    found = {}
    for name, hint in sorted(get_type_hints(Plan).items()):
        is_list = get_origin(hint) is tuple and get_args(hint)[-1] is ...
        found[name] = (codec_of(get_args(hint)[0] if is_list else hint), is_list)
    return found


def checksum_of(body: str) -> str:
    """The checksum of a canonical text."""
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def read_body(body: str, text_of: Callable[[str], str | None], place: str) -> Plan:
    """The plan of a text that PlanWriter made and whose checksum was compared; `text_of` gives a text by its hash.

    InputProblem where the text is no plan or a protocol's text does not belong to it.
    """
    value = parse_json(body, place)
    _put_texts(value, text_of)
    return _read(value, place)


def read_own_body(body: str, text_of: Callable[[str], str | None], place: str, writer: PlanWriter) -> Plan:
    """The same, quickly: the text was judged when it was written, and its checksum says that it is still that text.

    Types are checked, ranges are not again. `writer` gets to know the plan, so that the first edit costs no more
    than the others. A text that is not what is written today is read the slow way besides: of one that a newer
    version wrote the quick way would leave out, without a word, what this one does not know.
    """
    try:
        texts = _FIELDS.decode(body)
        pins = [{**pin, "text": text_of(str(pin["sha256"]))} for pin in msgspec.json.decode(texts["pins"])]
        values = {name: _quick_readers()[name](text) for name, text in texts.items() if name != "pins"}
        plan = Plan(**values, pins=msgspec.convert(pins, type=tuple[ProtocolPin, ...]))
        _check_links(plan)
        is_of_today = writer.know(plan, texts)
    except (msgspec.MsgspecError, ValueProblem, TypeError, KeyError, AttributeError, ValueError) as problem:
        raise InputProblem((f"{place}: {problem}",)) from None
    if not is_of_today:
        read_body(body, text_of, place)
    return plan


def _put_texts(value: Any, text_of: Callable[[str], str | None]) -> None:
    pins = value.get("pins") if isinstance(value, dict) else None
    for pin in pins if isinstance(pins, list) else ():
        if isinstance(pin, dict):
            pin["text"] = text_of(str(pin.get("sha256")))


def _read_field(codec: Codec, place: str, text: msgspec.Raw) -> Any:
    return codec.read(msgspec.json.decode(text), place)


@cache
def _quick_readers() -> dict[str, Callable[[msgspec.Raw], Any]]:
    """By the name of each field of a plan, what reads its text; msgspec where it can tell the classes apart."""
    found: dict[str, Callable[[msgspec.Raw], Any]] = {}
    for name, hint in get_type_hints(Plan).items():
        try:
            found[name] = msgspec.json.Decoder(hint).decode
        except TypeError:
            found[name] = partial(_read_field, codec_of(hint), name)
    return found


@cache
def _quick_fields() -> frozenset[str]:
    """The fields whose parts msgspec writes as the codec does: no unions, and no texts that are kept apart."""
    return frozenset(name for name, reader in _quick_readers().items() if not isinstance(reader, partial)) - {"pins"}


def parse_json(text: str, file: str) -> Any:
    """Strict JSON: no NaN or Infinity, no duplicate keys, no floating numbers. InputProblem names the place."""
    try:
        return json.loads(
            text, parse_constant=_refuse_constant, parse_float=_refuse_float, object_pairs_hook=_unique_keys
        )
    except json.JSONDecodeError as error:
        if not text.strip():
            raise InputProblem((f"{file}: the file is empty; use another copy",)) from None
        place = f"line {error.lineno}, column {error.colno}"
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            raise InputProblem((f"{file}: {place}: the file is cut off here; use another copy",)) from None
        raise InputProblem((f"{file}: {place}: not valid JSON ({error.msg})",)) from None
    except ValueProblem as error:
        raise InputProblem((f"{file}: {error}",)) from None
    except ValueError:
        raise InputProblem((f"{file}: a number is far too long",)) from None
    except RecursionError:
        raise InputProblem((f"{file}: brackets are nested far too deep",)) from None


def _write(plan: Plan) -> dict[str, Any]:
    try:
        written: dict[str, Any] = codec_of(Plan).write(plan, "")
        _check_links(plan)
    except ValueProblem as error:
        raise InputProblem((f"plan {plan.id}: {error}; it cannot be saved like this",)) from None
    return written


def _read(value: Any, file: str) -> Plan:
    try:
        plan: Plan = codec_of(Plan).read(value, "plan")
        _check_links(plan)
    except ValueProblem as error:
        raise InputProblem((f"{file}: {error}",)) from None
    return plan


@lru_cache(maxsize=256)
def hash_of_text(text: str) -> str:
    """What a pin names its protocol's text by."""
    return hashlib.sha256(text.encode()).hexdigest()


def _check_links(plan: Plan) -> None:
    """Each text must be the one its pin names, and each block must rest on a pin and have a start."""
    for index, pin in enumerate(plan.pins):
        if hash_of_text(pin.text) != pin.sha256:
            raise ValueProblem(f"plan.pins[{index}].text", f"the text of {pin.id} was changed after it was pinned")
    pins, starts = {pin.sha256 for pin in plan.pins}, {block.id: block.start for block in plan.blocks}
    if len(starts) < len(plan.blocks):
        raise ValueProblem("plan.blocks", "two blocks have the same id")
    grounded: set[str] = set()
    for index, block in enumerate(plan.blocks):
        if block.pin not in pins:
            raise ValueProblem(f"plan.blocks[{index}].pin", "the protocol of this block is not in the plan")
        if block.start.on is not None:
            grounded.add(block.id)
        else:
            grounded |= _grounded_by(block, index, starts, grounded)


def _grounded_by(block: Block, index: int, starts: Mapping[str, BlockStart], grounded: AbstractSet[str]) -> set[str]:
    """The block and those it starts after, up to one that has a date or is known to lead to one."""
    place, seen, start = f"plan.blocks[{index}].start", {block.id}, block.start
    while start.on is None and start.after not in grounded:
        if start.after not in starts:
            raise ValueProblem(place, "needs a date, or a block of the plan to start after")
        if start.after in seen:
            raise ValueProblem(place, "blocks start after each other in a circle")
        seen.add(start.after)
        start = starts[start.after]
    return seen


def _without_texts(plan: dict[str, Any]) -> dict[str, Any]:
    return {**plan, "pins": [_without_text(pin) for pin in plan["pins"]]}


def _without_text(pin: dict[str, Any]) -> dict[str, Any]:
    return {key: pin[key] for key in pin if key != "text"}


def _canonical(value: Any) -> str:
    # Letter for letter what json.dumps writes with sorted keys and no spaces, in a tenth of the time.
    return _ENCODER.encode(value).decode()


def _checksum(value: Any) -> str:
    return checksum_of(_canonical(value))


def _refuse_constant(name: str) -> Any:
    raise ValueProblem(name, "is not a number; write the value or leave the key out")


def _refuse_float(number: str) -> Any:
    raise ValueProblem(number, "decimal numbers are written as text in a plan file")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise ValueProblem(f'key "{key}"', "stands twice in one object; keep one")
        result[key] = value
    return result
