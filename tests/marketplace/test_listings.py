"""Listings: at most one version is on the shelf, and what is on it is whole."""

from dataclasses import replace

import pytest

from demo import shelf
from duty.models import Desk
from marketplace import disclosure
from marketplace.actions import listings
from marketplace.models import ListingVersion
from tests import make
from vendors.actions import vendors
from vendors.models import Vendor


@pytest.fixture
def house(harbour) -> Vendor:
    make.plans()
    return Vendor.objects.get(organization=harbour)


def publish(house, now, slug="premium", **changes):
    draft = replace(shelf.PLANS["premium"], **changes)
    return listings.publish(slug, draft, vendor=house, desk=make.desk(), at=now)


def test_a_new_version_takes_the_place_of_the_one_before(house, now):
    publish(house, now, contacts=8)
    states = ListingVersion.objects.filter(listing__slug="premium").order_by("number").values_list("number", "state")
    assert list(states) == [(1, "superseded"), (2, "published")]
    assert disclosure.plan("premium", now).contacts == 8


def test_the_shelf_keeps_its_order(house, now):
    assert [card.slug for card in disclosure.shelf(now)] == ["standard", "premium", "premium-onsite"]


def test_laying_the_shelf_again_changes_nothing(house):
    shelf.lay()
    assert ListingVersion.objects.count() == 3


def test_a_suspended_vendor_publishes_nothing_and_stands_on_no_shelf(house, now):
    house.state = Vendor.State.SUSPENDED
    house.save()
    with pytest.raises(listings.NotForSale):
        publish(house, now)
    assert disclosure.shelf(now) == ()


def test_a_plan_is_answered_by_a_desk_of_its_vendor(house, nordlicht, now):
    foreign = Desk.objects.create(slug="theirs", owner=nordlicht, name="Theirs")
    with pytest.raises(listings.NotForSale):
        listings.publish("x", shelf.PLANS["premium"], vendor=house, desk=foreign, at=now)


def test_a_plan_without_a_price_is_no_offer(house, now):
    with pytest.raises(listings.NotForSale):
        publish(house, now, slug="free", prices={})


def test_a_vendor_cannot_take_the_name_of_anothers_plan(house, nordlicht, now):
    other = vendors.admit(nordlicht, 0)
    desk = Desk.objects.create(slug="theirs", owner=nordlicht, name="Theirs")
    with pytest.raises(listings.NotForSale):
        listings.publish("premium", shelf.PLANS["premium"], vendor=other, desk=desk, at=now)
    assert disclosure.plan("premium", now).version == 1
