"""Receivables: finance finds money on the statement, and it is booked once."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings

from billing.models import Entry, Invoice, Transfer
from tests import make
from tests.books import offences
from tests.box import box, paid_by_card  # noqa: F401  (a fixture)


@pytest.fixture
def invoice(zhoumin, now) -> Invoice:
    return make.invoice("zhoumin", now)


@pytest.fixture
def desk_of_fang(client, fang):
    client.force_login(fang)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"  # Fang reads Chinese, these tests English
    return client


def receipt(invoice, **changes):
    return {
        "do": "confirm", "amount": "178,080.00", "payer": "浦江制造", "received_on": "2026-11-24",
        "statement_line": "S-1", "reason": "", "matter": invoice.reference, "open_seen": invoice.gross, **changes,
    }  # fmt: skip


def post(client, invoice, **changes):
    return client.post(f"/office/receivables/{invoice.reference}/", receipt(invoice, **changes))


@pytest.fixture(autouse=True)
def today(monkeypatch, now):
    """The pages ask for the time at their edge; it is the tests' moment there."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.mark.parametrize("key", ["dora", "otto", "omar", "ravi", "zhoumin"])
def test_only_finance_finds_the_page(request, client, invoice, key):
    client.force_login(request.getfixturevalue(key))
    assert client.get("/office/receivables/").status_code == 404
    assert post(client, invoice).status_code == 404 and not Transfer.objects.exists()


def test_announced_transfers_stand_first_then_the_oldest(desk_of_fang, zhoumin, nina, ada, now):
    late = make.invoice("ada", now - timedelta(days=100), currency="USD")
    fresh = make.invoice("nina", now, currency="USD")
    said = make.invoice("zhoumin", now)
    make.announced(said.reference, zhoumin, now)
    page = desk_of_fang.get("/office/receivables/").content.decode()
    assert page.index(said.number) < page.index(late.number) < page.index(fresh.number)
    assert "70 days late" in page


@pytest.mark.parametrize("q", ["INV-2026-00001", "浦江", "pujiang", "number", "order"])
def test_an_invoice_is_found_by_what_people_have_in_hand(desk_of_fang, invoice, nina, now, q):
    make.invoice("nina", now, currency="USD")
    q = {"number": invoice.reference, "order": invoice.source.partition(":")[2]}.get(q, q)
    page = desk_of_fang.get("/office/receivables/", {"q": q}).content.decode()
    assert "INV-2026-00001" in page and "INV-2026-00002" not in page


def test_confirming_books_and_shows_it(desk_of_fang, invoice):
    answer = post(desk_of_fang, invoice)
    invoice.refresh_from_db()
    assert (answer.status_code, invoice.state) == (302, Invoice.State.PAID)
    assert offences() == {}


def test_a_double_click_books_once(desk_of_fang, invoice):
    post(desk_of_fang, invoice)
    booked = Entry.objects.count()
    assert post(desk_of_fang, invoice).status_code == 302
    assert (Entry.objects.count(), Transfer.objects.count()) == (booked, 1)


def test_a_colleague_who_looked_before_is_asked_to_look_again(desk_of_fang, invoice):
    post(desk_of_fang, invoice, amount="100.00")
    answer = post(desk_of_fang, invoice, statement_line="S-2")
    assert answer.status_code == 422 and "Somebody booked money" in answer.content.decode()
    assert Transfer.objects.count() == 1


def test_another_payer_is_asked_for_and_what_was_typed_stays(desk_of_fang, invoice):
    answer = post(desk_of_fang, invoice, payer="Pujiang Holding")
    page = answer.content.decode()
    assert answer.status_code == 422 and "Write why this money pays the invoice" in page
    assert 'value="Pujiang Holding"' in page and not Transfer.objects.exists()


@pytest.mark.parametrize("amount", ["", "-1", "1.001", "1e3", "abc", "0", "１７"])
def test_an_amount_is_read_exactly_or_not_at_all(desk_of_fang, invoice, amount):
    assert post(desk_of_fang, invoice, amount=amount).status_code == 422
    assert not Transfer.objects.exists()


