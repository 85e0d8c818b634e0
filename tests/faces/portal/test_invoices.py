"""Invoices in the portal: what to pay, where, and what has come; announced is never shown as paid."""

import re
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings

from accounts.access import viewer_of
from accounts.models import Organization
from billing import disclosure, documents
from billing.models import CardPayment, Transfer
from demo import promises
from tests import make
from tests.box import arrive, box, paid_by_card, pay  # noqa: F401  (a fixture)

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def invoice(nina, now):
    promises.lay()
    return make.invoice("nina", now, currency="USD")


@pytest.fixture
def page(client, nina, invoice):
    """The invoice's page as Nina reads it, and its words after she did something."""
    client.force_login(nina)
    return lambda: client.get(f"/portal/invoices/{invoice.reference}/", headers=ENGLISH).content.decode()


def test_it_says_what_to_pay_where_and_with_which_reference(page, invoice):
    text = page()
    assert all(part in text for part in ("$23,500.00", "SMPLCNSH", "6200 0788 4532 1002", invoice.number, "2026-12-24"))


def test_an_announced_transfer_is_not_called_paid(page, client, invoice):
    client.post(f"/portal/invoices/{invoice.reference}/transfers/", {"payer": "Nordlicht Logistik"})
    text = page()
    assert "Transfer announced" in text and "Announced, not paid yet." in text
    assert "tag-kept" not in text


def test_a_paid_invoice_says_what_began(page, invoice, now):
    make.confirm(invoice.reference, now, amount=invoice.gross, payer="Nordlicht Logistik")
    text = page()
    assert "tag-kept" in text and "2027-11-24" in text
    assert "I have sent the transfer" not in text
    assert "File a ticket under it" in text and "Invite colleagues" in text


def test_an_invoice_says_every_moment_with_its_date_and_keeps_its_steps_once_paid(page, client, invoice, now):
    client.post(f"/portal/invoices/{invoice.reference}/transfers/", {"payer": "Nordlicht Logistik"})
    announced = Transfer.objects.get().announced_at.astimezone(ZoneInfo("Europe/Berlin"))
    make.confirm(invoice.reference, now, amount=invoice.gross, payer="Nordlicht Logistik")
    text = page()
    assert text.count("2026-11-24 10:00") >= 3  # issued, arrived, begun: 09:00 in UTC, said in Nina's zone
    assert "Transfer announced" in text and f"{announced:%Y-%m-%d %H:%M}" in text
    assert f"<span>{invoice.number}</span></nav>" in text


def test_part_of_the_money_shows_what_is_open(page, invoice, now):
    make.confirm(invoice.reference, now, amount=2_000_000, payer="Nordlicht Logistik")
    text = page()
    assert "Paid in part" in text and "$3,500.00" in text


def test_more_than_the_sum_shows_the_credit(page, invoice, now):
    make.confirm(invoice.reference, now, amount=invoice.gross + 12_34, payer="Nordlicht Logistik")
    assert "$12.34 credit" in page()


def test_a_refused_transfer_says_why_and_can_be_announced_again(page, client, invoice, nina, fang, now):
    from_nina = make.announced(invoice.reference, nina, now)
    make.refuse(from_nina.reference, now)
    text = page()
    assert "no such transfer has arrived" in text and "I have sent the transfer" in text


def test_for_a_member_there_are_no_invoices_and_no_orders(client, jonas, invoice):
    client.force_login(jonas)
    where = f"/portal/invoices/{invoice.reference}/"
    pages = [client.get(path) for path in (where, "/portal/invoices/", "/portal/orders/", "/portal/invoices/N-999999/")]
    assert {(page.status_code, page.content) for page in pages} == {(404, pages[-1].content)}
    answer = client.post(f"{where}transfers/", {"payer": "Jonas"}, headers=ENGLISH)
    assert answer.status_code == 404 and not Transfer.objects.exists()
    home = client.get("/portal/").content.decode()
    assert invoice.number not in home and "/portal/invoices/" not in home and "/portal/orders/" not in home


def test_billing_reads_it_and_announces(client, lena, invoice):
    client.force_login(lena)
    assert "/portal/invoices/" in client.get("/portal/").content.decode()
    answer = client.post(f"/portal/invoices/{invoice.reference}/transfers/", {"payer": "Nordlicht"}, headers=ENGLISH)
    assert answer.status_code == 302 and Transfer.objects.get().payer == "Nordlicht"


def test_a_foreign_invoice_is_one_that_does_not_exist(client, ada, invoice):
    client.force_login(ada)
    foreign = client.get(f"/portal/invoices/{invoice.reference}/")
    missing = client.get("/portal/invoices/N-999999/")
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert client.post(f"/portal/invoices/{invoice.reference}/transfers/", {"payer": "A"}).status_code == 404


def test_the_customers_postal_address_stands_on_the_page_and_on_the_paper(page, client, nina, invoice):
    Organization.objects.filter(pk=invoice.customer_id).update(postal_address="Speicherstadt 7, 20457 Hamburg")
    assert "Speicherstadt 7" in page()
    paper = documents._data(disclosure.invoice_page(invoice.reference, viewer_of(nina)))
    assert "Speicherstadt 7, 20457 Hamburg" in paper["customer"]["lines"]


