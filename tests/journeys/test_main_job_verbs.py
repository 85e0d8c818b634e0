"""The main job once more, fast: the portal by Django's client, the rest by verbs and sweeps, on any database."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from billing.models import Entitlement, Invoice
from config.engine import ticker
from demo import cast
from desk.actions import help, offers, replies
from desk.models import Work
from notifications.models import Notice
from rnd.actions import investigations
from rnd.models import Investigation
from tests import make
from tests.journeys.person import PASSING
from tickets.models import Ticket

MINUTE = timedelta(minutes=1)
FINDING = "The lease controller of the host cluster loses its watch when the clock jumps by more than a second."


@pytest.fixture
def her(ada) -> Client:
    make.crew()
    client = Client()
    client.force_login(ada)
    return client


def at_work(moment) -> None:
    """The engine runs once at this moment."""
    with time_machine.travel(moment, tick=False):
        ticker.run_once([row for row in ticker.installed() if "audit" not in row[0]])


def page(client: Client, address: str, moment) -> str:
    with time_machine.travel(moment, tick=False):
        html = client.get(address).content.decode()
    for pattern, instead in PASSING[:2]:
        html = pattern.sub(instead, html)
    return html


def buys(client: Client, moment) -> None:
    with time_machine.travel(moment, tick=False):
        make.plans()
        form = client.get("/portal/orders/new/?plan=premium&currency=USD")
        fields = dict(
            re.findall(r'name="(organization|currency|version|token)" value="([^"]*)"', form.content.decode())
        )
        bought = client.post("/portal/orders/new/?plan=premium&currency=USD", fields)
        reference = bought.url.rstrip("/").split("/")[-1]
        client.post(f"/portal/invoices/{reference}/transfers/", {"payer": "Meridian Retail"})
        assert not Entitlement.objects.exists(), "announced is not paid"
        make.confirm(reference, moment, amount=Invoice.objects.get().gross, payer="Meridian Retail")


def files(client: Client, moment) -> str:
    plan = Entitlement.objects.get()
    with time_machine.travel(moment, tick=False):
        told = client.post(
            "/portal/tickets/new/",
            {
                "source_key": "one", "organization": plan.organization.reference, "category": "workloads",
                "severity": 2, "entitlement": plan.reference, "subject": "Nodes turn NotReady",
                "body": "Every night at two.", "do": "send",
            },
        )  # fmt: skip
        client.get(told.url)  # what was to be said about it has been said
    return told.url.rstrip("/").split("/")[-1]


def speaks(verb, work: Work, words: str, moment) -> None:
    by, reference = work.engineer.user, work.ticket.reference
    seen = replies.preview(reference, by=by, body=words)
    verb(reference, by=by, at=moment, body=words, digest=seen.digest)


def test_bought_asked_routed_answered_helped_solved_and_rated(her, now, ravi, mailoutbox):
    buys(her, now)
    reference = files(her, now + MINUTE)
    at_work(now + MINUTE)
    work = Work.objects.select_related("engineer__user", "ticket").get()
    offers.acknowledge(reference, by=work.engineer.user, at=now + 2 * MINUTE)
    speaks(replies.send, work, "We look into it now.", now + 3 * MINUTE)
    at_work(now + 3 * MINUTE)
    later = now + 10 * MINUTE
    hers = ("/portal/", "/portal/tickets/", f"/portal/tickets/{reference}/")
    before = [page(her, address, later) for address in hers]
    assert "We look into it now." in before[2] and work.engineer.user.name not in before[2]
    told = Notice.objects.count()
    asked = {"title": "NotReady", "symptom": "Nodes drop.", "environment": "", "tried": "Restart.", "question": "Why?"}
    help.ask(reference, by=work.engineer.user, at=now + 4 * MINUTE, **asked)
    at_work(now + 4 * MINUTE)
    opened = Investigation.objects.visible_to(ravi).get()
    investigations.publish(opened.reference, by=ravi, at=now + 5 * MINUTE, body=FINDING, fixed_in="v4.1.3")
    at_work(now + 5 * MINUTE)
    assert ([page(her, address, later) for address in hers], Notice.objects.count()) == (before, told)
    work.refresh_from_db()
    speaks(replies.solve, work, "Upgrade to v4.1.3 and it stays up.", later)
    at_work(later)
    with time_machine.travel(later + MINUTE, tick=False):
        her.post(f"/portal/tickets/{reference}/rating/", {"score": 5, "comment": ""})
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.rating.score) == (Ticket.State.SOLVED, 5)
    mails = [mail for mail in mailoutbox if mail.to == [cast.BY_KEY["ada"].email]]
    assert {mail.from_email.split(" <")[0] for mail in mails} == {"Support"}
    assert not [mail for mail in mails if FINDING[:40] in mail.body or work.engineer.user.name in mail.body]
