"""The portal's first page: what waits, what is open, what was promised."""

import pytest
from django.utils.timezone import now as clock

from tests import make
from tickets.actions import asks


@pytest.fixture
def portal(client, nina):
    client.force_login(nina)
    return client


def test_it_says_what_was_promised_and_used(portal):
    make.ticket("nina", clock(), plan="premium")
    page = portal.get("/portal/").content.decode()
    assert "Premium" in page
    assert "1, without limit" in page


def test_what_waits_for_the_reader_stands_first(portal):
    at = clock()
    ours, yours = make.ticket("nina", at, subject="Ours"), make.ticket("nina", at, subject="Yours")
    asks.asked(yours, make.speak(yours, at), at=at)
    page = portal.get("/portal/").content.decode()
    assert page.index("Waits for you") < page.index(yours.reference) < page.index(ours.reference)


def test_an_open_invoice_waits_for_the_reader(portal):
    make.crew()
    invoice = make.invoice("nina", clock())
    page = portal.get("/portal/").content.decode()
    assert f"/portal/invoices/{invoice.reference}/" in page
    assert invoice.number in page


def test_an_empty_page_offers_the_first_ticket(client, ada):
    make.crew()
    client.force_login(ada)
    page = client.get("/portal/").content.decode()
    assert "/portal/tickets/new/" in page
    assert "No plan yet" in page


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert "/accounts/login/" in client.get("/portal/").url


@pytest.mark.parametrize("path", ["/portal/", "/portal/tickets/", "/portal/tickets/new/"])
def test_every_page_reads_in_chinese(portal, path):
    portal.cookies["django_language"] = "zh-hans"
    assert '<html lang="zh-hans"' in portal.get(path).content.decode()
