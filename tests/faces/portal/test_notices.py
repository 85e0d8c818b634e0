"""What customers were told stands in the portal too, each person's own."""

from datetime import timedelta

import pytest

from tests import make
from tickets.actions import words


@pytest.fixture
def replied(nina, now):
    """A ticket of Nina's to which the desk has replied."""
    ticket = make.ticket("nina", now)
    words.replied(ticket, make.speak(ticket, now + timedelta(minutes=5)), at=now + timedelta(minutes=5))
    return ticket


def test_a_customer_reads_here_what_was_told_by_mail(client, nina, replied):
    client.force_login(nina)
    assert f"/portal/tickets/{replied.reference}/" in client.get("/portal/notices/").content.decode()


def test_nobody_reads_what_others_were_told(client, ada, replied):
    client.force_login(ada)
    assert replied.reference not in client.get("/portal/notices/").content.decode()


def test_marking_all_as_read_leaves_nothing_new(client, nina, replied):
    client.force_login(nina)
    client.post("/portal/notices/reading/")
    assert "Mark all as read" not in client.get("/portal/notices/").content.decode()