def test_refusing_tells_the_customer(desk_of_fang, invoice, zhoumin, now):
    transfer = make.announced(invoice.reference, zhoumin, now)
    desk_of_fang.post(
        f"/office/receivables/{invoice.reference}/", {"do": "refuse", "refusal": "sent_back", "note": "x"}
    )
    transfer.refresh_from_db()
    assert (transfer.state, transfer.refusal) == (Transfer.State.REFUSED, "sent_back")


def test_a_matter_of_another_invoice_is_not_taken_from_the_form(desk_of_fang, invoice, ada, now):
    other = make.invoice("ada", now, currency="USD")
    post(desk_of_fang, invoice, matter=other.reference)
    other.refresh_from_db()
    assert other.paid == 0


def test_an_invoice_that_is_not_there_is_not_there(desk_of_fang):
    assert desk_of_fang.get("/office/receivables/N-999999/").status_code == 404


def test_the_offices_first_page_says_what_waits(desk_of_fang, invoice, zhoumin, now):
    make.announced(invoice.reference, zhoumin, now)
    page = desk_of_fang.get("/office/").content.decode()
    assert "Announced transfers" in page and "178,080" in page


@pytest.mark.parametrize(("key", "status"), [("dora", 200), ("otto", 200), ("sun", 200), ("omar", 404), ("nina", 404)])
def test_the_office_is_for_its_teams(request, client, key, status):
    client.force_login(request.getfixturevalue(key))
    assert client.get("/office/").status_code == status


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("178,080.00", "¥178,080.00 is booked and INV-2026-00001 is paid."),
        ("80.00", "¥80.00 is booked. ¥178,000.00 of INV-2026-00001 is still open."),
        ("178,085.00", "is paid. ¥5.00 of it is the customer&#x27;s credit."),
    ],
)
def test_what_came_of_a_booking_is_said_in_sums(desk_of_fang, invoice, amount, words):
    post(desk_of_fang, invoice, amount=amount)
    assert words in desk_of_fang.get(f"/office/receivables/{invoice.reference}/").content.decode()


def test_money_for_a_paid_invoice_is_said_to_be_credit(desk_of_fang, invoice):
    before = desk_of_fang.get(f"/office/receivables/{invoice.reference}/").content.decode()
    post(desk_of_fang, invoice)
    after = desk_of_fang.get(f"/office/receivables/{invoice.reference}/").content.decode()
    assert "Money arrived again?" in after and "Money arrived again?" not in before
    post(desk_of_fang, invoice, amount="7.00", statement_line="S-2", open_seen=0)
    page = desk_of_fang.get(f"/office/receivables/{invoice.reference}/").content.decode()
    assert "¥7.00 is booked as the customer&#x27;s credit; INV-2026-00001 was paid before." in page


def test_the_page_names_order_plan_and_whoever_ordered_and_announced(desk_of_fang, invoice, zhoumin, now):
    make.announced(invoice.reference, zhoumin, now)
    page = desk_of_fang.get(f"/office/receivables/{invoice.reference}/").content.decode()
    assert "order:" not in page and f"{invoice.source.partition(':')[2]}, Premium" in page
    assert page.count("周敏") >= 2


def test_a_card_stands_beside_the_transfers(desk_of_fang, invoice, zhoumin, now, box):  # noqa: F811
    with time_machine.travel(now, tick=False):
        paid_by_card(invoice, zhoumin, now)
    page = desk_of_fang.get(f"/office/receivables/{invoice.reference}/").content.decode()
    assert "By card" in page and "The invoice is paid. What arrives now" in page


def test_finance_takes_the_paper_and_nobody_else(client, fang, omar, invoice):
    client.force_login(fang)
    assert client.get(f"/office/receivables/{invoice.reference}/document/").content.startswith(b"%PDF-")
    assert client.get("/office/receivables/N-999999/document/").status_code == 404
    client.force_login(omar)
    assert client.get(f"/office/receivables/{invoice.reference}/document/").status_code == 404