def test_the_list_is_the_readers_own(client, nina, ada, invoice):
    client.force_login(nina)
    assert invoice.number in client.get("/portal/invoices/").content.decode()
    client.force_login(ada)
    assert invoice.number not in client.get("/portal/invoices/").content.decode()


def test_nobody_of_finance_is_named_to_the_customer(page, invoice, now):
    make.confirm(invoice.reference, now, amount=1, payer="Aunt of Nina", reason="gift of an aunt", line="bank-line-7")
    text = page()
    assert not any(word in text for word in ("方蕾", "gift of an aunt", "bank-line-7"))


# By card


@pytest.fixture
def card_page(client, nina, invoice, box):  # noqa: F811
    """Press the button as Nina; the payment's page and its live part."""
    client.force_login(nina)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def press(**fields):
        return client.post(f"/portal/invoices/{invoice.reference}/cards/", {"open_seen": invoice.gross, **fields})

    return press


def address_of(payment) -> str:
    return f"/portal/invoices/{payment.invoice.reference}/cards/{payment.reference}/"


def test_the_button_leads_to_the_card_company(card_page, page):
    assert "Pay $23,500.00 by card" in page()
    payment_address = card_page().headers["Location"]
    assert CardPayment.objects.get().address == payment_address


def test_coming_back_says_submitted_until_the_books_say_paid(card_page, client, invoice, now):
    card_page()
    payment = CardPayment.objects.get()
    pay(payment)
    text = client.get(address_of(payment)).content.decode()
    assert "Submitted, being confirmed." in text and "tag-kept" not in text and "notice-kept" not in text
    version = re.search(r"live/\?v=([\w-]+)", text)[1]
    live = f"{address_of(payment)}live/"
    assert client.get(live, {"v": version}).status_code == 204
    arrive(now)
    text = client.get(live, {"v": version}).content.decode()
    assert "Paid." in text and "hx-get" not in text
    assert "By card" in client.get(f"/portal/invoices/{invoice.reference}/").content.decode()


def test_a_declined_card_says_why_and_offers_both_ways(card_page, client, now, page):
    card_page()
    payment = CardPayment.objects.get()
    pay(payment, "card_declined")
    arrive(now)
    text = client.get(address_of(payment)).content.decode()
    assert "The bank of the card said no. Nothing was charged." in text and payment.address in text
    assert "The last try did not work:" in page()


def test_a_slow_bank_shows_as_submitted_and_offers_no_second_payment(card_page, client, now, page):
    with time_machine.travel(now, tick=False):
        card_page()
        payment = CardPayment.objects.get()
        pay(payment, "slow")
        arrive(now)
        text = page()
        assert "Submitted, not paid yet." in text and "by card</span>" not in text
        assert card_page().headers["Location"] == address_of(payment)


def test_when_the_company_does_not_answer_the_page_says_so(card_page, settings):
    settings.CARD_GATEWAY = "tests.billing.test_cards.silence"
    answer = card_page()
    assert answer.status_code == 422 and "does not answer at the moment" in answer.content.decode()


def test_another_open_sum_than_was_seen_is_looked_at_again(card_page):
    answer = card_page(open_seen=1)
    assert answer.status_code == 422 and not CardPayment.objects.exists()


def test_where_no_rail_is_open_nothing_is_said_of_cards(card_page, page, settings):
    settings.CARD_RAIL = ""
    assert "by card" not in page() and card_page().status_code == 404


def test_a_member_and_a_stranger_pay_nothing_by_card(card_page, client, jonas, ada, invoice):
    card_page()
    payment = CardPayment.objects.get()
    client.force_login(jonas)
    assert card_page().status_code == 404
    client.force_login(ada)
    missing = client.get("/portal/invoices/N-999999/cards/K-999999/")
    assert client.get(address_of(payment)).content == missing.content and missing.status_code == 404
    assert card_page().status_code == 404


# On paper


def test_the_paper_is_a_download_and_a_foreign_one_is_not_there(client, nina, ada, invoice):
    client.force_login(nina)
    answer = client.get(f"/portal/invoices/{invoice.reference}/document/")
    assert answer["Content-Disposition"] == f'attachment; filename="{invoice.number}.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert client.get(f"/portal/invoices/{invoice.reference}/document/?language=zh-hans").content != answer.content
    assert client.get(f"/portal/invoices/{invoice.reference}/document/?language=x").content == answer.content
    client.force_login(ada)
    foreign, missing = (client.get(f"/portal/invoices/{r}/document/") for r in (invoice.reference, "N-999999"))
    assert (foreign.status_code, foreign.content) == (404, missing.content)


def test_pages_of_money_ask_few_questions(client, nina, invoice, now, box, django_assert_max_num_queries):  # noqa: F811
    make.confirm(invoice.reference, now, amount=5, payer="Nordlicht Logistik")
    paid_by_card(invoice, nina, now)
    client.force_login(nina)
    with django_assert_max_num_queries(14):
        client.get(f"/portal/invoices/{invoice.reference}/")
    with django_assert_max_num_queries(8):
        client.get("/portal/invoices/")


def test_who_comes_back_after_a_second_try_is_not_told_of_the_first(card_page, client, now):
    card_page()
    payment = CardPayment.objects.get()
    pay(payment, "card_declined")
    arrive(now)
    back = pay(payment)["back"]
    text = client.get(back).content.decode()
    assert "Submitted, being confirmed." in text and "It did not work" not in text and "&amp;back=1" in text
