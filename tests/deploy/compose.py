"""What docker-compose.yml, Dockerfile and .dockerignore say, read as Docker reads them."""

import os
import re
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.infra.databases import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "ticker")
"""The services that run the house's own image."""
NAME = re.compile(r"\$\{(\w+)(?:(:?[-?])((?:[^{}]|\$\{[^{}]*\})*))?\}")


class Unset(Exception):
    """A variable that has to be set; the message is the file's own."""


def filled(text: str, variables: Mapping[str, str]) -> str:
    """`text` after interpolation: ${A}, ${A:-otherwise}, ${A:?why}, nested once; $$ is a dollar."""

    def value(match: re.Match[str]) -> str:
        name, rule, rest = match.groups()
        if found := variables.get(name, ""):
            return found
        if rule == ":?":
            raise Unset(f"{name}: {rest}")
        return filled(rest or "", variables)

    return NAME.sub(value, text).replace("$$", "$")


def environment(service: str, variables: Mapping[str, str]) -> dict[str, str]:
    """What a container of this service has in its environment: the image's, the env file's, the service's."""
    said = {name: filled(str(value), variables) for name, value in SERVICES[service]["environment"].items()}
    return {**image_environment(), **variables, **said}


def image_environment() -> dict[str, str]:
    """The ENV of the last stage, without PATH."""
    pieces = [piece for step in steps()[-1] if step[0] == "ENV" for piece in shlex.split(step[1])]
    return {name: value for name, _, value in (piece.partition("=") for piece in pieces) if name != "PATH"}


def steps() -> list[list[tuple[str, str]]]:
    """The stages of the Dockerfile, each a list of (instruction, arguments); lines are joined, comments dropped."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    stages: list[list[tuple[str, str]]] = []
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        instruction, _, arguments = line.partition(" ")
        if instruction == "FROM":
            stages.append([])
        if stages and line:
            stages[-1].append((instruction, arguments))
    return stages


def into_the_image() -> list[Path]:
    """The files of the tree that .dockerignore lets into the image."""
    lines = (ROOT / ".dockerignore").read_text().split()
    wanted = [ROOT / line[1:] for line in lines if line.startswith("!")]
    return sorted(
        path
        for one in wanted
        for path in ([one] if one.is_file() else one.rglob("*"))
        if path.is_file() and path.suffix not in (".pyc", ".mo")
    )


def lay_image(folder: Path) -> None:
    """`COPY . .` into a folder, as the build does it."""
    for path in into_the_image():
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def build_environment() -> dict[str, str]:
    """The variables of the build step that makes words and static files."""
    step = next(arguments for name, arguments in steps()[0] if name == "RUN" and "collectstatic" in arguments)
    return dict(piece.split("=", 1) for piece in shlex.split(step.partition("sh -c")[0]))


def bare() -> dict[str, str]:
    """The least that a process needs of this machine."""
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8"}
