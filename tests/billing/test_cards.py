"""Payments by card: an intent first, money only by the company's word, booked once, whatever comes how often, when."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from billing import rails
from billing.actions import cards, payments
from billing.models import CardPayment, Entitlement, Entry, Invoice, ProviderEvent
from billing.rails.sandbox import ask
from marketplace.models import Order
from notifications.disclosure import letter
from notifications.models import Notice
from sandbox import cards as company
from tests import make
from tests.books import balance, offences
from tests.box import arrive, begin, box, deliver, handle, let_go, paid_by_card, pay  # noqa: F401  (a fixture)

pytestmark = pytest.mark.usefixtures("box")
GROSS = 2_350_000
"""Premium in dollars, in cents."""
State = CardPayment.State


@pytest.fixture
def invoice(nina, now) -> Invoice:
    return make.invoice("nina", now, currency="USD")


def states(invoice: Invoice) -> tuple[str, int, int]:
    """Where the invoice stands, what of it is paid, how many entitlements began."""
    invoice.refresh_from_db()
    return invoice.state, invoice.paid, Entitlement.objects.count()


def credit(invoice: Invoice) -> int:
    return -balance(f"customer_credit:{invoice.customer.reference}", "USD")


def captures() -> int:
    return Entry.objects.filter(key__endswith=":captured").count()


# Begun


def test_a_begun_payment_is_a_row_with_its_key_and_what_is_open(invoice, nina, now):
    make.confirm(invoice.reference, now, amount=350_000, payer="Nordlicht Logistik")
    payment = begin(invoice, nina, now)
    assert (payment.amount, payment.currency, payment.state) == (2_000_000, "USD", State.OPEN)
    assert payment.key and payment.address.startswith("/sandbox/checkouts/")


def test_paying_pays_nothing_before_the_company_has_told(invoice, nina, now):
    pay(begin(invoice, nina, now))
    assert states(invoice) == ("issued", 0, 0)
    assert captures() == 0


def test_one_payment_is_live_on_an_invoice(invoice, nina, now):
    assert begin(invoice, nina, now) == begin(invoice, nina, now)
    with (
        pytest.raises(IntegrityError, match=r"one_live_card_payment|billing_cardpayment\.invoice_id"),
        transaction.atomic(),
    ):
        CardPayment.objects.create(invoice=invoice, rail="sandbox", key="k", amount=1, begun_by=nina, begun_at=now)


def test_the_house_pays_nothing_for_its_customer(invoice, fang, now):
    with pytest.raises(payments.NotYours):
        begin(invoice, fang, now)


@pytest.mark.parametrize("key", ["jonas", "ada"])
def test_a_foreign_invoice_and_a_members_is_one_that_does_not_exist(request, invoice, now, key):
    with pytest.raises(Invoice.DoesNotExist):
        begin(invoice, request.getfixturevalue(key), now)


def test_a_paid_invoice_takes_no_card(invoice, nina, now):
    make.confirm(invoice.reference, now, amount=GROSS, payer="Nordlicht Logistik")
    with pytest.raises(payments.PaidAlready):
        begin(invoice, nina, now)


def test_who_looked_before_other_money_came_is_asked_to_look_again(invoice, nina, now):
    make.confirm(invoice.reference, now, amount=1, payer="Nordlicht Logistik")
    with pytest.raises(payments.BookedMeanwhile):
        ask.checkout(invoice.reference, by=nina, at=now, language="en", open_seen=GROSS)


# Paid


def test_the_companys_word_pays_books_grants_and_funds_at_once(invoice, nina, now):
    payment = paid_by_card(invoice, nina, now)
    assert (payment.state, payment.captured, payment.settled) == (State.CAPTURED, GROSS, GROSS)
    assert states(invoice) == ("paid", GROSS, 1)
    assert Order.objects.get().state == Order.State.FUNDED
    assert (balance("cash_stripe", "USD"), balance(f"ar:{invoice.customer.reference}", "USD")) == (GROSS, 0)
    assert Notice.objects.filter(kind="billing.paid", recipient=nina).exists()
    assert offences() == {}


def test_the_companys_fee_is_an_expense_and_the_customer_has_paid_all(invoice, nina, now, settings):
    settings.SANDBOX_CARD_FEE_BPS = 140
    paid_by_card(invoice, nina, now)
    assert (balance("cash_stripe", "USD"), balance("fee_stripe", "USD")) == (GROSS - 32_900, 32_900)
    assert states(invoice) == ("paid", GROSS, 1)
    assert offences() == {}


@pytest.mark.parametrize("quirk", ["", "asks", "lost", "twice", "backwards"])
def test_every_way_of_being_told_books_once(invoice, nina, now, quirk):
    payment = paid_by_card(invoice, nina, now, quirk)
    let_go()
    arrive(now)
    assert (payment.state, captures(), states(invoice)) == (State.CAPTURED, 1, ("paid", GROSS, 1))
    assert not ProviderEvent.objects.exclude(state="handled").exists()
    assert offences() == {}


def test_an_event_that_is_posted_twice_is_kept_once(invoice, nina, now):
    pay(begin(invoice, nina, now))
    assert deliver(twice=True) == [200] * 4
    assert ProviderEvent.objects.count() == 2


def test_what_is_told_late_is_booked_late(invoice, nina, now):
    with time_machine.travel(now, tick=False) as clock:
        pay(begin(invoice, nina, now), "late")
        arrive(now)
        assert states(invoice) == ("issued", 0, 0)
        clock.shift(company.SLOW)
        arrive(now)
    assert states(invoice) == ("paid", GROSS, 1)


def test_a_slow_bank_is_submitted_and_never_called_paid(invoice, nina, now):
    with time_machine.travel(now, tick=False) as clock:
        payment = begin(invoice, nina, now)
        pay(payment, "slow")
        arrive(now)
        payment.refresh_from_db()
        assert (payment.state, states(invoice)) == (State.SUBMITTED, ("issued", 0, 0))
        clock.shift(company.SLOW)
        arrive(now)
    assert states(invoice) == ("paid", GROSS, 1)


def test_what_is_never_told_is_asked_after(invoice, nina, now):
    pay(begin(invoice, nina, now), "silent")
    arrive(now)
    assert states(invoice) == ("issued", 0, 0)
    let_go()
    assert rails.ask_again(at=now) == 1
    assert states(invoice) == ("paid", GROSS, 1)
    assert offences() == {}


# Not paid


@pytest.mark.parametrize("failure", ["card_declined", "insufficient_funds"])
def test_a_declined_card_may_be_followed_by_a_good_one(invoice, nina, now, failure):
    payment = paid_by_card(invoice, nina, now, failure)
    assert (payment.state, states(invoice)) == (State.OPEN, ("issued", 0, 0))
    assert payment.get_failure_display()
    pay(payment)
    arrive(now)
    payment.refresh_from_db()
    assert (payment.state, payment.failure, states(invoice)) == (State.CAPTURED, "", ("paid", GROSS, 1))


def test_a_canceled_payment_ends_and_the_next_is_a_new_one(invoice, nina, now):
    first = begin(invoice, nina, now)
    company.cancel(first.checkout)
    second = begin(invoice, nina, now)
    first.refresh_from_db()
    assert (first.state, second.state, first.key == second.key) == (State.CANCELED, State.OPEN, False)
    arrive(now)
    assert offences() == {}


def test_a_payment_that_nobody_finishes_expires(invoice, nina, now):
    with time_machine.travel(now, tick=False) as clock:
        payment = begin(invoice, nina, now)
        clock.shift(company.LASTS + 1)
        let_go()
        rails.ask_again(at=now)
    payment.refresh_from_db()
    assert (payment.state, states(invoice)) == (State.EXPIRED, ("issued", 0, 0))


def test_another_open_sum_is_another_payment(invoice, nina, now):
    first = begin(invoice, nina, now)
    make.confirm(invoice.reference, now, amount=350_000, payer="Nordlicht Logistik")
    second = begin(invoice, nina, now)
    first.refresh_from_db()
    assert (first.state, second.amount) == (State.CANCELED, 2_000_000)
    with pytest.raises(company.Gone):
        pay(first)


def test_when_the_money_came_otherwise_the_page_is_closed(invoice, nina, now):
    payment = begin(invoice, nina, now)
    make.confirm(invoice.reference, now, amount=GROSS, payer="Nordlicht Logistik")
    let_go()
    rails.ask_again(at=now)
    payment.refresh_from_db()
    assert payment.state == State.CANCELED
    with pytest.raises(company.Gone):
        pay(payment)


# More than once, too late, too much


def test_card_and_transfer_both_leave_the_second_as_credit(invoice, nina, now):
    pay(begin(invoice, nina, now))
    make.confirm(invoice.reference, now, amount=GROSS, payer="Nordlicht Logistik")
    arrive(now)
    assert (states(invoice), credit(invoice)) == (("paid", GROSS, 1), GROSS)
    told = letter(Notice.objects.filter(kind="billing.received", channel="mail").latest("pk")).body
    assert "has arrived by card" in told and "$23,500.00 is kept as your credit" in told
    assert offences() == {}


def test_a_transfer_after_the_card_is_credit_too(invoice, nina, now):
    announced = make.announced(invoice.reference, nina, now)
    paid_by_card(invoice, nina, now)
    make.confirm(announced.reference, now, amount=GROSS, payer="Nordlicht Logistik")
    assert (states(invoice), credit(invoice)) == (("paid", GROSS, 1), GROSS)
    assert offences() == {}


def test_money_that_comes_after_an_end_is_money_all_the_same(invoice, nina, now):
    payment = begin(invoice, nina, now)
    cards.give_up(payment, at=now, why=State.EXPIRED)
    pay(payment)
    arrive(now)
    payment.refresh_from_db()
    assert (payment.state, states(invoice)) == (State.CAPTURED, ("paid", GROSS, 1))
    assert offences() == {}


@pytest.mark.parametrize("late", [State.OPEN, State.SUBMITTED, State.FAILED, State.CANCELED, State.EXPIRED])
def test_what_is_money_never_goes_back(invoice, nina, now, late):
    payment = paid_by_card(invoice, nina, now)
    seen = cards.Seen(payment.reference, late, payment.checkout, payment.address, "USD", failure="declined")
    cards.learn(payment, seen, at=now + timedelta(hours=1))
    again = CardPayment.objects.get()
    assert (again.state, again.captured, again.failure) == (State.CAPTURED, GROSS, "")


def test_what_has_ended_does_not_open_again(invoice, nina, now):
    payment = cards.give_up(begin(invoice, nina, now), at=now)
    seen = cards.Seen(payment.reference, State.OPEN, payment.checkout, payment.address, "USD")
    assert cards.learn(payment, seen, at=now).state == State.FAILED


@pytest.mark.parametrize(("taken", "paid", "left"), [(GROSS + 500, GROSS, 500), (GROSS - 500, GROSS - 500, 0)])
def test_what_was_taken_is_booked_whatever_was_asked_for(invoice, nina, now, taken, paid, left):
    payment = begin(invoice, nina, now)
    seen = cards.Seen(payment.reference, State.CAPTURED, payment.checkout, payment.address, "USD", taken, "ch_1")
    cards.learn(payment, seen, at=now)
    assert (states(invoice)[1], credit(invoice)) == (paid, left)
    assert offences() == {}


def test_money_in_another_currency_waits_for_a_person(invoice, nina, now):
    payment = begin(invoice, nina, now)
    pay(payment)
    CardPayment.objects.filter(pk=payment.pk).update(currency="EUR")
    arrive(now)
    assert states(invoice) == ("issued", 0, 0)
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {"parked"}
    let_go()
    handle(now + timedelta(days=4))
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {"dead"}


# The line breaks


def silence(method, path, body, key):
    raise OSError("no route")


def test_when_nobody_answers_nothing_is_known_and_the_same_key_asks_again(invoice, nina, now, settings):
    settings.CARD_GATEWAY = "tests.billing.test_cards.silence"
    with pytest.raises(cards.NoAnswer):
        begin(invoice, nina, now)
    left = CardPayment.objects.get()
    settings.CARD_GATEWAY = "sandbox.cards.api"
    payment = begin(invoice, nina, now)
    assert (payment.pk, payment.key, payment.state) == (left.pk, left.key, State.OPEN)


def answer_is_lost(method, path, body, key):
    """The company does what it was asked, and the line breaks before it can say so."""
    company.api(method, path, body, key)
    raise OSError("cut")


def test_an_intent_whose_answer_was_lost_finds_its_checkout_and_never_a_second(invoice, nina, now, settings):
    settings.CARD_GATEWAY = "tests.billing.test_cards.answer_is_lost"
    with pytest.raises(cards.NoAnswer):
        begin(invoice, nina, now)
    settings.CARD_GATEWAY = "sandbox.cards.api"
    rails.ask_again(at=now)
    payment = CardPayment.objects.get()
    with company.books() as file:
        [[made]] = file.execute("SELECT count(*) FROM checkouts").fetchall()
    assert (payment.state, made, begin(invoice, nina, now).checkout) == (State.OPEN, 1, payment.checkout)


def test_an_intent_that_never_reached_the_company_ends_after_a_while(invoice, nina, now, settings):
    settings.CARD_GATEWAY = "tests.billing.test_cards.silence"
    with pytest.raises(cards.NoAnswer):
        begin(invoice, nina, now)
    settings.CARD_GATEWAY = "sandbox.cards.api"
    rails.ask_again(at=now + timedelta(minutes=1))
    assert CardPayment.objects.get().state == State.BEGUN
    let_go()
    rails.ask_again(at=now + timedelta(minutes=4))
    assert CardPayment.objects.get().state == State.FAILED


def refusing(method, path, body, key):
    return (400, "{}") if method == "POST" else company.api(method, path, body, key)


def test_a_payment_that_the_company_refuses_ends(invoice, nina, now, settings):
    settings.CARD_GATEWAY = "tests.billing.test_cards.refusing"
    with pytest.raises(cards.NotTaken):
        begin(invoice, nina, now)
    assert CardPayment.objects.get().state == State.FAILED


@pytest.mark.parametrize("answer", [(200, "<html>"), (200, "[]"), (200, "{}"), (503, "{}"), (429, "{}")])
def test_what_cannot_be_read_is_no_answer(invoice, nina, now, monkeypatch, settings, answer):
    payment = begin(invoice, nina, now)
    monkeypatch.setattr(company, "api", lambda *_: answer)
    with pytest.raises(cards.NoAnswer):
        ask.refresh(payment, at=now)
    assert CardPayment.objects.get().state == State.OPEN


def test_an_event_is_looked_at_again_when_the_company_did_not_answer(invoice, nina, now, settings):
    pay(begin(invoice, nina, now))
    deliver()
    settings.CARD_GATEWAY = "tests.billing.test_cards.silence"
    handle(now)
    assert states(invoice) == ("issued", 0, 0)
    settings.CARD_GATEWAY = "sandbox.cards.api"
    let_go()
    handle(now)
    assert states(invoice) == ("paid", GROSS, 1)


# Several at once


def at_once(work, count=4):
    def alone(number):
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as workers:
        return list(workers.map(alone, range(count)))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_that_handle_the_same_events_at_once_book_once(invoice, nina, now):
    payment = begin(invoice, nina, now)
    pay(payment, "twice")
    deliver()
    events = list(ProviderEvent.objects.all())
    at_once(lambda n: rails.inbox.handle(events[n % len(events)], ask.look(payment.checkout), at=now), 8)
    at_once(lambda n: handle(now))
    assert (captures(), states(invoice)) == (1, ("paid", GROSS, 1))
    assert offences() == {}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_event_and_a_transfer_at_once_leave_one_of_them_as_credit(invoice, nina, now):
    pay(begin(invoice, nina, now))
    deliver()

    def work(number):
        if number % 2:
            return handle(now)
        return make.confirm(invoice.reference, now, amount=GROSS, payer="Nordlicht Logistik", line="7").pk

    at_once(work, 4)
    assert (states(invoice), credit(invoice)) == (("paid", GROSS, 1), GROSS)
    assert offences() == {}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_button_that_is_pressed_twice_at_once_begins_one_payment(invoice, nina, now):
    assert len({payment.checkout for payment in at_once(lambda n: begin(invoice, nina, now))}) == 1
    assert CardPayment.objects.count() == 1
