"""Finance's worker dies in the middle of a confirmation: either all of it happened, or nothing."""

import os
import signal

import pytest
from django.db import connection

from billing.models import Entitlement, Entry, Invoice, Transfer
from billing.models.inside import Confirmation
from billing.signals import invoice_paid
from tests import make
from tests.books import offences

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def die(**kwargs: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def confirm_and_die(invoice: Invoice, now) -> int:
    """Confirm in a process of its own that is killed once the money, the grant and the invoice were written."""
    child = os.fork()
    if child == 0:
        connection.connection = None  # the parent's socket stays the parent's
        connection.in_atomic_block = False
        invoice_paid.connect(die)
        make.confirm(invoice.reference, now, amount=invoice.gross, payer=invoice.customer.name)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


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
