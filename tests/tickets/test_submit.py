"""Filing: what it needs, what it takes, what it promises, and what it never refuses."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import organizations, people
from accounts.models import Membership
from assets.models import Asset
from billing.actions.entitlements import NotInForce, QuotaUsed
from billing.models import Entitlement, Quota
from notifications.models import Notice
from tests import make
from tests.tickets.holds import holds
from tickets.actions import letters, tickets
from tickets.actions.ground import NotCovered
from tickets.actions.holds import MayOnlyRead
from tickets.models import Clock, Fact, Ticket

HOUR = timedelta(hours=1)


@pytest.fixture
def plan(nina, now):
    make.crew()
    make.paid_invoice("nina", now, plan="premium")
    return Entitlement.objects.get()


def _submit(by, plan, now, **more):
    asked = {
        "organization": plan.organization.reference, "entitlement": plan.reference, "category": "workloads",
        "subject": "Pods stay Pending", "body": "Since the upgrade.", "severity": 2, **more,
    }  # fmt: skip
    return tickets.submit(by=by, at=now, **asked)


def _limit(plan, granted):
    Quota.objects.filter(entitlement=plan, unit="tickets").update(granted=granted)


def _used(plan):
    return Quota.objects.get(entitlement=plan, unit="tickets").used


def test_a_ticket_is_promised_what_its_plan_says(nina, plan, now):
    ticket = _submit(nina, plan, now)
    assert Clock.objects.get(ticket=ticket, kind="first_response").due_at == now + 2 * HOUR
    holds()


def test_filing_takes_six_statements_with_the_three_of_the_request(nina, plan, now):
    _submit(nina, plan, now)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        _submit(nina, plan, now)
    said = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(said) == (3 if connection.vendor == "postgresql" else 7), said


def test_the_first_words_begin_the_talk(nina, plan, now):
    ticket = _submit(nina, plan, now)
    message = ticket.thread.messages.get()
    assert (message.body, message.said_by) == ("Since the upgrade.", nina)
    assert Fact.objects.get(ticket=ticket).data["message"] == message.reference


def test_a_ticket_is_taken_from_the_quota(nina, plan, now):
    _submit(nina, plan, now)
    assert _used(plan) == 1


def test_the_last_ticket_of_a_pack_is_the_last(nina, plan, now):
    _limit(plan, 1)
    _submit(nina, plan, now)
    with pytest.raises(QuotaUsed):
        _submit(nina, plan, now)
    assert Ticket.objects.count() == 1


def test_an_s1_beyond_the_quota_is_taken_and_marked(nina, plan, now):
    _limit(plan, 0)
    ticket = _submit(nina, plan, now, severity=1)
    assert (ticket.is_unsettled, ticket.entitlement, ticket.clocks.count()) == (True, None, 0)


def test_an_s1_that_the_plan_leaves_out_is_taken_and_marked(nina, plan, now):
    Entitlement.objects.update(severities=[3, 4])
    assert _submit(nina, plan, now, severity=1).is_unsettled


def test_a_severity_that_the_plan_leaves_out_is_refused(nina, plan, now):
    Entitlement.objects.update(severities=[3, 4])
    with pytest.raises(NotCovered):
        _submit(nina, plan, now, severity=2)
    assert _used(plan) == 0


@pytest.mark.parametrize(("severity", "is_unsettled"), [(1, True), (3, False), (4, False)])
def test_without_a_plan_the_community_asks_without_a_promise(ada, meridian, now, severity, is_unsettled):
    make.crew()
    ticket = tickets.submit(
        by=ada, at=now, organization=meridian.reference, category="apps", subject="a", body="b", severity=severity
    )
    assert (ticket.is_unsettled, ticket.policy_version, ticket.desk.slug) == (is_unsettled, None, "kubesphere")
    assert not Clock.objects.filter(ticket=ticket).exists()


def test_without_a_plan_an_s2_is_refused(ada, meridian, now):
    make.crew()
    with pytest.raises(NotCovered):
        tickets.submit(
            by=ada, at=now, organization=meridian.reference, category="apps", subject="a", body="b", severity=2
        )


def test_an_ended_plan_is_named(nina, plan, now):
    with pytest.raises(NotInForce):
        _submit(nina, plan, plan.ends_at)


def test_a_foreign_reference_is_as_if_it_were_not_there(nina, ada, plan, now):
    foreign = {
        "organization": "O-333333", "entitlement": "E-333333", "category": "nothing", "asset": "C-333333",
    }  # fmt: skip
    for name, reference in foreign.items():
        with pytest.raises(ObjectDoesNotExist):
            _submit(nina, plan, now, **{name: reference})
    with pytest.raises(ObjectDoesNotExist):
        _submit(ada, plan, now)
    assert not Ticket.objects.exists()


def test_a_cluster_of_another_company_is_as_if_it_were_not_there(nina, plan, pujiang, now):
    cluster = Asset.objects.filter(organization=pujiang).first()
    with pytest.raises(Asset.DoesNotExist):
        _submit(nina, plan, now, asset=cluster.reference)


def test_who_only_reads_does_not_file(plan, now):
    reader = people.join("reader@nordlicht.example", name="Reader")
    organizations.admit(plan.organization, reader, role=Membership.Role.VIEWER)
    with pytest.raises(MayOnlyRead, match="Nordlicht Logistik"):
        _submit(reader, plan, now)


def test_people_of_the_house_do_not_file(linhao, plan, now):
    with pytest.raises(ObjectDoesNotExist):
        _submit(linhao, plan, now)


@pytest.mark.parametrize("words", [{"subject": " \u200b"}, {"body": " \n"}])
def test_a_ticket_needs_words(nina, plan, now, words):
    with pytest.raises(tickets.Empty):
        _submit(nina, plan, now, **words)


def test_the_same_key_makes_one_ticket(nina, plan, now):
    first = _submit(nina, plan, now, source_key="mail:1")
    assert _submit(nina, plan, now, source_key="mail:1") == first
    assert Ticket.objects.count() == 1
    assert _used(plan) == 1


def test_a_deadline_in_an_unpublished_year_is_provisional(nina, plan, now):
    ticket = _submit(nina, plan, now.replace(month=12, day=31), severity=4)
    assert Clock.objects.get(ticket=ticket, kind="first_response").is_provisional


def test_the_arrival_is_confirmed_once(nina, plan, now):
    ticket = _submit(nina, plan, now)
    assert [letters.confirm(now), letters.confirm(now, ticket_pk=ticket.pk)] == [1, 0]
    notice = Notice.objects.get(kind="tickets.opened", channel="mail")
    assert (notice.recipient, notice.payload["reference"]) == (nina, ticket.reference)
