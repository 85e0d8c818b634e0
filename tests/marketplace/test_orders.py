"""Orders: placed by whoever buys, invoiced at once, funded when the money has come."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from accounts.actions import organizations
from accounts.models import Membership, Organization
from billing.actions.invoices import NoBankAccount
from billing.models import BankAccount, Invoice
from demo import shelf
from marketplace.actions import listings, orders
from marketplace.models import Listing, ListingVersion, Order
from tests import make
from tests.books import offences
from vendors.models import Vendor


@pytest.fixture
def plans(cast) -> None:
    make.plans()


def place(by, company, now, **more):
    return orders.place(
        "premium", by=by, at=now, organization=company.reference, **{"currency": "CNY", **more}
    )  # fmt: skip


def raise_the_price(now):
    vendor = Vendor.objects.get()
    draft = replace(shelf.PLANS["premium"], prices={"CNY": listings.Offer(99_999_00, 600)})
    listings.publish("premium", draft, vendor=vendor, desk=make.desk(), at=now)


def test_an_order_is_invoiced_in_the_same_breath(plans, zhoumin, pujiang, now):
    order = place(zhoumin, pujiang, now)
    invoice = Invoice.objects.get(reference=order.invoice)
    assert (invoice.net, invoice.tax, invoice.gross) == (16_800_000, 1_008_000, 17_808_000)
    assert order.state == Order.State.AWAITING_PAYMENT
    assert offences() == {}


def test_dollars_carry_no_tax(plans, nina, nordlicht, now):
    invoice = Invoice.objects.get(reference=place(nina, nordlicht, now, currency="USD").invoice)
    assert (invoice.net, invoice.tax) == (2_350_000, 0)


@pytest.mark.parametrize(
    ("role", "may"), [("owner", True), ("admin", True), ("billing", True), ("member", False), ("viewer", False)]
)
def test_only_a_buying_role_orders(plans, jonas, nordlicht, now, role, may):
    organizations.admit(nordlicht, jonas, role=Membership.Role(role))
    if may:
        assert place(jonas, nordlicht, now).placed_by_id == jonas.pk
    else:
        with pytest.raises(orders.NotABuyer):
            place(jonas, nordlicht, now)


def test_a_foreign_organization_is_one_that_does_not_exist(plans, ada, nordlicht, now):
    with pytest.raises(Organization.DoesNotExist):
        place(ada, nordlicht, now)


def test_people_of_the_house_order_for_nobody(plans, sun, nordlicht, now):
    with pytest.raises(orders.NotABuyer):
        place(sun, nordlicht, now)


def test_a_form_that_is_pressed_twice_places_one_order(plans, zhoumin, pujiang, now):
    assert place(zhoumin, pujiang, now, form="f1") == place(zhoumin, pujiang, now, form="f1")
    assert Invoice.objects.count() == 1


def test_another_form_places_another_order(plans, zhoumin, pujiang, now):
    assert place(zhoumin, pujiang, now, form="f1") != place(zhoumin, pujiang, now, form="f2")


def test_nobody_buys_what_was_not_shown(plans, zhoumin, pujiang, now):
    raise_the_price(now)
    with pytest.raises(orders.Changed):
        place(zhoumin, pujiang, now, version=1)
    assert place(zhoumin, pujiang, now, version=2).amount == 99_999_00


def test_an_order_keeps_the_version_that_was_bought(plans, zhoumin, pujiang, now):
    order = place(zhoumin, pujiang, now)
    raise_the_price(now)
    order.refresh_from_db()
    assert (order.version.number, order.amount) == (1, 16_800_000)


def test_a_currency_without_a_price_cannot_be_ordered(plans, zhoumin, pujiang, now):
    with pytest.raises(orders.NotForSale):
        place(zhoumin, pujiang, now, currency="EUR")


def test_a_suspended_vendor_sells_nothing(plans, zhoumin, pujiang, now):
    Vendor.objects.update(state=Vendor.State.SUSPENDED)
    with pytest.raises(orders.NotForSale):
        place(zhoumin, pujiang, now)


def test_what_is_not_on_the_shelf_cannot_be_ordered(plans, zhoumin, pujiang, now):
    ListingVersion.objects.filter(listing=Listing.objects.get(slug="premium")).update(state="superseded")
    with pytest.raises(ListingVersion.DoesNotExist):
        place(zhoumin, pujiang, now)


def test_without_an_account_for_the_money_nothing_is_ordered(plans, zhoumin, pujiang, now):
    BankAccount.objects.all().delete()
    with pytest.raises(NoBankAccount):
        place(zhoumin, pujiang, now)
    assert not Order.objects.exists()


def test_an_order_is_funded_when_its_invoice_is_paid(zhoumin, now):
    make.paid_invoice("zhoumin", now)
    order = Order.objects.get()
    assert (order.state, order.funded_at) == (Order.State.FUNDED, now)


def test_funding_twice_is_funding_once(zhoumin, now):
    make.paid_invoice("zhoumin", now)
    orders.fund(f"order:{Order.objects.get().reference}", at=now.replace(year=2030))
    assert Order.objects.get().funded_at == now


def test_what_was_sold_elsewhere_funds_no_order(zhoumin, now):
    order = make.order("zhoumin", now)
    orders.fund(f"quote:{order.reference}", at=now)
    assert Order.objects.get().state == Order.State.AWAITING_PAYMENT


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_form_that_arrives_twice_at_once_places_one_order(plans, zhoumin, pujiang, now):
    def work(_):
        try:
            return place(zhoumin, pujiang, now, form="f1").reference
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert len(set(workers.map(work, range(6)))) == 1
    assert Invoice.objects.count() == 1
