"""What stands around every page: the answer to probes, long requests, idle sessions, the lines of the log."""

import json
import logging
import sys
from datetime import timedelta

import pytest
import redis
import time_machine
from django.core.cache import cache
from django.db import InterfaceError, OperationalError

from config.engine import access, probe
from config.engine.cache import Cache
from config.logs import JsonLine
from config.pages import broken

STAMP = ("kept", "one", "two")


def test_a_probe_needs_neither_a_known_host_nor_https(client, settings):
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["support.example.com"], True
    assert client.get("/healthz", headers={"host": "10.0.0.7:8000"}).content == b"ok"
    assert client.get("/plans/", headers={"host": "10.0.0.7:8000"}, secure=True).status_code == 400


def test_a_body_longer_than_any_form_is_refused_in_our_look(client, settings):
    settings.BODY_LIMIT = 100
    refused = client.post("/language/", {"next": "x" * 200})
    assert refused.status_code == 413 and "This is too much at once" in refused.content.decode()
    assert refused.headers["Content-Security-Policy"]


def test_a_session_ends_after_hours_without_its_owner(client, settings, nina, now):
    settings.SESSION_IDLE = 12 * 3600
    with time_machine.travel(now, tick=False):
        client.force_login(nina)
    for hours, status in ((0, 200), (11, 200), (22, 200), (35, 302)):
        with time_machine.travel(now + timedelta(hours=hours), tick=False):
            assert client.get("/portal/").status_code == status, hours


def test_a_signed_in_page_stays_in_no_cache_and_a_strangers_in_no_shared_one(client, nina):
    assert client.get("/").headers["Cache-Control"] == "private"
    client.force_login(nina)
    assert set(client.get("/portal/").headers["Cache-Control"].split(", ")) == {"private", "no-store"}


@pytest.mark.parametrize(
    ("error", "status"), [(OperationalError("away"), 503), (InterfaceError("closed"), 503), (KeyError("ours"), 500)]
)
def test_an_error_of_the_database_is_told_as_such(rf, error, status):
    try:
        raise error
    except type(error):
        assert sys.exception() is error
        answer = broken(rf.get("/"))
    assert answer.status_code == status and answer.has_header("Retry-After") == (status == 503)


def test_a_cache_that_is_lost_breaks_nothing(monkeypatch):
    away = Cache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 0.2}})
    monkeypatch.setattr(Cache, "_away_until", 0.0)
    assert away.get(STAMP[0]) is None
    away.set(STAMP[0], STAMP[1])
    assert away.get(STAMP[0]) == STAMP[1] and away.add(STAMP[0], STAMP[2]) is False
    assert away.get_many([STAMP[0]]) == {STAMP[0]: STAMP[1]}
    away.delete(STAMP[0])
    assert away.has_key(STAMP[0]) is False


@pytest.mark.redis
def test_a_cache_that_is_there_is_shared_between_processes(settings):
    cache.set(STAMP[0], STAMP[1], 5)
    with redis.from_url(settings.BROKER_URL) as server:
        assert [key for key in server.scan_iter() if key.endswith(b":1:kept")]


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/portal/tickets/T-4K7Q9D/", "/portal/tickets/T-4K7Q9D/"),
        (
            "/accounts/password/reset/key/3-dik83s-7a7dde576793100076c1b0cd8147e226/",
            "/accounts/password/reset/key/.../",
        ),
        ("/static/look/base.b9037e0f1bac.css", "/static/look/base.b9037e0f1bac.css"),
    ],
)
def test_no_link_that_opens_a_door_is_logged(path, written):
    assert access.without_secrets(path) == written


@pytest.mark.parametrize(("behind", "who"), [(True, "203.0.113.7"), (False, "10.0.0.2")])
def test_a_forwarded_address_counts_only_from_a_proxy_of_ours(settings, behind, who):
    settings.BEHIND_PROXY = behind
    environ = {"REMOTE_ADDR": "10.0.0.2", "HTTP_X_FORWARDED_FOR": "1.2.3.4, 203.0.113.7"}
    assert access.visitor(environ) == who


def test_a_line_of_json_tells_what_was_said_besides():
    record = logging.makeLogRecord(
        {"name": "access", "levelname": "INFO", "msg": "GET %s", "args": ("/",), "status": 200}
    )
    said = json.loads(JsonLine().format(record))
    assert (said["logger"], said["level"], said["message"], said["status"]) == ("access", "info", "GET /", 200)
    assert said["at"].endswith("+00:00")


def test_a_process_that_turns_is_well_and_one_that_stood_still_is_not(monkeypatch, tmp_path):
    monkeypatch.setattr(probe, "pulse", lambda name: tmp_path / name)
    probe.move("ticker")
    assert probe.is_well("ticker")
    monkeypatch.setattr(probe, "PATIENCE", -1.0)
    assert not probe.is_well("ticker")
