"""What an import linter cannot see: the rules of the house that are read off its tables, files and addresses.

Each check is a function that returns problems in words, none = it holds. `python -m tests.house` prints them all for
the tree it stands in; `tests/violations.py` breaks each rule once in a copy of the tree and runs just that.
"""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def floors() -> dict[str, int]:
    """Each room's floor, counted from the ground, as pyproject.toml draws the house."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["name"] == "The house stands on its floors")
    return {room.strip(" ()"): number for number, layer in enumerate(reversed(layers)) for room in layer.split("|")}


def rooms() -> list[str]:
    """The top-level packages that exist."""
    return [name for name in floors() if (ROOT / name / "__init__.py").exists()]


@cache
def modules() -> dict[str, ast.Module]:
    """Every Python file of the house by its path from the root, parsed. Tests and benchmarks are not part of it."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for room in rooms()
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
    }


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Calls in `tree` of a function or method with one of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in names:
                yield node


def imports(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """(module, name, line) of each import in `tree`; name is empty for `import module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "", node.lineno) for alias in node.names)
