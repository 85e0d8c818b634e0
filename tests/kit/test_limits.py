"""Limits: so often and no oftener, for each by itself, and whoever is told "later" keeps the words."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from accounts.disclosure import ANONYMOUS
from config.checks import routes
from kit import limits, stash
from kit.http import guard_of
from tests import make

HOUR = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _limits(settings, tmp_path):
    settings.LIMITS_ON = True
    settings.FILES_DIR = tmp_path
    settings.LIMITS = {**settings.LIMITS, "filing": (3, 3600), "speaking": (1, 3600), "uploads": (100, 3600)}
    cache.clear()
    yield
    cache.clear()


def _spend(times: int, who: str = "1") -> int:
    """How many of so many tries were let through."""
    done = 0
    for _ in range(times):
        try:
            limits.spend("filing", who)
            done += 1
        except limits.TooOften:
            continue
    return done


def test_so_often_and_no_oftener():
    with time_machine.travel(HOUR, tick=False):
        assert _spend(10) == 3


def test_each_has_a_budget_of_ones_own():
    with time_machine.travel(HOUR, tick=False):
        assert (_spend(3, "1"), _spend(3, "2")) == (3, 3)


def test_the_budget_comes_back_by_and_by():
    with time_machine.travel(HOUR, tick=False) as clock:
        _spend(3)
        clock.move_to(HOUR + timedelta(minutes=61))
        assert _spend(3) == 0
        clock.move_to(HOUR + timedelta(minutes=90))
        assert _spend(3) == 1
        clock.move_to(HOUR + timedelta(hours=3))
        assert _spend(3) == 3


def test_many_at_once_do_not_pass_together():
    passed: list[int] = []
    with time_machine.travel(HOUR, tick=False):
        threads = [threading.Thread(target=lambda: passed.append(_spend(5))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(passed) == 3


def test_who_waits_is_told_for_how_long():
    with time_machine.travel(HOUR, tick=False):
        _spend(3)
        with pytest.raises(limits.TooOften) as refused:
            limits.spend("filing", "1")
    assert 0 < refused.value.wait <= 3600 and "minutes" in str(refused.value)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [(0, "9.9.9.9", "10.0.0.1"), (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"), (1, "", "10.0.0.1"),
     (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), (1, "2001:db8::7", "2001:db8::"), (1, "::ffff:9.9.9.9", "9.9.9.9"),
     (1, "unknown", "unknown")],
)  # fmt: skip
def test_an_address_is_what_our_own_proxies_vouch_for(settings, proxies, forwarded, expected):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR="10.0.0.1")
    assert limits.address(request) == expected


def test_more_than_the_bytes_of_an_hour_are_not_taken():
    request = RequestFactory().post("/", {"files": SimpleUploadedFile("a.log", b"x" * 101)})
    request.viewer = ANONYMOUS
    with pytest.raises(limits.TooOften):
        stash.attached(request)


def test_somebody_unknown_may_read_so_often(db, settings):
    settings.LIMITS = {**settings.LIMITS, "reading": (2, 600)}
    client = Client()
    with time_machine.travel(HOUR, tick=False):
        answers = [client.get("/machines/plans/") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 0


def test_whoever_is_told_later_keeps_words_and_files(client, nina, now):
    reference = make.ticket("nina", now).reference
    client.force_login(nina)
    with time_machine.travel(now, tick=False):
        client.post(f"/portal/tickets/{reference}/words/", {"body": "First."})
        words = "The second one, which is a long one\nof two lines & <more>."
        log = SimpleUploadedFile("pods.log", b"OOMKilled")
        told = client.post(f"/portal/tickets/{reference}/words/", {"body": words, "files": log})
    page = told.content.decode()
    assert told.status_code == 429 and told["Retry-After"]
    assert "of two lines &amp; &lt;more&gt;." in page and "pods.log" in page
    assert f'action="/portal/tickets/{reference}/words/"' in page and "Send again" in page


def test_every_named_limit_stands_in_the_settings(settings):
    named = {getattr(pattern.callback, "limit", None) for _address, pattern in routes() if guard_of(pattern.callback)}
    assert named - {None} <= set(settings.LIMITS) and {"filing", "speaking", "buying"} <= named


def test_a_live_page_spends_nothing_of_what_its_reader_may_search(client, omar, settings):
    settings.LIMITS = {**settings.LIMITS, "searching": (2, 3600)}
    make.crew()
    client.force_login(omar)
    asked = [client.get("/desk/?v=1", headers={"HX-Request": "true"}).status_code for _ in range(5)]
    with time_machine.travel(HOUR, tick=False):
        searched = [client.get("/desk/?q=etcd").status_code for _ in range(3)]
    assert (asked, searched) == ([200] * 5, [200, 200, 429])
