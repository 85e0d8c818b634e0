"""How this works, for customers: with the reader's own promise, and nothing of what stands behind it."""

import re

import pytest
from django.utils.timezone import now as clock

from tests import make

BEHIND = re.compile(r"R&(?:amp;)?D|/desk/|/workshop/|/office/|help request|internal note", re.IGNORECASE)


def test_the_example_is_the_plan_of_the_reader(client, nina):
    make.ticket("nina", clock(), plan="premium")
    client.force_login(nina)
    page = client.get("/portal/help/").content.decode()
    assert "Premium, if you sent a ticket now" in page
    assert page.count("day and night") >= 2


def test_without_a_plan_it_leads_to_an_example(client, charlie):
    client.force_login(charlie)
    page = client.get("/portal/help/").content.decode()
    assert 'href="/plans/#example"' in page


@pytest.mark.parametrize("address", ["/help/", "/portal/help/"])
def test_it_names_nothing_of_what_stands_behind(client, nina, address):
    make.plans()
    client.force_login(nina)
    assert BEHIND.findall(client.get(address).content.decode()) == []
