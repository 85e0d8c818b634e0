"""Delivery: at least once outside, exactly once in the books, whatever the mail server does."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from kit import leases
from notifications import delivery
from notifications.actions import notices
from notifications.models import Notice
from notifications.models.inside import InsideNotice
from rnd.disclosure import Asked
from tests.notifications.postbox import headers, listening

State = InsideNotice.State


def payload(**more) -> Asked:
    known = {
        "reference": "V-4K7Q9D", "title": "Pods restart", "severity": 2, "link": "/workshop/investigations/V-4K7Q9D/",
        "due_at": datetime(2026, 11, 24, 13, tzinfo=UTC),
    }  # fmt: skip
    return Asked(**{**known, **more})


def tell(person, now, about="V-4K7Q9D", **more) -> None:
    notices.tell_inside([person], "rnd.asked", payload(**more), about=about, at=now, channels=("mail",))


@pytest.fixture
def hour(monkeypatch):
    """The database's clock under the test's hand."""

    class Hour:
        now = datetime(2026, 11, 24, 9, tzinfo=UTC)

        def passes(self, **span) -> None:
            self.now += timedelta(**span)

    hour = Hour()
    monkeypatch.setattr(leases, "clock", lambda: hour.now)
    return hour


def test_a_mail_is_sent_once_and_recorded(settings, ravi, now):
    tell(ravi, now)
    with listening(settings) as postbox:
        assert (delivery.deliver(), delivery.deliver()) == (1, 0)
    assert [envelope.rcpt_tos for envelope in postbox.envelopes] == [[ravi.email]]
    notice = InsideNotice.objects.get()
    assert (notice.state, notice.attempts, notice.lease_until, notice.error) == (State.SENT, 1, None, "")


def test_a_refused_mail_waits_and_is_sent_later_under_the_same_message_id(settings, hour, ravi, now):
    tell(ravi, now)
    wanted = InsideNotice.objects.get().message_id
    with listening(settings, "refuses"):
        assert delivery.deliver() == 0
    notice = InsideNotice.objects.get()
    assert (notice.state, notice.attempts) == (State.PENDING, 1) and "come back later" in notice.error
    with listening(settings) as postbox:
        assert delivery.deliver() == 0, "it was tried again before its time"
        hour.passes(minutes=2)
        assert delivery.deliver() == 1
    assert headers(postbox.contents[0])["Message-ID"] == f"<{wanted}@{settings.MAIL_DOMAIN}>"


def test_a_line_that_drops_after_the_words_means_a_second_mail_under_the_same_message_id(settings, hour, ravi, now):
    tell(ravi, now)
    with listening(settings, "drops") as first:
        assert delivery.deliver() == 0
    hour.passes(minutes=2)
    with listening(settings) as second:
        assert delivery.deliver() == 1
    assert len(first.contents) == len(second.contents) == 1
    assert headers(first.contents[0])["Message-ID"] == headers(second.contents[0])["Message-ID"]


def test_a_server_that_answers_too_late_is_asked_again(settings, hour, ravi, now):
    tell(ravi, now)
    with listening(settings, "is_late", seconds=1.5):
        assert delivery.deliver() == 0
    assert "timed out" in InsideNotice.objects.get().error.lower()


def test_no_server_at_all_is_a_failed_attempt(settings, hour, ravi, now):
    tell(ravi, now)
    with listening(settings):
        pass
    assert delivery.deliver() == 0
    assert (InsideNotice.objects.get().state, InsideNotice.objects.get().attempts) == (State.PENDING, 1)


def test_after_eight_attempts_a_notice_is_dead_and_says_why(settings, hour, ravi, now):
    tell(ravi, now)
    with listening(settings, "refuses"):
        for _attempt in range(delivery.LAST_ATTEMPT + 2):
            delivery.deliver()
            hour.passes(hours=5)
    notice = InsideNotice.objects.get()
    assert (notice.state, notice.attempts) == (State.DEAD, 8) and "come back later" in notice.error


def test_a_dead_notice_is_tried_again_when_operations_say_so(settings, hour, ravi, otto, now):
    tell(ravi, now)
    InsideNotice.objects.update(state=State.DEAD, attempts=8, error="the server was away")
    notices.retry(InsideNotice.objects.get().key, by=otto)
    with listening(settings):
        assert delivery.deliver() == 1


@pytest.mark.parametrize("key", ["ravi", "nina"])
def test_only_operations_try_dead_notices_again(request, ravi, now, key):
    tell(ravi, now)
    InsideNotice.objects.update(state=State.DEAD)
    with pytest.raises(Notice.DoesNotExist):
        notices.retry(InsideNotice.objects.get().key, by=request.getfixturevalue(key))


def test_what_a_dead_worker_had_claimed_is_sent_by_the_next_one(settings, hour, ravi, now):
    tell(ravi, now)
    assert leases.claim(InsideNotice.objects.all(), limit=9, seconds=delivery.LEASE_SECONDS), "a worker that dies now"
    with listening(settings):
        assert delivery.deliver() == 0, "the lease still runs"
        hour.passes(seconds=delivery.LEASE_SECONDS)
        assert delivery.deliver() == 1


def test_a_worker_whose_lease_ran_out_does_not_write_over_the_one_who_took_over(settings, hour, ravi, now):
    tell(ravi, now)
    (mine,) = leases.claim(InsideNotice.objects.all(), limit=9, seconds=delivery.LEASE_SECONDS)
    hour.passes(seconds=delivery.LEASE_SECONDS)
    with listening(settings):
        assert delivery.deliver() == 1
    delivery._put_back(mine, "too late")
    assert InsideNotice.objects.get().state == State.SENT


def test_a_slow_server_hands_back_what_it_cannot_reach_within_the_lease(settings, monkeypatch, ravi, now):
    for number in range(3):
        tell(ravi, now, about=str(number))
    monkeypatch.setattr(delivery, "LAST_CALL_SECONDS", 0.5)
    with listening(settings, "is_late", seconds=0.6) as postbox:
        assert delivery.deliver() == 1
    assert len(postbox.envelopes) == 1
    assert list(InsideNotice.objects.order_by("pk").values_list("state", "attempts", "lease_until"))[1:] == [
        (State.PENDING, 0, None), (State.PENDING, 0, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "title",
    ["with \x00 NUL", "two\r\nBcc: everybody@evil.example", "bell \x07 and \x1b[31m", "\ud800 alone", "x" * 5000,
     "{{ secret }} {% load x %}", "‮reversed", "line one\u2028line two"],
)  # fmt: skip
def test_hostile_words_neither_poison_the_queue_nor_become_a_header(settings, ravi, now, title):
    tell(ravi, now, about="hostile", title=title)
    tell(ravi, now, about="next")
    with listening(settings) as postbox:
        assert delivery.deliver() == 2
    for envelope, content in zip(postbox.envelopes, postbox.contents, strict=True):
        assert envelope.rcpt_tos == [ravi.email]
        assert "Bcc" not in headers(content) and b"\x00" not in content


def test_a_notice_that_cannot_be_rendered_stops_no_other(settings, hour, ravi, now):
    notices.tell_inside([ravi], "rnd.unknown", payload(), about="broken", at=now, channels=("mail",))
    tell(ravi, now)
    with listening(settings):
        assert delivery.deliver() == 1
    assert InsideNotice.objects.get(kind="rnd.unknown").attempts == 1


@pytest.mark.parametrize("address", ["no at sign", "two@example.com\nBcc: x@evil.example"])
def test_an_impossible_address_stops_no_other(settings, hour, ravi, mei, now, address):
    type(mei).objects.filter(pk=mei.pk).update(email=address)
    mei.refresh_from_db()
    tell(mei, now)
    tell(ravi, now)
    with listening(settings) as postbox:
        delivery.deliver()
    assert [ravi.email] in [envelope.rcpt_tos for envelope in postbox.envelopes]
    assert all("Bcc" not in headers(content) for content in postbox.contents)


def test_a_second_deliverer_passes_over_what_the_first_holds(settings, ravi, now):
    for number in range(4):
        tell(ravi, now, about=str(number))
    mine = leases.claim(InsideNotice.objects.order_by("pk"), limit=2, seconds=60)
    with listening(settings):
        assert delivery.deliver() == 2
    assert set(InsideNotice.objects.filter(state=State.PENDING)) == set(mine)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_deliverers_never_send_the_same_notice_twice(settings, ravi, now):
    for number in range(12):
        tell(ravi, now, about=str(number))
    start, counts = threading.Barrier(2), []

    def work() -> None:
        try:
            start.wait()
            counts.append(sum(delivery.deliver(limit=3) for _round in range(6)))
        finally:
            connection.close()

    with listening(settings) as postbox:
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    identities = [headers(content)["Message-ID"] for content in postbox.contents]
    assert len(identities) == len(set(identities)) == sum(counts) == 12
