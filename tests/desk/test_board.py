"""The queue's order, sections and pages, and what its counts count."""

from datetime import timedelta

import pytest
from django.utils import timezone

from desk import board
from desk.models import Work
from desk.models.work import BACK_IN_FRONT
from duty.models.inside import Engineer
from tests import make

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def me(cast, omar):
    make.crew()
    return board.seat(omar)


def filed(at, *, due=None, broken=None, severity=3) -> str:
    """A ticket whose nearest promise ends so long after `at`."""
    work = make.work("nina", at, severity=severity)
    Work.objects.filter(pk=work.pk).update(
        due_at=at + due if due is not None else None, broken_at=at - broken if broken is not None else None
    )
    return work.ticket.reference


def sections(me, at, **more) -> dict[str, list[str]]:
    queue = board.queue(me, at=at, **more)
    return {one.name: [row.reference for row in one.rows] for one in queue.sections}


def test_rows_stand_in_their_sections(me, now):
    with timezone.override("UTC"):
        hour, today, later = filed(now, due=59 * MINUTE), filed(now, due=5 * HOUR), filed(now, due=20 * HOUR)
        still = filed(now)
        assert sections(me, now) == {"hour": [hour], "today": [today], "later": [later], "still": [still]}


def test_broken_promises_stand_behind_those_that_can_be_kept(me, now):
    broken = filed(now, due=-MINUTE, broken=MINUTE)
    soon = filed(now, due=MINUTE)
    assert list(sections(me, now)) == ["hour", "broken"]
    assert sections(me, now) == {"hour": [soon], "broken": [broken]}


def test_after_eight_hours_they_come_back_to_the_front(me, now):
    filed(now, due=MINUTE)
    lost = filed(now, due=-BACK_IN_FRONT, broken=BACK_IN_FRONT)
    assert next(iter(sections(me, now).items())) == ("lost", [lost])


def test_pages_follow_each_other_without_a_hole_or_a_double(me, now):
    filings = [filed(now, due=n % 3 * HOUR if n % 4 else None, severity=1 + n % 4) for n in range(11)]
    seen, after = [], ""
    while True:
        queue = board.queue(me, at=now, after=after, limit=3)
        seen += [row.reference for one in queue.sections for row in one.rows]
        if not (after := queue.after):
            break
    assert sorted(seen) == sorted(filings)


def test_a_page_counts_the_whole_list(me, now):
    for _ in range(5):
        filed(now, due=MINUTE)
    queue = board.queue(me, at=now, limit=2)
    assert (queue.total, queue.sections[0].count, len(queue.sections[0].rows)) == (5, 5, 2)


def test_a_facet_counts_what_choosing_it_would_show(me, now):
    for severity in (1, 3, 3):
        filed(now, due=HOUR, severity=severity)
    queue = board.queue(me, at=now, chosen={"severity": ["1"]})
    assert {one.name: one.count for one in queue.facets["severity"]} == {"1": 1, "2": 0, "3": 2, "4": 0}


def test_other_desks_are_not_seen(me, now):
    reference = filed(now, due=HOUR)
    Work.objects.update(desk=make.desk("another"))
    assert reference not in str(sections(me, now))


def test_the_seat_changes_when_anything_at_the_desk_does(me, now, omar):
    before = board.seat(omar).version(now)
    filed(now, due=HOUR)
    assert board.seat(omar).version(now) != before


def test_a_promise_looks_late_from_nine_tenths_on_even_if_nobody_was_warned_yet(me, now):
    make.work("nina", now, severity=1)
    rows = [board.queue(me, at=now + minutes * MINUTE).sections[0].rows[0] for minutes in (44, 45, 54)]
    assert [row.state for row in rows] == ["calm", "soon", "late"]


def test_in_a_daytime_promise_only_passed_thresholds_count(me, now):
    work = make.work("nina", now, severity=3)
    row = board.queue(me, at=work.due_at - 13 * HOUR).sections[0].rows[0]
    assert (row.state, row.used) == ("calm", 0)


def test_what_was_broken_long_ago_leads_the_first_page(me, now):
    filed(now, due=MINUTE)
    lost = filed(now, due=-BACK_IN_FRONT, broken=BACK_IN_FRONT)
    assert sections(me, now, limit=1) == {"lost": [lost]}


def test_two_desks_are_read_as_one_queue(me, now, omar):
    here, there = filed(now, due=2 * HOUR), filed(now, due=HOUR)
    other = make.desk("another")
    Work.objects.filter(ticket__reference=there).update(desk=other)
    Engineer.objects.create(desk=other, user=omar, cap=4, idle_since=now)
    queue = board.queue(board.seat(omar), at=now)
    assert [row.reference for one in queue.sections for row in one.rows] == [there, here]


@pytest.mark.parametrize("after", ["0~~3~2026-01-01T00:00:00+00:00~T-1", "2~2026-01-01T00:00:00~3~2026-01-01~T", "~"])
def test_a_place_that_no_row_has_begins_at_the_front(me, now, after):
    reference = filed(now, due=HOUR)
    assert reference in str(sections(me, now, after=after))
