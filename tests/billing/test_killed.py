"""A process dies in the middle: of a confirmation, of a call to the card company, of booking what it says."""

import os
import signal
from collections.abc import Callable

import pytest
from django.db import connection

from billing import rails
from billing.models import CardPayment, Entitlement, Entry, Invoice, ProviderEvent, Transfer
from billing.models.inside import Confirmation
from billing.signals import invoice_paid
from sandbox import cards as company
from tests import make
from tests.books import offences
from tests.box import begin, box, deliver, handle, let_go, pay  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def die(**kwargs: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def in_a_process_that_dies(work: Callable[[], object]) -> int:
    """Do `work` in a process of its own, which must be killed on the way. How it ended."""
    child = os.fork()
    if child == 0:
        connection.connection = None  # the parent's socket stays the parent's
        connection.in_atomic_block = False
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def confirm_and_die(invoice: Invoice, now) -> int:
    """Killed once the money, the grant and the invoice were written."""

    def confirm() -> None:
        invoice_paid.connect(die)
        make.confirm(invoice.reference, now, amount=invoice.gross, payer=invoice.customer.name)

    return in_a_process_that_dies(confirm)


def test_a_killed_confirmation_leaves_nothing_behind_and_can_be_done_again(zhoumin, now):
    invoice = make.invoice("zhoumin", now)
    entries = Entry.objects.count()
    assert confirm_and_die(invoice, now) == -signal.SIGKILL
    left = [model.objects.count() for model in (Transfer, Confirmation, Entitlement)]
    assert (left, Entry.objects.count()) == ([0, 0, 0], entries)
    make.confirm(invoice.reference, now, amount=invoice.gross, payer=invoice.customer.name)
    invoice.refresh_from_db()
    assert invoice.state == Invoice.State.PAID
    assert offences() == {}


def ask_and_die(method, path, body, key):
    """The company does what it was asked, and we are killed before its answer is a row."""
    company.api(method, path, body, key)
    die()


def test_killed_between_the_call_and_its_record_the_same_payment_is_found_and_paid_once(nina, now, box, settings):  # noqa: F811
    invoice = make.invoice("nina", now, currency="USD")
    settings.CARD_GATEWAY = "tests.billing.test_killed.ask_and_die"
    assert in_a_process_that_dies(lambda: begin(invoice, nina, now)) == -signal.SIGKILL
    settings.CARD_GATEWAY = "sandbox.cards.api"
    left = CardPayment.objects.get()
    assert (left.state, left.checkout) == (CardPayment.State.BEGUN, "")
    with company.books() as file:
        [[checkout]] = file.execute("SELECT id FROM checkouts").fetchall()
    company.pay(checkout, company.CARDS[0])  # the customer's browser had the page already
    deliver()
    handle(now)
    left.refresh_from_db()
    assert (left.state, left.checkout) == (CardPayment.State.CAPTURED, checkout)
    assert Invoice.objects.get().state == Invoice.State.PAID
    assert offences() == {}


def test_killed_while_the_event_is_booked_it_is_booked_by_the_next_one(nina, now, box):  # noqa: F811
    invoice = make.invoice("nina", now, currency="USD")
    pay(begin(invoice, nina, now), "twice")
    deliver()

    def handle_and_die() -> None:
        invoice_paid.connect(die)
        handle(now)

    assert in_a_process_that_dies(handle_and_die) == -signal.SIGKILL
    assert (CardPayment.objects.get().state, Entitlement.objects.count()) == (CardPayment.State.OPEN, 0)
    assert handle(now) == 0, "the dead one's lease still runs"
    let_go()
    rails.handle_events(at=now)
    assert not ProviderEvent.objects.exclude(state="handled").exists()
    assert (Entry.objects.filter(key__endswith=":captured").count(), Entitlement.objects.count()) == (1, 1)
    assert offences() == {}
