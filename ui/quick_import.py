"""What the window needs of others, imported without what it does not: about an eighth of the whole start.

Nothing here changes what a module does. Where a package is built otherwise than the ones these lines were written for,
it is loaded as it is, and only time is lost.
"""

import __future__

import builtins
import marshal
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any
from zlib import crc32

NOT_YET = ("argparse", "bz2", "logging", "lzma", "tempfile")
"""What PySide6 imports beside its own, for packing itself and for writing type stubs; a window needs none of it."""
SELDOM_READ = ("shibokensupport.", "inspect", "platform", "textwrap", "tokenize", "urllib.", "zipfile")
"""Modules with patterns for what no window reads before its first paint: PySide6, and what it and msgspec import."""
KEPT = Path(cache_from_source(str(Path(__file__).with_name("quick_import_qt.py"))))
"""Compiled code of PySide6, beside that of this module."""
Code = dict[tuple[str, bytes], CodeType]
"""Compiled code by the name of its file and Python's own hash of the text."""


def import_structs() -> None:
    """Load msgspec without what the nouns do not need of it.

    It takes from typing_extensions, where that is installed, what typing has too by now; told that the file is not
    there, it asks typing. And it loads readers of formats and schemas, which here wait until somebody asks for them.
    """
    if "msgspec" in sys.modules:
        return
    for part in ("inspect", "json", "toml", "yaml"):
        sys.modules[f"msgspec.{part}"] = Later(f"msgspec.{part}")
    known = sys.modules.get("typing_extensions")
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]  # None says it is not there
    try:
        with patterns_later(SELDOM_READ):
            import msgspec  # noqa: F401 not used here: what counts is that it is loaded so, for all who use it later
    finally:
        del sys.modules["typing_extensions"]
        if known:
            sys.modules["typing_extensions"] = known


def import_qt() -> None:
    """Load PySide6 from compiled code, and put its slow import away again. An ImportError is left to the first user.

    PySide6 carries a part of itself as text in a library and compiles that at every start; here the compiled code is
    kept where Python keeps that of this module. And it puts an import of its own before the one there was, so that
    modules may ask for `__feature__`; none does, and it would read the source of every module that comes after it.
    """
    if "PySide6.QtCore" in sys.modules:
        return
    with suppress(ImportError), later(NOT_YET), patterns_later(SELDOM_READ), kept_code(KEPT):
        import PySide6.QtCore  # noqa: F401 loaded here for all who use it later
    before = getattr(builtins, "__orig_import__", None)
    if before is not None:
        builtins.__import__ = before


@contextmanager
def later(names: tuple[str, ...]) -> Iterator[None]:
    """Whoever imports one of these modules gets it on first taking something from it. Afterwards all is as usual."""
    waiting = {name: Later(name) for name in names if name not in sys.modules}
    sys.modules.update(waiting)
    try:
        yield
    finally:
        for name, module in waiting.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


class Later(ModuleType):
    """Stands for a module that is loaded when something is first taken from it."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


@contextmanager
def patterns_later(modules: str | tuple[str, ...]) -> Iterator[None]:
    """Regular expressions that modules of such names make at their import are compiled when they are first used.

    Other modules that are imported meanwhile get theirs at once: the caller's frame tells whose it is.
    """
    really = re.compile

    def compiled(pattern: Any, flags: Any = 0) -> Any:
        asks = sys._getframe(1).f_globals.get("__name__", "")  # noqa: SLF001 - nothing else says who asks
        return PatternLater(pattern, flags) if asks.startswith(modules) else really(pattern, flags)

    re.compile = compiled
    try:
        yield
    finally:
        re.compile = really


USES = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub")
"""What is done with a regular expression."""


class PatternLater:
    """Stands for a compiled regular expression until it is used; taking `.split` of it is not using it yet."""

    def __init__(self, pattern: Any, flags: Any) -> None:
        self._made_of = pattern, flags

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in USES:
            return partial(self._use, name)
        return getattr(re.compile(*self._made_of), name)

    def _use(self, name: str, *words: Any, **named: Any) -> Any:
        return getattr(re.compile(*self._made_of), name)(*words, **named)


@contextmanager
def kept_code(file: Path) -> Iterator[None]:
    """What is compiled meanwhile from whole texts is taken from that file, and kept in it for the next time.

    As with Python's own compiled modules, the text is compared and the version of Python; and nothing is written where
    Python was told to write none, or where the folder does not let us.
    """
    really = builtins.compile
    known, used = _read(file), Code()

    def compiled(source: Any, filename: Any, mode: str, *others: Any, **named: Any) -> Any:
        if mode != "exec" or others or named or not isinstance(source, bytes | str):
            return really(source, filename, mode, *others, **named)
        key = str(filename), source_hash(source.encode() if isinstance(source, str) else source)
        # Python takes over the caller's future features: the only caller has this one.
        flag = __future__.annotations.compiler_flag
        used[key] = known.get(key) or really(source, filename, mode, flags=flag, dont_inherit=True)
        return used[key]

    builtins.compile = compiled
    try:
        yield
    finally:
        builtins.compile = really
        if used.keys() - known.keys() and not sys.dont_write_bytecode:
            _write(file, used)


def _read(file: Path) -> Code:
    try:
        head, content = MAGIC_NUMBER, file.read_bytes()
        size = len(head) + 4
        if content[:size] != head + crc32(content[size:]).to_bytes(4):
            return {}
        known: Code = marshal.loads(content[size:])  # noqa: S302 - as Python reads its own compiled modules
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    return known


def _write(file: Path, code: Code) -> None:
    content = marshal.dumps(code)
    part = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(exist_ok=True)
        part.write_bytes(MAGIC_NUMBER + crc32(content).to_bytes(4) + content)
        part.replace(file)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)


if __name__ == "__main__":  # setting up makes the file, also where programs are told to leave no compiled code
    sys.dont_write_bytecode = False
    import_qt()
