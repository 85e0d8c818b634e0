"""A process with outside faces only knows nothing behind the wall, and carries the customer's part of the journey."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import ROOT

CUSTOMER = """
import json, re, sys
import django
django.setup()
from django.apps import apps
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import get_resolver

setup_test_environment()
from accounts.models import User
ada = Client(); ada.force_login(User.objects.get(email="ada@meridian.example"))
said = {}
said["apps"] = [name for name in ("desk", "rnd", "demo") if apps.is_installed(name)]
said["modules"] = sorted(name for name in sys.modules if name.split(".")[0] in ("desk", "rnd", "insight"))
said["plans"] = ada.get("/plans/").status_code
form = ada.get("/portal/orders/new/?plan=premium&currency=USD").content.decode()
hidden = dict(re.findall(r'name="(\\w+)" value="([^"]*)"', form))
placed = ada.post("/portal/orders/new/?plan=premium&currency=USD", hidden)
said["ordered"] = placed.url
said["announced"] = ada.post(placed.url + "transfers/", {"payer": "Meridian Retail"}).status_code
new = ada.get("/portal/tickets/new/").content.decode()
fields = {name: re.search(rf'name="{name}" value="([^"]+)"', new).group(1) for name in ("source_key", "organization")}
filed = ada.post("/portal/tickets/new/", {**fields, "severity": "4", "category": "question", "entitlement": "",
                 "subject": "How do I back up?", "body": "I would like to know.", "do": "send"})
said["filed"] = getattr(filed, "url", filed.content.decode()[-2000:])
said["answered"] = ada.post(filed.url + "words/", {"body": "One more thing."}).status_code
said["read"] = "One more thing." in ada.get(filed.url).content.decode()
said["desk"] = [ada.get(path).status_code for path in ("/desk/", "/workshop/", "/office/", "/demo/", "/no/such/place/")]
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What the outside process did, on a database that the whole house made."""
    folder = tmp_path_factory.mktemp("house")
    _run(folder, "manage.py", "migrate", "-v0", FACES="")
    _run(folder, "manage.py", "demo", FACES="")
    return json.loads(_run(folder, "-c", CUSTOMER, FACES="storefront,portal,machines").splitlines()[-1])


def _run(folder: Path, *command: str, FACES: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    faces = {"FACES": FACES} if FACES else {}
    environment = {
        **kept,
        **faces,
        "DATA_DIR": str(folder),
        "DEMO_TICKETS": "0",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    result = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr[-3000:]
    return result.stdout


def test_nothing_behind_the_wall_is_installed(said: dict[str, object]) -> None:
    assert said["apps"] == []


def test_nothing_behind_the_wall_is_even_imported(said: dict[str, object]) -> None:
    assert said["modules"] == []


def test_a_customer_orders_and_announces_the_transfer(said: dict[str, object]) -> None:
    assert str(said["ordered"]).startswith("/portal/invoices/N-") and said["announced"] == 302


def test_a_customer_files_and_writes(said: dict[str, object]) -> None:
    assert str(said["filed"]).startswith("/portal/tickets/T-") and said["answered"] == 302 and said["read"]


def test_inside_addresses_are_as_unknown_as_any(said: dict[str, object]) -> None:
    assert said["desk"] == [404, 404, 404, 404, 404]
