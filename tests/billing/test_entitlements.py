"""Entitlements: granted from the invoice's own terms, and never used beyond what was granted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from billing.actions import entitlements
from billing.models import Entitlement, Quota
from marketplace.models import Plan
from tests import make
from tests.books import offences

TICKETS = Quota.Unit.TICKETS


@pytest.fixture
def premium(zhoumin, now) -> Entitlement:
    make.paid_invoice("zhoumin", now)
    return Entitlement.objects.get()


def limit(entitlement: Entitlement, granted: int) -> None:
    entitlement.quotas.filter(unit=TICKETS).update(granted=granted)


def used(entitlement: Entitlement) -> int:
    return entitlement.quotas.get(unit=TICKETS).used


def test_it_gives_what_the_plan_said_when_it_was_ordered(zhoumin, now):
    invoice = make.invoice("zhoumin", now)
    Plan.objects.update(contacts=99, policy="standard")
    make.confirm(invoice.reference, now, amount=invoice.gross, payer="浦江制造")
    granted = Entitlement.objects.get()
    assert (granted.policy, granted.contacts, granted.severities) == ("premium", 6, [1, 2, 3, 4])


def test_granting_again_returns_what_was_granted(zhoumin, now):
    invoice = make.paid_invoice("zhoumin", now)
    assert entitlements.grant(invoice, at=now + timedelta(days=1)) == Entitlement.objects.get()


def test_it_runs_a_year_by_the_customers_own_clock(premium, now):
    assert (premium.begins_at, premium.ends_at) == (now, datetime(2027, 11, 24, 9, tzinfo=UTC))


def test_a_year_from_a_leap_day_ends_on_the_last_of_february(zhoumin):
    make.paid_invoice("zhoumin", datetime(2028, 2, 29, 4, tzinfo=UTC))
    assert Entitlement.objects.get().ends_at == datetime(2029, 2, 28, 4, tzinfo=UTC)


def test_days_on_site_are_a_quota_of_their_own(zhoumin, now):
    make.paid_invoice("zhoumin", now, plan="premium-onsite")
    assert dict(Quota.objects.values_list("unit", "granted")) == {"tickets": None, "onsite_days": 6}


def test_without_a_limit_tickets_are_counted_only(premium, now):
    entitlements.take(premium.pk, TICKETS, at=now)
    assert used(premium) == 1


def test_the_last_one_can_be_taken_and_no_more(premium, now):
    limit(premium, 1)
    entitlements.take(premium.pk, TICKETS, at=now)
    with pytest.raises(entitlements.QuotaUsed, match="All 1 tickets of Premium are used"):
        entitlements.take(premium.pk, TICKETS, at=now)
    assert used(premium) == 1


def test_what_is_given_back_can_be_taken_again(premium, now):
    limit(premium, 1)
    entitlements.take(premium.pk, TICKETS, at=now)
    entitlements.give_back(premium.pk, TICKETS)
    entitlements.take(premium.pk, TICKETS, at=now)
    assert used(premium) == 1


def test_giving_back_what_was_never_taken_gives_nothing(premium):
    entitlements.give_back(premium.pk, TICKETS)
    assert used(premium) == 0


@pytest.mark.parametrize(("days", "words"), [(-1, "has not begun"), (365, "has ended")])
def test_outside_of_its_time_nothing_can_be_taken(premium, now, days, words):
    with pytest.raises(entitlements.NotInForce, match=words):
        entitlements.take(premium.pk, TICKETS, at=now + timedelta(days=days))


def test_it_can_be_used_from_the_first_moment_and_not_at_the_last(premium, pujiang, now):
    assert list(entitlements.usable(pujiang, now)) == [premium]
    assert list(entitlements.usable(pujiang, premium.ends_at)) == []


def test_it_is_of_use_to_its_own_organization_only(premium, nordlicht, now):
    assert not entitlements.usable(nordlicht, now).exists()


def test_a_unit_that_is_not_counted_can_always_be_taken(premium, now):
    entitlements.take(premium.pk, Quota.Unit.ONSITE_DAYS, at=now)
    assert not Quota.objects.filter(entitlement=premium, unit=Quota.Unit.ONSITE_DAYS).exists()


def test_taking_is_one_statement(premium, now, django_assert_num_queries):
    with django_assert_num_queries(3):  # with the savepoint that the test's own transaction makes of the verb
        entitlements.take(premium.pk, TICKETS, at=now)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_people_who_take_at_once_never_take_more_than_there_is(premium, now):
    limit(premium, 3)

    def work(_):
        try:
            entitlements.take(premium.pk, TICKETS, at=now)
        except entitlements.QuotaUsed:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(work, range(10))) == 3
    assert used(premium) == 3
    assert offences() == {}
