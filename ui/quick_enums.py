"""Qt's enumerations, made in a fifth of the time: there are 178 of them with 2,900 members before the first paint.

For each member Python's enum looks through all ancestors and asks what kind of value it is, because a member may be
anything. Qt's are numbers under plain names, and of those the same classes can be made straight. Whatever is not as
plain is left to Python, as is everything where Python is newer than what these lines were compared with.
"""

import sys
from enum import Enum, EnumType, Flag, FlagBoundary, IntEnum, IntFlag
from functools import cache
from typing import Any

NEWEST = (3, 13)
"""The newest Python whose enumerations were compared."""
PLAIN = frozenset((Enum, IntEnum, Flag, IntFlag))
# What Enum("Name", pairs) calls, and the only place where it can be made otherwise; its types are published nowhere.
_really: Any = EnumType._create_  # type: ignore[attr-defined]
_put = type.__setattr__


def quick_enums() -> None:
    """From now on `Enum("Name", pairs)` and its kin are made here, where that gives the same."""
    if sys.version_info[:2] <= NEWEST:
        EnumType._create_ = _create  # type: ignore[attr-defined]  # as above: published nowhere


def _create(
    base: Any,
    name: str,
    pairs: Any,
    *,
    module: str | None = None,
    boundary: FlagBoundary | None = None,
    **others: Any,
) -> Any:
    if module is None:
        module = sys._getframe(2).f_globals.get("__name__")  # noqa: SLF001 - as Python's enum finds the caller
    if base in PLAIN and isinstance(pairs, list) and set(map(type, pairs)) <= {tuple}:
        values = dict(pairs)
        if len(values) == len(pairs) and _are_plain(base, values) and set(others.values()) <= {None, 1}:
            return _filled(_empty(base, name, module, boundary), values)
    return _really(base, name, pairs, module=module, boundary=boundary, **others)


def _are_plain(base: Any, values: dict[str, Any]) -> bool:
    """Whether all are numbers, none below 0 among flags, and no name means something else in such a class."""
    if not (set(map(type, values.values())) <= {int} and _taken(base).isdisjoint(values)):
        return False
    least = min(values.values(), default=0) if issubclass(base, Flag) else 0
    return least >= 0 and not any(name.startswith("_") for name in values)


@cache
def _taken(base: Any) -> frozenset[str]:
    return frozenset(("", "mro", *(name for kind in base.__mro__ for name in vars(kind))))


@cache
def _pattern(base: Any, boundary: FlagBoundary | None) -> dict[str, Any]:
    """What an enumeration without members holds."""
    made = vars(_really(base, "Empty", (), module=__name__, boundary=boundary))
    return {name: value for name, value in made.items() if name not in ("__dict__", "__weakref__")}


def _empty(base: Any, name: str, module: str | None, boundary: FlagBoundary | None) -> Any:
    pattern = _pattern(base, boundary)
    holds = {key: type(value)(value) if type(value) in (dict, list) else value for key, value in pattern.items()}
    holds["__module__"] = module
    return type.__new__(EnumType, name, (base,), holds)


def _filled(made: Any, values: dict[str, int]) -> Any:
    """The enumeration with its members; a name for a number that has one already is another name of that member."""
    of_names, of_values, order = made._member_map_, made._value2member_map_, made._member_names_
    make, is_number, is_flag = made._new_member_, made._use_args_, issubclass(made, Flag)
    for name, value in values.items():
        member = of_values.get(value)
        if member is None:
            member = make(made, value) if is_number else make(made)
            member._value_, member._name_, member._sort_order_ = value, name, len(order)
            member.__objclass__ = made
            of_values[value] = member
            if not is_flag or value.bit_count() == 1:
                order.append(name)
        of_names[name] = member
        _put(made, name, member)
    if is_flag:
        _mask(made, of_values)
    return made


def _mask(made: Any, values: dict[int, Any]) -> None:
    singles = [value for value in values if value.bit_count() == 1]
    every = 0
    for value in values:
        every |= value
    made._flag_mask_, made._singles_mask_, made._all_bits_ = every, sum(singles), 2 ** every.bit_length() - 1
    if singles != sorted(singles):
        made._iter_member_ = made._iter_member_by_def_
