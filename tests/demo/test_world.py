"""The demo world, laid once as of a Tuesday in office hours, and what must be true of it."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from billing.models import CardPayment, Invoice, Transfer
from config.engine import auditor
from demo import cast as people
from demo import plots, world
from demo.parts import log
from desk.models import Firing, HelpRequest, Note, Offer, Work
from duty import coverage
from duty.models import Desk
from notifications.models import Notice
from notifications.models.inside import InsideNotice
from rnd.models import Investigation
from talk.models import Message
from tests.cast import NOW
from tickets.models import Ask, Fact, Rating, Ticket
from tickets.models.tickets import WORST


@pytest.fixture(scope="module")
def laid(django_db_setup, django_db_blocker) -> Iterator[list[str]]:
    """The whole world; gone after this module. What its stories could not do as they are written, as log lines."""
    refused: list[str] = []
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(log, "warning", lambda line, *words: refused.append(line % words))
        world.lay(NOW)
        yield refused
        transaction.set_rollback(True)


def counts(field: str) -> Counter[object]:
    return Counter(Ticket.objects.values_list(field, flat=True))


def test_every_story_goes_as_it_is_written(laid):
    assert laid == []


def test_the_auditor_finds_nothing(laid):
    of_this_world = [finding for finding in auditor.audit(all=True) if finding.invariant.name != "silence_closes"]
    assert of_this_world == []  # that one asks the database's clock, for which this world is old


def test_laying_again_changes_nothing(laid):
    def rows() -> dict[str, int]:
        return {model._meta.label: model.objects.count() for model in apps.get_models() if model._meta.managed}

    before = rows()
    world.lay(NOW + timedelta(hours=1))
    assert rows() == before


def test_at_least_forty_tickets_are_real_threads_and_six_s1_are_composed(laid):
    keys = Ticket.objects.values_list("source_key", flat=True)
    composed = Ticket.objects.filter(source_key__startswith="demo:composed:")
    assert len(keys) == settings.DEMO_TICKETS == 48
    assert sum(key.startswith("demo:https://github.com/") for key in keys) == 42
    assert [ticket.requested_severity for ticket in composed] == [WORST] * 6


def test_titles_are_quoted_from_their_threads(laid):
    titles = {f"demo:{thread.url}": thread.title for thread in plots.threads()}
    tickets = Ticket.objects.exclude(source_key__startswith="demo:composed:")
    assert all(titles[ticket.source_key] == ticket.subject for ticket in tickets)


def test_every_state_and_severity_is_there_in_both_languages(laid):
    assert counts("state").keys() == {*Ticket.State.values}
    assert counts("closing").keys() == {"", *Ticket.Closing.values}
    assert counts("severity").keys() == {1, 2, 3, 4}
    assert min(counts("language")[language] for language in ("en", "zh-hans")) >= 15


def test_chinese_threads_are_answered_in_chinese(laid):
    threads = dict(Ticket.objects.values_list("thread_id", "language"))
    said = Message.objects.filter(voice=Message.Voice.SUPPORT).values_list("thread_id", "body")
    is_chinese = {"zh-hans": True, "en": False}
    assert all(any("一" <= sign <= "鿿" for sign in body) == is_chinese[threads[pk]] for pk, body in said)


def test_the_desk_has_every_state_of_work_but_an_idle_pool(laid):
    states = {*Work.objects.values_list("state", flat=True)}
    assert states >= {*Work.State.values} - {Work.State.POOL}


def test_offers_ended_in_each_way_and_some_are_live(laid):
    assert {*Offer.objects.values_list("state", flat=True)} >= {"live", "acknowledged", "refused", "expired"}


def test_nothing_that_passed_is_still_to_be_done(laid):
    assert not Offer.objects.filter(state=Offer.State.LIVE, acknowledge_by__lte=NOW).exists()
    assert not Ticket.objects.filter(state=Ticket.State.SOLVED, closes_at__lte=NOW).exists()
    assert not Firing.objects.filter(is_late=True).exists()


def test_nothing_happens_after_the_moment_of_the_world(laid):
    moments = [Fact.objects.latest("at").at, Note.objects.latest("at").at, Message.objects.latest("said_at").said_at]
    assert max(moments) <= NOW


def test_the_past_is_spread_over_weeks(laid):
    first, last = Ticket.objects.earliest("opened_at").opened_at, Ticket.objects.latest("opened_at").opened_at
    assert last - first > timedelta(weeks=3)


def test_every_kind_of_public_fact_and_of_note_was_told(laid):
    elsewhere = {Fact.Kind.ANSWERED, Fact.Kind.CALENDAR}  # an answer is the customer's word; no schedule came late
    assert {*Fact.objects.values_list("kind", flat=True)} >= {*Fact.Kind.values} - elsewhere
    assert {*Note.objects.values_list("kind", flat=True)} >= {*Note.Kind.values} - {Note.Kind.GAP}


def test_promises_were_kept_and_broken(laid):
    thresholds = {*Firing.objects.values_list("threshold", flat=True)}
    first_answers = Ticket.objects.exclude(first_replied_at=None).count()
    assert thresholds == {50, 75, 90, 100} and first_answers > 3 * Firing.objects.filter(threshold=100).count() / 2


def test_rnd_has_open_and_answered_investigations_and_was_never_named(laid):
    assert {*Investigation.objects.values_list("state", flat=True)} >= {"open", "answered"}
    assert HelpRequest.objects.filter(state=HelpRequest.State.TAKEN).exists()
    said = "\n".join(Message.objects.filter(voice=Message.Voice.SUPPORT).values_list("body", flat=True))
    assert not [one.name for one in people.PEOPLE if one.teams and one.name in said] and "R&D" not in said


def test_severities_were_disputed_and_confirmed(laid):
    changes = Fact.objects.filter(kind=Fact.Kind.SEVERITY).values_list("data", flat=True)
    assert {change["by"] for change in changes} == {"customer", "desk"}


def test_questions_wait_and_some_were_asked_again(laid):
    assert Ask.objects.filter(answered_at=None).count() >= 4
    assert any(n > 1 for n in Counter(Ask.objects.values_list("ticket_id", flat=True)).values())


def test_ratings_are_not_all_praise(laid):
    assert {*Rating.objects.values_list("score", flat=True)} >= {2, 3, 4, 5}


def test_invoices_are_paid_open_overdue_and_paid_in_part(laid):
    unpaid = Invoice.objects.unpaid()
    assert Invoice.objects.filter(state=Invoice.State.PAID).count() == 4
    assert unpaid.filter(due_on__lt=NOW.date()).exists() and unpaid.filter(due_on__gt=NOW.date(), paid=0).exists()
    assert unpaid.filter(paid__gt=0).exists()
    assert {*Transfer.objects.values_list("state", flat=True)} == {*Transfer.State.values}
    assert CardPayment.objects.get().state == CardPayment.State.CAPTURED


def test_notices_are_read_and_unread_on_both_sides(laid):
    for model in (Notice, InsideNotice):
        rows = model.objects.filter(channel=model.Channel.INAPP)
        assert rows.unread().exists() and rows.exclude(read_at=None).exists()


def test_two_desks_in_two_zones_stand_with_names_in_both_languages(laid):
    desks = list(Desk.objects.order_by("pk"))
    assert [desk.timezone for desk in desks] == ["Asia/Shanghai", "Europe/Berlin"]
    assert all(desk.name_zh for desk in desks)


def test_the_desk_for_europe_has_a_gap_ahead(laid):
    assert coverage.show(Desk.objects.get(slug="europe"), at=NOW).gaps


def test_a_bigger_world_tells_the_other_threads_too():
    keys = [plot.key for plot in plots.plots(140)]
    assert len(keys) == len({*keys}) == 140


def test_a_world_of_one_ticket_has_one_that_just_came_in(db):
    with override_settings(DEMO_TICKETS=1):
        world.lay(NOW)
    ticket = Ticket.objects.get()
    assert NOW - ticket.opened_at < timedelta(minutes=5) and ticket.state == Ticket.State.OPEN


def test_a_world_that_somebody_used_is_left_alone(db):
    with override_settings(DEMO_TICKETS=0):
        world.lay(NOW)
    with override_settings(DEMO_TICKETS=3):
        world.lay(NOW)
    assert not Ticket.objects.exists() and Invoice.objects.count() == 8


def test_a_lay_that_was_killed_begins_anew(db, monkeypatch):
    monkeypatch.setattr("demo.stories.notices.read_all", _dies)
    with override_settings(DEMO_TICKETS=1):
        with pytest.raises(KeyboardInterrupt):
            world.lay(NOW)
        assert not Invoice.objects.exists()
        monkeypatch.undo()
        world.lay(NOW)
    assert Ticket.objects.count() == 1


def _dies(**_what: object) -> None:
    raise KeyboardInterrupt
