"""Two people at one ticket at the same moment, on a database that lets them."""

import threading

import pytest
from django.db import connection

from kit.verbs import verb
from tests import make
from tests.tickets.holds import holds
from tickets.actions import tickets, words
from tickets.models import Ticket

ROUNDS = 12


@verb
def _reply(ticket, at):
    words.replied(ticket, make.speak(ticket, at), at=at)


def _at_once(*tasks):
    """Run each task ROUNDS times beside the others; return what they raised."""
    raised, start = [], threading.Barrier(len(tasks))

    def run(task):
        try:
            start.wait()
            for _ in range(ROUNDS):
                task()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_desk_and_customers_speak_at_once_without_waiting_in_a_ring(nina, jonas, now):
    ticket = make.ticket("nina", now, severity=2)
    desk_side = Ticket.objects.select_related("thread", "desk").get(pk=ticket.pk)
    assert not _at_once(
        lambda: _reply(desk_side, now),
        lambda: words.say(ticket.reference, by=nina, at=now, body="one"),
        lambda: words.say(ticket.reference, by=jonas, at=now, body="two"),
    )
    assert Ticket.objects.get(pk=ticket.pk).last_n == 1 + 3 * ROUNDS
    holds()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_key_sent_at_once_files_once(nina, now):
    bought = make.ticket("nina", now).entitlement
    filed = []

    def send():
        ticket = tickets.submit(
            by=nina, at=now, organization=bought.organization.reference, entitlement=bought.reference, severity=3,
            category="workloads", subject="a", body="b", source_key="mail:1",
        )  # fmt: skip
        filed.append(ticket.pk)

    assert not _at_once(send, send, send)
    assert len(set(filed)) == 1
    holds()
