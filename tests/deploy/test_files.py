"""docker-compose.yml, Dockerfile, .dockerignore and .env.example say what the house needs, and nothing else."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from tests.deploy import compose
from tests.deploy.compose import COMPOSE, OURS, SERVICES
from tests.infra.databases import ROOT

NEEDED = {
    "SITE_URL": "https://support.example.com", "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP",
    "EMAIL_URL": "smtp://mail.example.com", "POSTGRES_PASSWORD": "letters", "REDIS_PASSWORD": "digits",
}  # fmt: skip
KEYS = {
    "image", "build", "command", "init", "user", "restart", "read_only", "tmpfs", "security_opt", "cap_drop",
    "pids_limit", "shm_size", "networks", "volumes", "env_file", "environment", "ports", "logging", "healthcheck",
    "depends_on", "stop_grace_period", "deploy",
}  # fmt: skip
"""Those of the compose specification that this file uses; another one is a decision, or a slip of the pen."""
PROVIDED = {"POSTGRES_PASSWORD", "REDIS_PASSWORD"}
"""Read by docker-compose.yml and not by the house."""
FOREIGN = {"FORWARDED_ALLOW_IPS", "PGOPTIONS"}
"""Read by gunicorn and by the client library of PostgreSQL."""


def example() -> dict[str, str]:
    """The names of .env.example with what stands behind them."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(found.groups() for line in lines if (found := re.match(r"# ([A-Z_]+)=(.*)", line)))  # type: ignore[misc]


def test_every_setting_stands_in_the_example_and_none_besides():
    text = (ROOT / "config" / "settings.py").read_text()
    read = set(re.findall(r"env\.\w+\(\s*[\"']([A-Z_]+)[\"']", text))
    assert read == example().keys() - PROVIDED


def test_compose_fills_in_only_what_the_example_explains():
    named = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    own = {"GATEHOUSE_IMAGE", "POSTGRES_IMAGE", "REDIS_IMAGE", "PUBLISH_PORT"}
    assert named - own <= example().keys()
    for service in OURS:
        said = set(SERVICES[service]["environment"])
        assert said <= example().keys() | FOREIGN


def test_the_services_use_known_words_only():
    assert COMPOSE.keys() == {"name", "x-house", "x-after-migrations", "services", "networks", "volumes"}
    assert {key for service in SERVICES.values() for key in service} <= KEYS


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_locked_in(name):
    service = SERVICES[name]
    assert service["read_only"] is True and service["tmpfs"]
    assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("user", "10001:10001") != "root" and "privileged" not in service and "cap_add" not in service
    assert service["logging"]["options"]["max-size"]
    assert set(service["networks"]) <= COMPOSE["networks"].keys()
    assert {volume.split(":")[0] for volume in service.get("volumes", ())} <= COMPOSE["volumes"].keys()


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_what_stays_up_is_watched_restarted_and_given_time_to_end(name):
    service = SERVICES[name]
    assert service["healthcheck"]["test"] and service["restart"] == "unless-stopped"
    assert service["stop_grace_period"] and service["deploy"]["resources"]["limits"]["memory"]
    assert "curl" not in str(service["healthcheck"])


def test_the_worker_has_longer_than_a_task_and_web_longer_than_its_requests():
    seconds = {name: int(SERVICES[name]["stop_grace_period"].removesuffix("s")) for name in ("web", "worker")}
    assert seconds["worker"] > settings.CELERY_TASK_TIME_LIMIT
    assert seconds["web"] > int(SERVICES["web"]["environment"]["WEB_GRACE"])


def test_only_web_has_a_port_and_only_on_the_loopback():
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert list(ports) == ["web"] and all(port.startswith("127.0.0.1:") for port in ports["web"])
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]


def test_migrations_come_once_and_first():
    assert SERVICES["migrate"]["command"][-2:] == ["migrate", "--noinput"] and SERVICES["migrate"]["restart"] == "no"
    for name in ("web", "worker", "ticker"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("missing", NEEDED)
def test_compose_says_what_is_missing(missing):
    with pytest.raises(compose.Unset, match=f"{missing}: .+"):
        for service in SERVICES:
            for value in SERVICES[service].get("environment", {}).values():
                compose.filled(str(value), {name: value for name, value in NEEDED.items() if name != missing})


def test_the_image_holds_every_room_that_production_installs_and_neither_demo_nor_tests():
    shipped = {path.relative_to(ROOT).parts[0] for path in compose.into_the_image()}
    rooms = {app.split(".")[0] for app in settings.INSTALLED_APPS if (ROOT / app.split(".")[0]).is_dir()}
    assert rooms - {"demo", "sandbox"} <= shipped
    assert shipped & {"demo", "sandbox", "tests", "bench", "docs", ".env", ".data", ".git", "client"} == set()


def test_what_the_dockerfile_copies_is_let_in_and_its_last_stage_is_nobody():
    shipped = {str(path.relative_to(ROOT)) for path in compose.into_the_image()}
    copied = [shlex.split(arguments)[0] for name, arguments in compose.steps()[0] if name == "COPY"]
    assert [source for source in copied if source != "." and source not in shipped] == []
    last = dict(compose.steps()[-1])
    assert last["USER"] == "10001:10001" and "HEALTHCHECK" in last
    assert all("--require-hashes" in arguments for name, arguments in compose.steps()[0] if "pip install" in arguments)


def test_nothing_secret_is_baked_in():
    baked = {name for stage in compose.steps() for name, arguments in stage if name in ("ENV", "ARG")
             and re.search("SECRET|PASSWORD|_URL", arguments)}  # fmt: skip
    assert baked == set()


def manage(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A command of the house in production, with nothing else in the environment."""
    command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
    bare = {**compose.bare(), **environment}
    return subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True)


def test_check_deploy_finds_nothing_in_the_settings_of_compose_and_a_secret_may_stand_in_a_file(tmp_path: Path):
    environment = compose.environment("web", NEEDED) | {"DATA_DIR": str(tmp_path), "STATIC_ROOT": str(tmp_path)}
    secret = tmp_path / "key"
    secret.write_text(environment.pop("SECRET_KEY"))
    found = manage("check", "--deploy", "--fail-level", "WARNING", SECRET_KEY_FILE=str(secret), **environment)
    assert found.returncode == 0, found.stderr
    assert "no issues (0 silenced)" in found.stdout


def test_a_house_without_its_secrets_says_which_and_does_not_start():
    refused = manage("check", EMBEDDED="false", SITE_URL="https://support.example.com")
    assert refused.returncode != 0
    assert "needs DATABASE_URL, EMAIL_URL, SECRET_KEY in its environment" in refused.stderr


def test_the_sample_papers_are_whole():
    papers = tomllib.loads((ROOT / "deploy" / "house.toml").read_text())
    assert papers.keys() >= {"house", "people", "desks", "policies", "plans", "banks", "categories", "products"}
