"""The numbered sentences of DESIGN 6, a test for each: what its rule says, in one worked example or two."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from desk.actions import firings
from desk.models import Firing
from duty import businesstime
from duty.businesstime import WorkCalendar, window
from duty.models import CalendarVersion
from notifications.models.inside import InsideNotice
from promises import clock, disclosure, terms
from promises.actions import policies
from promises.clock import ClockEvent, PolicyTerms
from promises.models import PolicyVersion
from tests import make
from tests.tickets.holds import holds
from tickets.actions import asks, severity, tickets, words
from tickets.models import Clock, Fact

BERLIN = ZoneInfo("Europe/Berlin")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFFICE = {day: [window("09:00", "18:00")] for day in range(5)}


def _berlin(day: str, hour: int, minute: int = 0) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=BERLIN)


def _add(calendar: WorkCalendar, start: datetime, hours: float) -> datetime:
    return businesstime.add(calendar, start, int(hours * 3600)).astimezone(BERLIN)


@pytest.fixture
def ticket(nina, now):
    return make.ticket("nina", now, severity=2)


def _clock(ticket, kind="first_response") -> Clock:
    return Clock.objects.get(ticket=ticket, kind=kind)


def _reply(ticket, at) -> None:
    words.replied(ticket, make.speak(ticket, at), at=at)


def test_6_1_a_budget_that_ends_at_closing_time_is_due_at_closing_time():
    office = WorkCalendar("Europe/Berlin", OFFICE)
    assert _add(office, _berlin("2026-11-27", 16), 2) == _berlin("2026-11-27", 18)
    assert businesstime.add(office, _berlin("2026-11-27", 16), 7201).astimezone(BERLIN) == datetime(
        2026, 11, 30, 9, 0, 1, tzinfo=BERLIN
    )


def test_6_2_windows_are_half_open_run_past_midnight_and_a_skipped_edge_moves_by_the_gap():
    night = WorkCalendar("Europe/Berlin", {5: [window("22:00", "02:30")], 6: [window("12:00", "24:00")]})
    assert businesstime.is_open(night, _berlin("2026-11-28", 22))
    assert not businesstime.is_open(night, _berlin("2026-11-29", 2, 30))
    assert _add(night, _berlin("2026-11-28", 22), 5) == _berlin("2026-11-29", 12, 30)
    spring = _berlin("2026-03-28", 22)  # 02:30 does not exist that night: the window ends at 03:30, after 4.5 h
    assert businesstime.between(night, spring, spring + 8 * HOUR) == 4.5 * 3600


def test_6_3_holidays_close_their_date_working_weekends_open_and_an_unpublished_year_is_provisional(ticket, now):
    closed = frozenset([date(2026, 11, 30)])
    by_date = WorkCalendar("Europe/Berlin", OFFICE, closed, {date(2026, 11, 28): [window("09:00", "12:00")]})
    assert _add(by_date, _berlin("2026-11-27", 17), 5) == _berlin("2026-12-01", 10)
    night = {6: [window("20:00", "08:00")]}
    cut = WorkCalendar("Europe/Berlin", night, closed)
    whole = WorkCalendar("Europe/Berlin", night, closed, holiday_rule="shift_start")
    eve = _berlin("2026-11-29", 12)
    assert [businesstime.between(one, eve, eve + DAY) // 3600 for one in (cut, whole)] == [4, 12]
    china = CalendarVersion.objects.get(calendar__code="cn-5x9")
    assert china.known_until == date(2026, 12, 31)
    assert disclosure.preview("standard", 4, datetime(2026, 12, 30, 9, tzinfo=UTC)).is_provisional


def test_6_4_only_an_open_question_pauses_and_any_act_of_the_customer_resumes(ticket, nina, now):
    asks.asked(ticket, make.speak(ticket, now + HOUR), at=now + HOUR)
    paused = _clock(ticket, "update")
    assert (paused.started_at, paused.due_at) == (now + HOUR, None)
    words.say(ticket.reference, by=nina, at=now + 3 * HOUR, body="Here is the log.")
    assert _clock(ticket, "update").due_at == now + 7 * HOUR  # four hours of rhythm, two of them waited for
    asks.asked(ticket, make.speak(ticket, now + 4 * HOUR), at=now + 4 * HOUR)
    severity.raise_(ticket.reference, by=nina, at=now + 5 * HOUR, severity=1, reason="All is down.")
    assert _clock(ticket, "update").due_at == now + 7 * HOUR  # two hours from the last answer, one of them waited for
    holds()


def test_6_5_a_persons_public_word_keeps_the_first_answer_and_the_oldest_unanswered_word_the_next(ticket, nina, now):
    words.say(ticket.reference, by=nina, at=now + HOUR, body="And the console hangs.")
    assert (_clock(ticket).kept_at, _clock(ticket, "next_response").cycle) == (None, 0)
    _reply(ticket, now + 1.5 * HOUR)
    assert _clock(ticket).kept_at == now + 1.5 * HOUR
    for hours in (2, 3):
        words.say(ticket.reference, by=nina, at=now + hours * HOUR, body="Still so.")
    assert _clock(ticket, "next_response").due_at == now + 4 * HOUR
    words.set_aside(ticket, at=now + 3.5 * HOUR, reason=Fact.Aside.THANKS)
    aside = _clock(ticket, "next_response")
    assert (aside.due_at, aside.kept_at, ticket.facts.filter(kind="reopened").count()) == (None, None, 0)


def test_6_6_a_change_measures_from_the_origin_and_a_breach_stays_the_only_one(ticket, nina, now):
    severity.raise_(ticket.reference, by=nina, at=now + 1.5 * HOUR, severity=1, reason="All is down.")
    raised = _clock(ticket)
    assert (raised.due_at, raised.broken_at, raised.broken_by_change) == (now + HOUR, now + 1.5 * HOUR, True)
    severity.confirm(ticket, at=now + 1.6 * HOUR, severity=2, reason=Fact.Judgement.WORKAROUND)
    lowered = _clock(ticket)
    assert (lowered.target, lowered.broken_at) == (3600, now + 1.5 * HOUR)  # not worse than what was in force
    assert firings.fire_due(at=now + 9 * HOUR) == 0


@pytest.mark.parametrize(("on_reopen", "hours"), [("resume", 8), ("restart", 10)])
def test_6_7_reopening_resumes_or_restarts_and_time_while_solved_does_not_count(on_reopen, hours):
    start = datetime(2026, 11, 24, tzinfo=UTC)
    always = WorkCalendar("UTC", {day: [window("00:00", "24:00")] for day in range(7)})
    events = [
        ClockEvent("created", start), ClockEvent("solved", start + 2 * HOUR), ClockEvent("reopened", start + 6 * HOUR),
    ]  # fmt: skip
    policy = PolicyTerms({"resolution": 4 * 3600}, on_reopen=on_reopen)
    assert clock.replay(policy, always, events, start + 7 * HOUR)["resolution"].due_at == start + hours * HOUR


def test_6_8_a_ticket_keeps_its_version_and_the_next_ticket_and_the_shop_get_the_new_one(client, ticket, nina, now):
    quick = [policies.TermOffered(severity=2, calendar="round-the-clock", first_response=60)]
    policies.publish("premium", name="Premium", valid_from=now + HOUR, terms=quick)
    severity.raise_(ticket.reference, by=nina, at=now + 1.1 * HOUR, severity=1, reason="All is down.")
    assert _clock(ticket).target == 3600  # S1 of the version that was promised
    later = make.ticket("nina", now + 2 * HOUR, severity=2)
    assert (_clock(later).target, PolicyVersion.objects.filter(policy__code="premium").count()) == (60, 2)
    table = disclosure.promise_table("premium", now + 2 * HOUR)
    assert [(row.severity, row.first_response) for row in table] == [(2, 60)]


def test_6_9_while_paused_or_solved_nothing_is_due_and_what_is_stored_equals_a_replay(ticket, nina, now):
    _reply(ticket, now + HOUR)
    asks.asked(ticket, make.speak(ticket, now + 2 * HOUR), at=now + 2 * HOUR)
    assert _clock(ticket, "update").due_at is None
    holds()
    words.say(ticket.reference, by=nina, at=now + 3 * HOUR, body="The log.")
    tickets.solve(ticket, make.speak(ticket, now + 4 * HOUR), at=now + 4 * HOUR)
    assert {row.due_at for row in Clock.objects.filter(ticket=ticket)} == {None}
    holds()


def test_6_10_warnings_come_by_working_time_and_each_fires_once(nina):
    evening = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)  # 17:30 in Shanghai; four hours until 12:30 of the next day
    work = make.work("nina", evening, severity=3)
    at, fired = evening, []
    while at < evening + 20 * HOUR:
        firings.fire_due(at=at)
        firings.fire_due(at=at)
        at += HOUR / 4
    fired = list(Firing.objects.filter(work=work).order_by("threshold").values_list("threshold", "due_at"))
    morning = datetime(2026, 11, 25, 1, tzinfo=UTC)
    assert fired == [
        (50, morning + 1.5 * HOUR), (75, morning + 2.5 * HOUR), (90, morning + 3.1 * HOUR), (100, morning + 3.5 * HOUR),
    ]  # fmt: skip


def test_6_11_after_an_outage_late_firings_say_so_and_page_once_a_ticket(dora, now):
    work = make.work("nina", now, severity=1)
    firings.fire_due(at=now + 3 * HOUR)
    assert set(Firing.objects.filter(work=work).values_list("threshold", "is_late")) == {
        (50, True), (75, True), (90, True), (100, True),
    }  # fmt: skip
    told = InsideNotice.objects.filter(recipient=dora, channel="inapp", kind__in=["desk.warning", "desk.breach"])
    assert [row.payload["is_late"] for row in told] == [True]


def test_6_12_every_deadline_says_why_in_the_readers_language_and_zone_and_adds_up(ticket, now):
    found = terms.pinned(ticket.policy_version_id, ticket.calendar_version_id, 2)
    events = [ClockEvent("created", now)]
    state = clock.replay(found.policy, found.calendar, events, now)["first_response"]
    told = clock.explain(found.policy, found.calendar, events, "first_response", now + HOUR)
    assert sum(piece.counted for piece in told.pieces) == 3600
    said = {}
    for language, zone in (("en", "Europe/Berlin"), ("en", "Asia/Shanghai"), ("zh-hans", "Asia/Shanghai")):
        with translation.override(language), timezone.override(ZoneInfo(zone)):
            why = disclosure.why(
                found, told, state, severity=2, calendar_version_pk=ticket.calendar_version_id
            )  # fmt: skip
            said[language, zone] = (why.clause, why.result)
    assert "Premium, clause 3.2: S2" in said["en", "Europe/Berlin"][0]
    assert "policy version 1, calendar version 1" in said["en", "Europe/Berlin"][1]
    assert "12:00 (Europe/Berlin)" in said["en", "Europe/Berlin"][1]
    assert "19:00 (Asia/Shanghai)" in said["en", "Asia/Shanghai"][1]
    assert "高级版" in said["zh-hans", "Asia/Shanghai"][0]
