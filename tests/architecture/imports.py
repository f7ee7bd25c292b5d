"""Who imports whom, read from the source text; the contracts are functions from that to a list of breaches."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Import:
    """One imported name: `target` is the module, or module and name where the name may itself be a module."""

    target: str
    line: int
    top_level: bool
    level: int  # dots of a relative import


@dataclass(frozen=True)
class Module:
    """One source file of the project."""

    name: str
    path: str
    tree: ast.Module
    imports: tuple[Import, ...]


def read_modules(changed: Mapping[str, str] | None = None) -> dict[str, Module]:
    """Every module of planner and ui by name; `changed` lays other text over files (path -> text), to plant a fault."""
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("planner", "ui")
        for path in sorted((ROOT / folder).rglob("*.py"))
    }
    texts.update(changed or {})
    modules = (_read_module(path, text) for path, text in texts.items())
    return {module.name: module for module in modules}


@cache
def _read_module(path: str, text: str) -> Module:
    tree = ast.parse(text, path)
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return Module(name, path, tree, tuple(_imports(tree, True)))


def _imports(node: ast.AST, top_level: bool) -> Iterable[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, top_level, 0) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            module = child.module or ""
            yield from (Import(f"{module}.{alias.name}", child.lineno, top_level, child.level) for alias in child.names)
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(child, top_level and not inside)


def reaches(target: str, package: str) -> bool:
    """True where the imported name is the package or lies inside it."""
    return target == package or target.startswith(package + ".")


def imported_modules(module: Module, modules: Mapping[str, Module]) -> set[str]:
    """The project's own modules that this one imports, wherever in its text."""
    found = set()
    for item in module.imports:
        for name in (item.target, item.target.rpartition(".")[0]):
            if name in modules:
                found.add(name)
                break
    return found


def forbidden(module: Module, packages: Iterable[str], top_level_only: bool = False) -> list[str]:
    """One line for each import of the module that reaches one of the packages."""
    packages = tuple(packages)
    return [
        f"{module.path}:{item.line} imports {item.target}"
        for item in module.imports
        if (item.top_level or not top_level_only) and any(reaches(item.target, package) for package in packages)
    ]
