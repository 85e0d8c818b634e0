"""How a ticket comes to an engineer: the pool, offers, rooms, gaps."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from demo import cast, duty
from desk.actions import handovers, offers, pool
from desk.models import Decision, Firing, Note, Offer, Work
from duty.actions import rosters
from duty.models.inside import Engineer, Roster
from notifications.models.inside import InsideNotice
from tests import make
from tests.desk.holds import holds
from tickets.actions import severity, tickets, words
from tickets.models import Fact

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _everybody(cast):
    make.crew()
    yield
    holds()


def engineer(key: str) -> Engineer:
    return Engineer.objects.get(user=cast.person(key))


def send_home(*keys: str, at, plan: str | None = None) -> None:
    for key in keys:
        for one in Roster.objects.all():
            rosters.override(one, kind="remove", person=engineer(key), starts_at=at - HOUR, ends_at=at + 12 * HOUR)


def told(kind: str) -> set[str]:
    rows = InsideNotice.objects.filter(kind=f"desk.{kind}", channel="inapp").select_related("recipient")
    return {key for key in cast.BY_KEY for row in rows if row.recipient.email == cast.BY_KEY[key].email}


def test_a_new_ticket_is_offered_to_somebody_on_duty(now):
    work = make.work("nina", now)
    assert work.state == Work.State.OFFERED
    assert work.engineer.user.name in {"林浩", "陈雨", "Omar Haddad", "Sara Novak"}


def test_an_offer_says_who_was_considered(now):
    work = make.work("nina", now)
    decision = Decision.objects.get(work=work)
    assert {one["engineer"] for one in decision.considered} == {
        engineer(key).pk for key in ("linhao", "chenyu", "omar", "sara")
    }
    assert decision.chosen_id == work.engineer_id


def test_the_engineer_is_told_of_the_offer(now):
    work = make.work("nina", now)
    assert [work.engineer.user.email] == [cast.BY_KEY[key].email for key in told("offered")]


def test_a_chinese_ticket_goes_to_somebody_who_reads_it(now):
    work = make.work("zhoumin", now)
    assert work.engineer.user.name in {"林浩", "陈雨"}


def test_taking_in_twice_makes_one_offer(now):
    work = make.work("nina", now)
    pool.take_in(work.ticket_id, at=now)
    assert Offer.objects.count() == 1


def test_taking_in_marks_the_facts(now):
    make.work("nina", now)
    assert not Fact.objects.filter(taken_at=None).exists()


def test_four_offers_go_to_four_people_and_the_fifth_waits(now):
    works = [make.work("nina", now) for _ in range(5)]
    assert len({work.engineer_id for work in works[:4]}) == 4
    assert works[4].state == Work.State.POOL


@pytest.mark.parametrize("waiting", [0, 10])
def test_a_claim_costs_the_same_however_many_wait(now, waiting):
    for _ in range(waiting):
        make.work("nina", now)
    ticket = make.ticket("zhoumin", now - MINUTE)
    Engineer.objects.filter(pk=engineer("linhao").pk).update(cap=9)
    with transaction.atomic():
        [work] = Work.objects.taken_hold_of([ticket.pk], now)
    Offer.objects.filter(engineer=engineer("linhao"), state=Offer.State.LIVE).update(state=Offer.State.ACKNOWLEDGED)
    Work.objects.filter(engineer=engineer("linhao")).update(state=Work.State.OWNED)
    with CaptureQueriesContext(connection) as counted:
        assert pool.place(work, at=now)
    together = 1 if connection.vendor == "postgresql" else 5
    assert len([one for one in counted if "SAVEPOINT" not in one["sql"]]) <= 6 + together


def test_waiting_for_room_is_no_gap(now):
    for _ in range(6):
        make.work("nina", now)
    assert not Note.objects.filter(kind=Note.Kind.GAP).exists()


def test_the_one_who_acknowledged_is_offered_the_next(now):
    works = [make.work("nina", now) for _ in range(5)]
    owner = works[0].engineer
    offers.acknowledge(works[0].ticket.reference, by=owner.user, at=now)
    owner.refresh_from_db()
    assert pool.pull(owner, at=now).work_id == works[4].pk


def test_acknowledging_makes_an_owner(now):
    work = make.owned("nina", now)
    assert (work.state, work.handled_by_id) == (Work.State.OWNED, work.engineer_id)


def test_acknowledging_twice_is_acknowledging_once(now):
    work = make.owned("nina", now)
    offers.acknowledge(work.ticket.reference, by=work.engineer.user, at=now)
    assert Note.objects.filter(kind=Note.Kind.ACKNOWLEDGED).count() == 1


def test_a_colleague_cannot_acknowledge(now):
    work = make.work("nina", now)
    other = Engineer.objects.exclude(pk=work.engineer_id).filter(cap__gt=0).first()
    with pytest.raises(offers.NoOffer):
        offers.acknowledge(work.ticket.reference, by=other.user, at=now)


def test_r_and_d_finds_no_ticket_at_the_desk(now, ravi):
    work = make.work("nina", now)
    with pytest.raises(Work.DoesNotExist):
        offers.acknowledge(work.ticket.reference, by=ravi, at=now)


def test_a_refused_offer_goes_to_somebody_else(now):
    work = make.work("nina", now)
    first = work.engineer
    offers.refuse(work.ticket.reference, by=first.user, at=now, reason="I wrote that module")
    work.refresh_from_db()
    assert work.state == Work.State.OFFERED and work.engineer_id != first.pk


def test_nobody_answered_goes_to_somebody_else_with_its_deadline(now):
    work = make.work("nina", now, severity=2)
    first, due = work.engineer_id, work.due_at
    offer = Offer.objects.get()
    assert offers.expire(offer, at=offer.acknowledge_by)
    work.refresh_from_db()
    assert work.engineer_id != first and work.due_at == due


def test_an_offer_does_not_expire_before_its_moment(now):
    make.work("nina", now)
    offer = Offer.objects.get()
    assert not offers.expire(offer, at=offer.acknowledge_by - timedelta(seconds=1))


def test_who_missed_an_offer_is_away_until_the_next_act(now):
    work = make.work("nina", now)
    missed = work.engineer
    offer = Offer.objects.get()
    offers.expire(offer, at=offer.acknowledge_by)
    missed.refresh_from_db()
    assert missed.is_away(offer.acknowledge_by + 29 * MINUTE)
    assert not missed.is_away(offer.acknowledge_by + 30 * MINUTE)


def test_any_act_ends_being_away(now):
    work = make.work("nina", now)
    missed = work.engineer
    offer = Offer.objects.get()
    offers.expire(offer, at=offer.acknowledge_by)
    other = make.work("ada", offer.acknowledge_by)
    Offer.objects.filter(work=other).exists()
    waiting = [make.work("nina", offer.acknowledge_by) for _ in range(3)][-1]
    handovers.take(waiting.ticket.reference, by=missed.user, at=offer.acknowledge_by + MINUTE)
    missed.refresh_from_db()
    assert missed.away_until is None


def test_an_acknowledgement_that_came_first_beats_expiry(now):
    work = make.work("nina", now)
    offer = Offer.objects.get()
    late = offer.acknowledge_by + MINUTE
    offers.acknowledge(work.ticket.reference, by=work.engineer.user, at=late)
    assert not offers.expire(offer, at=late)


def test_an_expiry_that_came_first_beats_acknowledgement(now):
    work = make.work("nina", now)
    offer = Offer.objects.get()
    offers.expire(offer, at=offer.acknowledge_by)
    with pytest.raises(offers.NoOffer):
        offers.acknowledge(work.ticket.reference, by=work.engineer.user, at=offer.acknowledge_by)


def test_the_lead_is_told_after_the_second_miss(now):
    make.work("nina", now)
    first = Offer.objects.get()
    offers.expire(first, at=first.acknowledge_by)
    assert told("missed") == set()
    second = Offer.objects.get(state=Offer.State.LIVE)
    offers.expire(second, at=second.acknowledge_by)
    assert {"dora", "sara"} <= told("missed")


def test_the_last_one_on_duty_is_asked_again_and_not_sent_away(now):
    send_home("linhao", "chenyu", "sara", at=now)
    work = make.work("nina", now)
    offer = Offer.objects.get()
    offers.expire(offer, at=offer.acknowledge_by)
    work.refresh_from_db()
    omar = engineer("omar")
    assert (work.state, work.engineer_id, omar.away_until) == (Work.State.OFFERED, omar.pk, None)
    assert set(duty.FALLBACK) <= told("missed")


def test_when_nobody_is_on_duty_everybody_who_could_help_is_called(now):
    send_home("linhao", "chenyu", "omar", "sara", at=now)
    work = make.work("nina", now)
    assert work.state == Work.State.POOL
    assert told("gap") == {*duty.FALLBACK, "dora"}


def test_a_gap_is_told_once(now):
    send_home("linhao", "chenyu", "omar", "sara", at=now)
    work = make.work("nina", now)
    pool.drain(work.desk_id, at=now + MINUTE)
    assert Note.objects.filter(kind=Note.Kind.GAP).count() == 1


def test_urging_in_a_gap_calls_nobody_for_the_gap_again(now, nina):
    send_home("linhao", "chenyu", "omar", "sara", at=now)
    work = make.work("nina", now)
    words.urge(work.ticket.reference, by=nina, at=now + MINUTE)
    pool.take_in(work.ticket_id, at=now + MINUTE)
    assert Note.objects.filter(kind=Note.Kind.GAP).count() == 1


def test_when_everybody_has_refused_that_is_a_gap(now):
    work = make.work("nina", now)
    for _ in range(4):
        work = Work.objects.select_related("engineer__user").get(pk=work.pk)
        offers.refuse(work.ticket.reference, by=work.engineer.user, at=now, reason="no")
    assert "dora" in told("gap")


def test_a_chinese_question_in_the_berlin_afternoon_waits_for_toronto(now):
    afternoon = now + 2 * HOUR
    work = make.work("zhoumin", afternoon, severity=4)
    assert (work.state, told("gap")) == (Work.State.POOL, set())


def test_a_chinese_s2_in_the_berlin_afternoon_is_taken_in_english_after_half_the_time(now):
    afternoon = now + 2 * HOUR
    work = make.work("zhoumin", afternoon, severity=2)
    assert work.state == Work.State.POOL
    pool.drain(work.desk_id, at=afternoon + 5 * MINUTE)
    work.refresh_from_db()
    assert work.state == Work.State.OFFERED
    assert Decision.objects.latest("pk").because == "without_language"


def test_a_ticket_that_nobody_can_take_blocks_nobody(now):
    afternoon = now + 2 * HOUR
    for _ in range(3):
        make.work("zhoumin", afternoon, severity=3)
    assert make.work("nina", afternoon, severity=4).state == Work.State.OFFERED


def test_an_s1_takes_the_place_above_the_cap(now):
    send_home("linhao", "chenyu", "sara", at=now)
    for _ in range(engineer("omar").cap):
        make.owned("nina", now)
    assert make.work("nina", now).state == Work.State.POOL
    assert make.work("nina", now, severity=1).engineer_id == engineer("omar").pk
    assert engineer("omar").held == engineer("omar").cap + 1


def test_no_second_s1_comes_on_top(now):
    send_home("linhao", "chenyu", "sara", at=now)
    for _ in range(engineer("omar").cap):
        make.owned("nina", now)
    make.owned("nina", now, severity=1)
    assert make.work("nina", now, severity=1).state == Work.State.POOL


def test_nothing_new_in_the_last_half_hour_of_a_shift(now):
    send_home("omar", "sara", "chenyu", at=now)
    assert make.work("nina", now + 31 * MINUTE).state == Work.State.POOL


def test_an_s1_comes_even_then_if_nobody_else_can(now):
    send_home("omar", "sara", "chenyu", at=now)
    assert make.work("nina", now + 31 * MINUTE, severity=1).engineer_id == engineer("linhao").pk


def test_taking_by_hand_is_remembered_with_its_reason(now):
    for _ in range(4):
        make.work("nina", now)
    waiting = make.work("nina", now)
    handovers.take(waiting.ticket.reference, by=cast.person("grace"), at=now)
    decision = Decision.objects.get(work=waiting)
    assert (decision.chosen_id, decision.because) == (engineer("grace").pk, "by_hand")


def test_taking_more_than_the_cap_is_refused(now):
    for _ in range(4):
        make.work("nina", now)
    *waiting, last = [make.work("nina", now) for _ in range(engineer("grace").cap + 1)]
    for work in waiting:
        handovers.take(work.ticket.reference, by=cast.person("grace"), at=now)
    with pytest.raises(handovers.NoRoom):
        handovers.take(last.ticket.reference, by=cast.person("grace"), at=now)


def test_what_is_offered_to_a_colleague_is_not_taken_away(now):
    work = make.work("nina", now)
    other = Engineer.objects.exclude(pk=work.engineer_id).filter(cap__gt=0).first()
    with pytest.raises(handovers.OfferedToAnother):
        handovers.take(work.ticket.reference, by=other.user, at=now)


def test_given_back_it_goes_to_somebody_else(now):
    work = make.owned("nina", now)
    owner = work.engineer
    handovers.give_back(work.ticket.reference, by=owner.user, at=now, reason="Needs tier 2")
    work.refresh_from_db()
    assert work.state == Work.State.OFFERED and work.engineer_id != owner.pk


def test_withdrawn_while_offered_it_frees_the_engineer(now, nina):
    work = make.work("nina", now)
    tickets.withdraw(work.ticket.reference, by=nina, at=now + MINUTE)
    pool.take_in(work.ticket_id, at=now + MINUTE)
    asked = Engineer.objects.get(pk=work.engineer_id)
    assert (asked.held, Offer.objects.get().state) == (0, Offer.State.RETURNED)


def test_urging_reaches_the_owner_and_the_duty_manager(now, nina):
    work = make.owned("nina", now)
    words.urge(work.ticket.reference, by=nina, at=now + MINUTE)
    pool.take_in(work.ticket_id, at=now + MINUTE)
    assert "dora" in told("urged") and len(told("urged")) == 2


def test_a_raised_severity_reaches_the_order_of_the_pool(now, nina):
    work = make.owned("nina", now)
    severity.raise_(work.ticket.reference, by=nina, at=now + MINUTE, severity=1, reason="all down")
    pool.take_in(work.ticket_id, at=now + MINUTE)
    work.refresh_from_db()
    assert work.severity == 1


def test_an_s1_without_entitlement_is_told_to_sales(now):
    make.work("nina", now, plan="", severity=1)
    assert {"sun", "dora"} == told("unsettled")
    assert not Firing.objects.exists()
