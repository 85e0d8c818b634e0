"""Telling: a row a person and channel, once for each fact, in the person's words, zone and only to that person."""

import pytest

from notifications import board, delivery
from notifications.actions import notices
from notifications.disclosure import letter, lines
from notifications.models import Notice
from notifications.models.inside import InsideNotice
from tests.notifications.test_delivery import payload, tell


def test_telling_the_same_fact_twice_tells_once(ravi, now):
    for _again in range(2):
        notices.tell_inside([ravi], "rnd.asked", payload(), about="V-4K7Q9D", at=now)
    assert sorted(InsideNotice.objects.values_list("channel", flat=True)) == ["inapp", "mail"]


def test_another_fact_is_told_again(ravi, now):
    tell(ravi, now, about="one")
    tell(ravi, now, about="two")
    assert InsideNotice.objects.count() == 2


def test_a_mail_has_the_recipients_language_and_zone(ravi, mei, now):
    tell(ravi, now)
    tell(mei, now)
    english, chinese = (letter(row) for row in InsideNotice.objects.order_by("recipient_id"))
    assert "2026-11-24 18:30 IST" in english.body
    assert "2026-11-24 21:00 CST" in chinese.body
    assert (english.language, chinese.language) == ("en", "zh-hans")


def test_a_mail_renders_from_the_payload_alone(ravi, now, django_assert_num_queries):
    tell(ravi, now)
    notice = InsideNotice.objects.select_related("recipient").get()
    with django_assert_num_queries(0):
        letter(notice)


def test_a_mail_keeps_its_message_id_at_every_attempt(ravi, now):
    tell(ravi, now)
    assert letter(InsideNotice.objects.get()).message_id == letter(InsideNotice.objects.get()).message_id


def test_what_was_told_inside_never_stands_among_the_outside_notices(ravi, now):
    tell(ravi, now)
    assert not Notice.objects.exists()


def test_people_read_only_what_was_told_to_them(ravi, mei, now):
    notices.tell_inside([mei], "rnd.asked", payload(), about="V-4K7Q9D", at=now)
    key = InsideNotice.objects.filter(channel="inapp").get().key
    notices.read(key, by=ravi, at=now)
    assert not InsideNotice.objects.get(key=key).read_at
    notices.read(key, by=mei, at=now)
    assert InsideNotice.objects.get(key=key).read_at == now


def test_lines_of_a_page_carry_words_link_and_whether_they_were_read(ravi, now):
    notices.tell_inside([ravi], "rnd.asked", payload(), about="V-4K7Q9D", at=now)
    (line,) = lines(InsideNotice.objects.visible_to(ravi).on_page())
    assert (line.subject, line.link, line.is_read) == (
        "S2 help request: Pods restart", "/workshop/investigations/V-4K7Q9D/", False,
    )  # fmt: skip


def test_reading_all_reads_the_rest(ravi, now):
    for about in ("one", "two"):
        notices.tell_inside([ravi], "rnd.asked", payload(), about=about, at=now, channels=("inapp",))
    assert notices.read_all(by=ravi, at=now) == 2
    assert notices.read_all(by=ravi, at=now) == 0


def test_a_page_of_undelivered_notices_tells_waiting_failed_and_dead_apart(settings, ravi, now):
    for about in ("new", "failed", "dead"):
        tell(ravi, now, about=about)
    rows = {row.key.split(":")[1]: row for row in InsideNotice.objects.all()}
    InsideNotice.objects.filter(pk=rows["failed"].pk).update(attempts=2, error="refused")
    InsideNotice.objects.filter(pk=rows["dead"].pk).update(state="dead", attempts=8)
    told = board.undelivered()
    assert (told.waiting, told.oldest_at, [line.key for line in told.retrying]) == (1, now, [rows["failed"].key])
    assert ([line.key for line in told.dead], told.dead_count) == ([rows["dead"].key], 1)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_the_channel_of_an_in_app_notice_sends_nothing(ravi, now, zone, mailoutbox):
    notices.tell_inside([ravi], "rnd.asked", payload(), about=zone, at=now, channels=("inapp",))
    assert delivery.deliver() == 0 and mailoutbox == []
