"""A plan as text and back: the one encoding of plan files, of the store and of every export of a plan.

A file is canonical JSON (keys sorted, no spaces) of four keys: "format", "version", "checksum" and "plan". The
checksum is the SHA-256 of the canonical plan without its protocols' texts; each text is covered by the hash its pin
holds. So a plan has the same checksum in a file, with the texts inside, and in the store, which keeps each text once.

Format history
    1  First: patient, pins, blocks, decisions, modifications, acknowledgements, demo mark.
    2  Bag plans of blocks.

A new field of the model needs a default, which older files are read with, a new version here, and its line above.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from planner.errors import InputProblem
from planner.model.plan import Plan
from planner.storage.value_codec import ValueProblem, codec_of

FORMAT = "regimap-plan"
VERSION = 2


def encode(plan: Plan) -> str:
    """The plan as the text of a plan file. InputProblem where a value could not be read back."""
    written = _write(plan)
    return _canonical(
        {"format": FORMAT, "version": VERSION, "checksum": _checksum(_without_texts(written)), "plan": written}
    )


def decode(text: str, file: str) -> Plan:
    """Read a plan file. InputProblem names the file, the place and what is wrong; nothing is half-read."""
    outer = parse_json(text, file)
    if not isinstance(outer, dict) or outer.get("format") != FORMAT:
        raise InputProblem((f"{file}: not a plan file of this program",))
    version = outer.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise InputProblem((f"{file}: version: must be a whole number from 1",))
    if version > VERSION:
        raise InputProblem(
            (f"{file}: version: made by a newer version of this program; update the program to open it",)
        )
    if set(outer) != {"format", "version", "checksum", "plan"}:
        raise InputProblem((f"{file}: a plan file holds exactly the keys format, version, checksum and plan",))
    plan = _read(outer["plan"], file)
    if _checksum(_without_texts(outer["plan"])) != outer["checksum"]:
        raise InputProblem((f"{file}: checksum: the file was changed or damaged after it was saved; use another copy",))
    return plan


def encode_apart(plan: Plan) -> tuple[str, str, Mapping[str, str]]:
    """The plan for the store: its canonical text without protocol texts, its checksum, and the texts by their hash."""
    body = _without_texts(_write(plan))
    return _canonical(body), _checksum(body), {pin.sha256: pin.text for pin in plan.pins}


def decode_apart(body: str, checksum: str, text_of: Callable[[str], str | None], place: str) -> Plan:
    """The plan the store kept apart; `text_of` gives a protocol's text by its hash.

    InputProblem where body, checksum or a text do not belong together.
    """
    value = parse_json(body, place)
    pins = value.get("pins") if isinstance(value, dict) else None
    for pin in pins if isinstance(pins, list) else ():
        if isinstance(pin, dict):
            pin["text"] = text_of(str(pin.get("sha256")))
    plan = _read(value, place)
    if _checksum(_without_texts(value)) != checksum:
        raise InputProblem((f"{place}: checksum: the plan was changed or damaged after it was saved",))
    return plan


def parse_json(text: str, file: str) -> Any:
    """Strict JSON: no NaN or Infinity, no duplicate keys, no floating numbers. InputProblem names the place."""
    try:
        return json.loads(
            text, parse_constant=_refuse_constant, parse_float=_refuse_float, object_pairs_hook=_unique_keys
        )
    except json.JSONDecodeError as error:
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


def _check_links(plan: Plan) -> None:
    """Each text must be the one its pin names, and each block must rest on a pin and have a start."""
    for index, pin in enumerate(plan.pins):
        if hashlib.sha256(pin.text.encode()).hexdigest() != pin.sha256:
            raise ValueProblem(f"plan.pins[{index}].text", f"the text of {pin.id} was changed after it was pinned")
    pins, starts = {pin.sha256 for pin in plan.pins}, {block.id: block.start for block in plan.blocks}
    if len(starts) < len(plan.blocks):
        raise ValueProblem("plan.blocks", "two blocks have the same id")
    for index, block in enumerate(plan.blocks):
        place = f"plan.blocks[{index}]"
        if block.pin not in pins:
            raise ValueProblem(f"{place}.pin", "the protocol of this block is not in the plan")
        seen, start = {block.id}, block.start
        while start.on is None:
            if start.after not in starts:
                raise ValueProblem(f"{place}.start", "needs a date, or a block of the plan to start after")
            if start.after in seen:
                raise ValueProblem(f"{place}.start", "blocks start after each other in a circle")
            seen.add(start.after)
            start = starts[start.after]


def _without_texts(plan: dict[str, Any]) -> dict[str, Any]:
    return {**plan, "pins": [{key: pin[key] for key in pin if key != "text"} for pin in plan["pins"]]}


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _checksum(value: Any) -> str:
    return hashlib.sha256(_canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


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
