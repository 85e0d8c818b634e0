"""What a customer reads of a ticket: the five words, whose turn, the talk, and never anybody else's."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.access import viewer_of
from kit.projection import check
from tests import make
from tickets import disclosure
from tickets.actions import asks, severity, tickets, words
from tickets.disclosure import Status, public_status

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def ticket(nina, now):
    return make.ticket("nina", now, severity=2)


@pytest.fixture
def viewer(nina):
    return viewer_of(nina)


def _page(ticket, viewer, at):
    return disclosure.ticket_page(ticket.reference, viewer, at=at)


@pytest.mark.parametrize(
    ("state", "is_answered", "status"),
    [
        ("open", False, Status.NEW), ("open", True, Status.IN_PROGRESS), ("waiting", True, Status.WAITING_FOR_YOU),
        ("solved", True, Status.SOLVED), ("closed", False, Status.CLOSED),
    ],
)  # fmt: skip
def test_the_status_follows_from_public_facts_alone(now, state, is_answered, status):
    assert public_status(state, now if is_answered else None) == status


def test_the_next_deadline_is_the_large_number(ticket, viewer, now):
    page = _page(ticket, viewer, now + 22 * MINUTE)
    assert (page.turn, page.deadline.kind, page.deadline.left) == ("ours", "first_response", "1 h 38 min left")
    assert page.deadline.by.startswith("a person answers before")


def test_a_missed_promise_says_how_long_ago(ticket, viewer, now):
    page = _page(ticket, viewer, now + 132 * MINUTE)
    assert (page.deadline.state, page.deadline.left) == ("broken", "12 min over")


def test_an_open_question_is_quoted_and_it_is_your_turn(ticket, viewer, now):
    asks.asked(ticket, make.speak(ticket, now, "Which version?"), at=now)
    page = _page(ticket, viewer, now + MINUTE)
    assert (page.turn, page.status_words, page.question.body) == ("yours", "Waiting for you", "Which version?")
    assert [clock.state for clock in page.clocks] == ["kept", "paused"]


def test_on_a_closed_ticket_no_promise_is_paused(ticket, viewer, nina, now):
    asks.asked(ticket, make.speak(ticket, now), at=now)
    tickets.close(ticket.reference, by=nina, at=now + HOUR)
    assert [clock.text for clock in _page(ticket, viewer, now + 2 * HOUR).clocks] == ["kept", "ended"]


def test_a_wait_is_one_line_with_its_end(ticket, viewer, nina, now):
    asks.asked(ticket, make.speak(ticket, now), at=now)
    words.say(ticket.reference, by=nina, at=now + HOUR, body="4.1.2")
    [line] = [line for line in _page(ticket, viewer, now + HOUR).talk if not line.is_message]
    assert line.words.endswith("waiting for your answer; clocks that may pause stood still")
    assert line.at is None


def test_the_desk_speaks_under_its_public_name(ticket, viewer, now):
    words.replied(ticket, make.speak(ticket, now), at=now)
    line = _page(ticket, viewer, now).talk[-1]
    assert (line.voice, line.who, line.is_mine) == ("support", ticket.desk.persona, False)


def test_the_whole_page_holds_nothing_but_projections(ticket, viewer, now):
    words.replied(ticket, make.speak(ticket, now), at=now)
    check(_page(ticket, viewer, now))


def test_a_page_takes_four_queries(ticket, viewer, now, django_assert_num_queries):
    words.replied(ticket, make.speak(ticket, now), at=now)
    _page(ticket, viewer, now)
    with django_assert_num_queries(4):
        _page(ticket, viewer, now)


def test_the_version_changes_with_every_fact_and_when_a_promise_breaks(ticket, viewer, nina, now):
    seen = [_page(ticket, viewer, now).version, _page(ticket, viewer, now + 2 * HOUR).version]
    words.urge(ticket.reference, by=nina, at=now + 2 * HOUR)
    seen.append(_page(ticket, viewer, now + 2 * HOUR).version)
    assert len(set(seen)) == 3


@pytest.mark.parametrize("later", [0, 1, 2, 3])
def test_asking_for_the_version_gives_the_pages_own_with_one_query(
    ticket, viewer, now, later, django_assert_num_queries
):
    with django_assert_num_queries(1):
        version = disclosure.page_version(viewer, ticket.reference, now + later * HOUR)
    assert version == _page(ticket, viewer, now + later * HOUR).version


def test_a_foreign_ticket_is_as_if_it_were_not_there(ticket, ada, charlie, now):
    for stranger in (viewer_of(ada), viewer_of(charlie)):
        for ask in (
            lambda one: disclosure.ticket_page(ticket.reference, one, at=now),
            lambda one: disclosure.page_version(one, ticket.reference, now),
        ):
            with pytest.raises(ObjectDoesNotExist):
                ask(stranger)
        assert disclosure.ticket_list(stranger, at=now).cards == ()
        assert disclosure.open_tickets(stranger, at=now) == ()
        assert disclosure.entitlements(stranger, at=now) == ()


def test_moves_follow_state_and_clock(ticket, viewer, nina, now):
    words.urge(ticket.reference, by=nina, at=now)
    moves = _page(ticket, viewer, now + MINUTE).moves
    assert (moves.may_urge, moves.urge_again_at, moves.raise_to, moves.may_rate) == (
        True, now + 30 * MINUTE, (1,), False,
    )  # fmt: skip
    tickets.solve(ticket, at=now + 2 * MINUTE)
    moves = _page(ticket, viewer, now + 3 * MINUTE).moves
    assert (moves.may_urge, moves.may_withdraw, moves.may_close, moves.may_reopen, moves.may_rate) == (
        False, False, True, True, True,
    )  # fmt: skip


def test_a_raise_tells_its_reason_and_a_judgement_only_its_sentence(ticket, viewer, nina, now):
    severity.raise_(ticket.reference, by=nina, at=now, severity=1, reason="All sites are down")
    severity.confirm(ticket, at=now, severity=2, reason="workaround")
    lines = [line.words for line in _page(ticket, viewer, now).talk if not line.is_message]
    assert lines == ["Raised from S2 to S1: All sites are down", "S1 became S2. There is a way around it."]


def test_the_list_goes_on_where_it_stopped(nina, viewer, now, monkeypatch):
    monkeypatch.setattr("tickets.disclosure.shelves.PAGE", 2)
    filed = [make.ticket("nina", now + number * MINUTE).reference for number in range(5)]
    seen, before = [], None
    while True:
        shelf = disclosure.ticket_list(viewer, at=now + HOUR, before=before)
        seen += [card.reference for card in shelf.cards]
        before = shelf.older
        if not before:
            break
    assert seen == filed[::-1]


def test_a_foreign_edge_of_the_list_is_as_none(ticket, viewer, ada, now):
    foreign = make.ticket("ada", now - HOUR, plan="")
    assert len(disclosure.ticket_list(viewer, at=now, before=foreign.reference).cards) == 1


def test_what_waits_for_you_comes_first_then_the_nearest_deadline(nina, viewer, now):
    slow, fast, yours = (make.ticket("nina", now, severity=level) for level in (3, 1, 2))
    asks.asked(yours, make.speak(yours, now), at=now)
    assert [card.reference for card in disclosure.open_tickets(viewer, at=now)] == [
        yours.reference, fast.reference, slow.reference,
    ]  # fmt: skip


def test_entitlements_say_what_is_used(ticket, viewer, now):
    [plan] = disclosure.entitlements(viewer, at=now)
    assert (plan.used, plan.granted, len(plan.promises)) == (1, None, 4)


@pytest.mark.parametrize(
    ("level", "severities", "granted", "kind"),
    [
        (2, [1, 2, 3, 4], None, "promised"), (2, [3, 4], None, "not_covered"), (1, [3, 4], None, "unsettled"),
        (2, [1, 2, 3, 4], 1, "used_up"), (1, [1, 2, 3, 4], 1, "unsettled"),
    ],
)  # fmt: skip
def test_the_promise_before_sending_is_the_one_that_will_be_made(ticket, viewer, now, level, severities, granted, kind):
    plan = ticket.entitlement
    plan.severities = severities
    plan.save()
    plan.quotas.filter(unit="tickets").update(granted=granted)
    shown = disclosure.outlook(
        viewer, now, organization=ticket.organization.reference, entitlement=plan.reference, severity=level
    )
    assert shown.kind == kind
    if kind == "promised":
        filed = make.ticket("nina", now, severity=level)
        assert shown.promise.due_at == filed.clocks.get(kind="first_response").due_at


def test_a_foreign_plan_has_no_outlook(ticket, ada, now):
    with pytest.raises(ObjectDoesNotExist):
        disclosure.outlook(
            viewer_of(ada), now, organization=ticket.organization.reference, entitlement=None, severity=3
        )
    with pytest.raises(ObjectDoesNotExist):
        disclosure.outlook(
            viewer_of(ada), now, organization=ticket.organization.reference,
            entitlement=ticket.entitlement.reference, severity=3,
        )  # fmt: skip


def test_a_file_is_found_through_its_own_ticket_only(nina, viewer, ada, now, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    ticket, other = make.ticket("nina", now), make.ticket("nina", now)
    upload = SimpleUploadedFile("a.log", b"x")
    words.say(ticket.reference, by=nina, at=now, body="log", files=[upload])
    [file] = _page(ticket, viewer, now).talk[-1].files
    assert disclosure.file_of(viewer, ticket.reference, file.reference).name == "a.log"
    for who, where in ((viewer, other), (viewer_of(ada), ticket)):
        with pytest.raises(ObjectDoesNotExist):
            disclosure.file_of(who, where.reference, file.reference)
