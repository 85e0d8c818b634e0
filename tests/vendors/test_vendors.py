"""Vendors: who may sell."""

from vendors.actions import vendors
from vendors.models import Vendor


def test_an_admitted_organization_may_sell_for_its_commission(nordlicht):
    vendor = vendors.admit(nordlicht, 1500)
    assert (vendor.state, vendor.commission_bps) == (Vendor.State.ACTIVE, 1500)


def test_admitting_again_changes_the_commission_of_the_one_record(nordlicht):
    vendors.admit(nordlicht, 1500)
    vendors.admit(nordlicht, 1200)
    assert Vendor.objects.get().commission_bps == 1200
