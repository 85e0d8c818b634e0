"""The wallboard of duty management."""

from datetime import timedelta

import pytest

from desk import wallboard
from desk.actions import firings
from desk.actions import help as desk_help
from duty.actions import rosters
from duty.models.inside import Engineer, Roster
from faces.office.wallboard import SCALE, dots, place
from tests import make
from tests.rnd import asking
from tickets.actions import words

HOUR = timedelta(hours=1)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _at_nine(cast, time_machine, now):
    time_machine.move_to(now, tick=False)
    make.crew()


def page(client, dora) -> str:
    client.force_login(dora)
    response = client.get("/office/wallboard/")
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_house_has_a_board_without_red(client, dora):
    html = page(client, dora)
    assert "Every running promise has time left." in html and "fill-late" not in html


def test_who_is_on_duty_stands_there_with_roster_and_end(client, dora, now):
    (desk,) = wallboard.show(at=now).desks
    on = {one.name: (one.roster, one.until) for one in desk.on}
    assert on["Omar Haddad"] == ("Berlin", now + 9 * HOUR) and on["林浩"] == ("Shanghai", now + HOUR)


def test_a_gap_ahead_is_told(dora, now):
    start = now + 30 * HOUR
    for roster in Roster.objects.all():
        for engineer in Engineer.objects.filter(cap__gt=0):
            rosters.override(roster, kind="remove", person=engineer, starts_at=start, ends_at=start + 2 * HOUR)
    gap = wallboard.show(at=now).first_gap
    assert (gap.starts_at, gap.seconds) == (start, 7200)


def test_a_week_without_gaps_has_none(now):
    assert wallboard.show(at=now).first_gap is None


def test_the_next_promise_is_the_nearest_that_can_be_kept(now):
    make.work("nina", now, severity=3)
    urgent = make.work("jonas", now, severity=2)
    assert wallboard.show(at=now).next_up.reference == urgent.ticket.reference


def test_slack_is_working_time(now):
    make.work("nina", now, severity=3)
    assert wallboard.show(at=now).marks[0].slack == 4 * 3600


def test_a_broken_promise_is_over_and_first_in_its_list(client, dora, now, time_machine):
    work = make.work("nina", now, severity=2)
    later = now + 3 * HOUR
    time_machine.move_to(later, tick=False)
    firings.fire_due(at=later)
    board = wallboard.show(at=later)
    assert [mark.reference for mark in board.broken] == [work.ticket.reference]
    assert (board.counts.broken, board.counts.running) == (1, 0)
    assert "1 h over" in page(client, dora)


def test_a_promise_three_quarters_used_is_at_risk(now):
    make.work("nina", now, severity=2)
    assert not wallboard.show(at=now + 1.4 * HOUR).at_risk
    assert wallboard.show(at=now + 1.6 * HOUR).at_risk


def test_a_load_is_counted_in_places(now):
    work = make.owned("nina", now)
    board = wallboard.show(at=now)
    load = next(load for load in board.loads if load.name == work.engineer.user.name)
    assert (load.s1, load.held, load.offered, load.free, load.cap) == (0, 1, 0, load.cap - 1, load.cap)


def test_an_s1_in_hand_is_its_own_block(now):
    work = make.owned("nina", now, severity=1)
    board = wallboard.show(at=now)
    assert next(load for load in board.loads if load.name == work.engineer.user.name).s1 == 1


def test_who_manages_but_takes_nothing_has_no_load(now):
    assert "Dora Klein" not in {load.name for load in wallboard.show(at=now).loads}


def test_offers_urges_and_help_requests_wait_there(now):
    offered = make.work("nina", now)
    words.urge(offered.ticket.reference, by=offered.ticket.opened_by, at=now)
    make.pool.take_in(offered.ticket_id, at=now)
    asking.asked(now, work=make.owned("jonas", now))
    board = wallboard.show(at=now)
    assert [one.reference for one in board.urges] == [offered.ticket.reference]
    assert offered.ticket.reference in {one.reference for one in board.offers}
    assert (board.counts.offers, board.counts.urges, board.counts.help) == (len(board.offers), 1, 1)


def test_an_s1_where_nobody_is_on_duty_leads_what_waits(client, dora, now):
    for roster in Roster.objects.all():
        for engineer in Engineer.objects.filter(cap__gt=0):
            rosters.override(roster, kind="remove", person=engineer, starts_at=now, ends_at=now + HOUR)
    make.work("nina", now, severity=3)
    worst = make.work("jonas", now, severity=1, subject="Everything is down")
    board = wallboard.show(at=now)
    assert (board.pool[0].reference, board.pool[0].is_gap) == (worst.ticket.reference, True)
    assert [dot.is_labelled for dot in dots(board) if dot.mark.severity == 1] == [True]
    html = page(client, dora)
    assert html.index("Everything is down", html.index("In the pool, nobody asked")) and "nobody on duty" in html


def test_a_withdrawn_help_request_waits_no_more(now):
    request = asking.asked(now)
    desk_help.withdraw(request.reference, by=request.asked_by, at=now)
    assert wallboard.show(at=now).counts.help == 0


def test_statements_do_not_grow_with_tickets(now, django_assert_max_num_queries):
    make.work("nina", now)
    wallboard.show(at=now)
    for who in ("jonas", "zhoumin", "lihang"):
        make.work(who, now)
    with django_assert_max_num_queries(18):
        wallboard.show(at=now)


def test_a_live_board_gets_nothing_while_nothing_is_new(client, dora, now):
    client.force_login(dora)
    version = wallboard.version(now)
    assert client.get(f"/office/wallboard/?v={version}", headers=HTMX).status_code == 204
    make.work("nina", now)
    assert client.get(f"/office/wallboard/?v={version}", headers=HTMX).status_code == 200


@pytest.mark.parametrize("key", ["nina", "omar", "fang", "ravi", "otto"])
def test_only_duty_managers_see_it(request, client, key):
    client.force_login(request.getfixturevalue(key))
    assert client.get("/office/wallboard/").status_code == 404


def test_the_scale_widens_and_never_turns_back():
    places = [place(slack) for slack in range(-10 * 3600, 80 * 3600, 600)]
    assert places == sorted(places) and (places[0], places[-1]) == (SCALE[0][1], SCALE[-1][1])
