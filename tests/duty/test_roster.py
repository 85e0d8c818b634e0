"""Who is on duty at a desk: the plan of the demo desk, asked at moments."""

from datetime import UTC, datetime, timedelta

import pytest

from demo import cast, duty
from duty import roster
from duty.actions import engineers, rosters
from duty.models.inside import Engineer, Roster

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(cast):
    return duty.lay()


def engineer(key: str) -> Engineer:
    return Engineer.objects.get(user=cast.person(key))


def names(duty_now: roster.Duty) -> set[str]:
    on = {one.engineer_pk for one in duty_now.people}
    return {key for key in duty.CREW if engineer(key).pk in on}


def test_shanghai_and_berlin_overlap_for_two_hours(desk, now):
    assert names(roster.on_duty(desk.pk, now)) == {"linhao", "chenyu", "omar", "sara"}


def test_shanghai_goes_home_at_six(desk, now):
    assert names(roster.on_duty(desk.pk, now + HOUR)) == {"omar", "sara"}


def test_somebody_is_on_at_every_hour_of_a_week(desk, now):
    assert not [shift for shift in roster.shifts(desk.pk, now, now + 168 * HOUR) if shift.is_gap]


def test_at_weekends_one_of_two_is_on(desk):
    assert len(roster.on_duty(desk.pk, datetime(2026, 11, 28, 5, tzinfo=UTC)).people) == 1


def test_a_shift_knows_its_end(desk, now):
    ends = roster.on_duty(desk.pk, now).of(engineer("linhao").pk).shift_ends_at
    assert ends == datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_an_override_takes_somebody_off_at_once(desk, now):
    roster.on_duty(desk.pk, now)
    plan = Roster.objects.get(name="Berlin")
    rosters.override(plan, kind="remove", person=engineer("omar"), starts_at=now - HOUR, ends_at=now + HOUR)
    assert "omar" not in names(roster.on_duty(desk.pk, now))


def test_an_absence_takes_somebody_off_every_roster(desk, now):
    rosters.absent(cast.person("sara"), starts_at=now - HOUR, ends_at=now + HOUR)
    assert "sara" not in names(roster.on_duty(desk.pk, now))


def test_absences_of_others_change_nothing(desk, now):
    rosters.absent(cast.person("ravi"), starts_at=now - HOUR, ends_at=now + HOUR)
    assert len(roster.on_duty(desk.pk, now).people) == 4


def test_when_nobody_is_on_the_fallback_is_called(desk, now):
    for plan in Roster.objects.all():
        for key in ("linhao", "chenyu", "omar", "sara", "grace", "hugo"):
            rosters.override(plan, kind="remove", person=engineer(key), starts_at=now, ends_at=now + HOUR)
    answer = roster.on_duty(desk.pk, now)
    assert (answer.people, answer.is_gap) == ((), True)
    assert answer.fallback == tuple(engineer(key).pk for key in duty.FALLBACK)


def test_a_desk_without_rosters_is_a_gap(desk, now):
    other = type(desk).objects.create(slug="empty", owner=desk.owner, name="Empty")
    assert roster.on_duty(other.pk, now) == roster.Duty(people=(), is_gap=True, fallback=())


def test_a_new_version_leaves_the_past_as_it_was(desk, now):
    layers = [{"priority": 1, "people": [engineer("sara").pk]}]
    rosters.publish(desk, "Berlin", layers=layers, valid_from=now + HOUR, timezone="Europe/Berlin")
    assert "omar" in names(roster.on_duty(desk.pk, now))
    assert "omar" not in names(roster.on_duty(desk.pk, now + HOUR))


def test_people_on_standby_are_marked_with_their_severities(desk, now):
    night = now.replace(hour=3)
    layers = [{"priority": 1, "people": [engineer("omar").pk]}]
    rosters.publish(desk, "Call", layers=layers, valid_from=now - 48 * HOUR, kind="standby", standby_for=(1,))
    assert roster.on_duty(desk.pk, night).of(engineer("omar").pk).standby_for == frozenset({1})


def test_who_works_and_stands_by_works(desk, now):
    layers = [{"priority": 1, "people": [engineer("omar").pk]}]
    rosters.publish(desk, "Call", layers=layers, valid_from=now - 48 * HOUR, kind="standby", standby_for=(1,))
    assert roster.on_duty(desk.pk, now).of(engineer("omar").pk).standby_for is None


def test_asking_costs_two_statements_however_many_rosters(desk, now, django_assert_num_queries):
    with django_assert_num_queries(2):
        roster.on_duty(desk.pk, now)
    for number in range(10):
        rosters.publish(desk, f"More {number}", layers=[], valid_from=now - HOUR)
    with django_assert_num_queries(2):
        roster.on_duty(desk.pk, now)


def test_a_plan_with_a_stranger_is_refused(desk, now):
    with pytest.raises(rosters.BadRoster) as refused:
        rosters.publish(desk, "Berlin", layers=[{"priority": 1, "people": [987654]}], valid_from=now)
    assert refused.value.reason == "stranger"


def test_a_plan_in_an_unknown_zone_is_refused(desk, now):
    with pytest.raises(rosters.BadRoster) as refused:
        rosters.publish(desk, "Moon", layers=[], valid_from=now, timezone="Moon/Tycho")
    assert refused.value.reason == "bad_timezone"


def test_a_customer_cannot_be_enlisted_at_the_houses_desk(desk, now, nina):
    with pytest.raises(engineers.Stranger):
        engineers.enlist(desk, nina, tier=1, skills=[], languages=["en"], at=now)


def test_enlisting_again_keeps_what_somebody_holds(desk, now):
    Engineer.objects.filter(user=cast.person("omar")).update(held=1)
    engineers.enlist(desk, cast.person("omar"), tier=2, skills=[], languages=["en"], at=now)
    assert (engineer("omar").tier, engineer("omar").held) == (2, 1)


def test_a_version_that_begins_within_the_shift_ends_it(desk, now):
    layers = [{"priority": 1, "people": [engineer("sara").pk]}]
    begins = now + timedelta(minutes=30)
    rosters.publish(desk, "Berlin", layers=layers, valid_from=begins, timezone="Europe/Berlin")
    assert roster.on_duty(desk.pk, now).of(engineer("omar").pk).shift_ends_at == begins
