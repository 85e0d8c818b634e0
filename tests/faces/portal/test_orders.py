"""Ordering in the portal: what it costs is seen first, and one press orders once."""

import re

import pytest
from django.conf import settings

from accounts.models import Organization
from demo import promises
from marketplace.models import Order
from tests import make

NEW = "/portal/orders/new/?plan=premium&currency=CNY"


@pytest.fixture(autouse=True)
def plans(cast) -> None:
    promises.lay()
    make.plans()


def form_of(page) -> dict[str, str]:
    """The fields of the order's form as a browser would send them."""
    html = page.content.decode()
    return {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)[1]
        for name in ("organization", "currency", "version", "token")
    }


def test_net_tax_and_gross_are_seen_before_ordering(client, zhoumin):
    client.force_login(zhoumin)
    page = client.get(NEW, headers={"accept-language": "en"}).content.decode()
    assert all(amount in page for amount in ("¥168,000.00", "¥10,080.00", "¥178,080.00"))


def test_ordering_leads_to_the_invoice(client, zhoumin):
    client.force_login(zhoumin)
    answer = client.post(NEW, form_of(client.get(NEW)))
    order = Order.objects.get()
    assert answer.headers["Location"] == f"/portal/invoices/{order.invoice}/"


def test_pressing_twice_orders_once(client, zhoumin):
    client.force_login(zhoumin)
    fields = form_of(client.get(NEW))
    assert client.post(NEW, fields).headers["Location"] == client.post(NEW, fields).headers["Location"]
    assert Order.objects.count() == 1


def test_another_token_is_another_order(client, zhoumin):
    client.force_login(zhoumin)
    for _ in range(2):
        client.post(NEW, form_of(client.get(NEW)))
    assert Order.objects.count() == 2


def test_a_version_that_was_not_shown_is_refused_with_words(client, zhoumin):
    client.force_login(zhoumin)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"  # 周敏 reads Chinese, this test English
    answer = client.post(NEW, {**form_of(client.get(NEW)), "version": "7"})
    assert "The plan has changed since you opened this page" in answer.content.decode()
    assert not Order.objects.exists()


def test_nobody_orders_for_a_company_of_others(client, ada, pujiang):
    client.force_login(ada)
    answer = client.post(NEW, {**form_of(client.get(NEW)), "organization": pujiang.reference})
    assert answer.status_code == 422 and not Order.objects.exists()


def test_a_member_sees_the_price_and_whom_to_ask(client, jonas):
    client.force_login(jonas)
    page = client.get(NEW).content.decode()
    assert "¥178,080.00" in page and "Your role does not allow orders" in page and 'name="token"' not in page


def test_who_has_no_company_names_one_first_and_comes_back(client, charlie):
    client.force_login(charlie)
    first = client.get(NEW)
    assert first.headers["Location"].startswith("/portal/organizations/new/?next=")
    answer = client.post(first.headers["Location"], {"name": "Ng Tea", "country": "SG", "next": NEW})
    assert answer.headers["Location"] == NEW
    assert Organization.objects.get(name="Ng Tea").memberships.get().user == charlie


def test_the_way_back_leads_to_our_own_pages_only(client, charlie):
    client.force_login(charlie)
    answer = client.post("/portal/organizations/new/", {"name": "Ng", "country": "SG", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/portal/"


def test_a_stranger_signs_in_first(client):
    assert client.get(NEW).headers["Location"].startswith("/accounts/login/?next=/portal/orders/new/")


def test_a_plan_that_is_not_sold_is_not_there(client, zhoumin):
    client.force_login(zhoumin)
    assert client.get("/portal/orders/new/?plan=gold").status_code == 404


def test_orders_are_seen_by_their_company_only(client, zhoumin, ada, now):
    order = make.order("zhoumin", now)
    client.force_login(zhoumin)
    assert order.reference in client.get("/portal/orders/").content.decode()
    assert client.get(f"/portal/orders/{order.reference}/").status_code == 200
    client.force_login(ada)
    assert order.reference not in client.get("/portal/orders/").content.decode()
    foreign, missing = (client.get(f"/portal/orders/{r}/") for r in (order.reference, "R-999999"))
    assert (foreign.status_code, foreign.content) == (404, missing.content)
