"""Each rule of the house, broken once, is noticed (tests/violations.py)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import ROOT, rooms
from tests.violations import LINTED, STARTED, Violation


def _copy(tmp_path_factory: pytest.TempPathFactory, violations: tuple[Violation, ...]) -> Path:
    copy = tmp_path_factory.mktemp("broken")
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for folder in [*rooms(), "templates", "tests", "static", "locale", "docs"]:
        if (ROOT / folder).exists():
            shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    for file in ("pyproject.toml", "manage.py"):
        shutil.copy(ROOT / file, copy / file)
    for violation in violations:
        violation.apply(copy)
    return copy


def _run(copy: Path, *command: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(copy), "DATA_DIR": str(copy / ".data"), "DATABASE_URL": ""}
    result = subprocess.run(
        [sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    return result.stdout + result.stderr


@pytest.fixture(scope="module")
def linted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of the copy in which every import rule is broken."""
    copy = _copy(tmp_path_factory, LINTED)
    return _run(copy, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the house tests say of the copy in which every other rule is broken."""
    return _run(_copy(tmp_path_factory, STARTED), "-m", "tests.house").split("\n")


@pytest.mark.parametrize("violation", LINTED, ids=lambda v: v.name)
def test_the_linter_catches(violation: Violation, linted: str) -> None:
    assert f"{violation.caught_by} BROKEN" in linted
    assert violation.evidence in linted.replace("\n", " ")


@pytest.mark.parametrize("violation", STARTED, ids=lambda v: v.name)
def test_the_house_catches(violation: Violation, started: list[str]) -> None:
    assert [line for line in started if line.startswith(violation.caught_by) and violation.evidence in line], started
