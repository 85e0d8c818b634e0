"""Chromium for the browser suite. As a pytest plugin it tells pytest-playwright which program to start, and how."""

import os
import shutil
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import pytest

from tests.infra.clusters import Unavailable

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def program() -> str:
    """The browser of this machine. Raises Unavailable."""
    if found := next(filter(None, map(shutil.which, PROGRAMS)), None):
        return found
    raise Unavailable("no Chromium on this machine")


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """The machine's own Chromium, with a font for Chinese; without one its pages show boxes."""
    fonts = Path(pylopdf_fonts_zh_cn.__file__).parent
    configuration = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    configuration.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{fonts}</dir><cachedir>'
        f"{configuration.parent}</cachedir></fontconfig>"
    )
    environment = {**os.environ, "FONTCONFIG_FILE": str(configuration)}
    return {**browser_type_launch_args, "executable_path": program(), "args": FLAGS, "env": environment}
