"""Invoices on paper: everything of the invoice in the reader's language, and nothing of the house's people."""

import re
from dataclasses import replace

import pytest
from django.utils import translation

from accounts.models import Organization
from billing import disclosure, documents
from billing.disclosure import LineView
from tests import make
from tests.box import box, paid_by_card  # noqa: F401  (a fixture)


@pytest.fixture
def invoice(zhoumin, now):
    Organization.objects.filter(name="Pujiang Manufacturing").update(tax_number="91310104MA1FTEST99")
    return make.invoice("zhoumin", now)


@pytest.fixture
def shown(invoice, zhoumin):
    return lambda: disclosure.invoice_page(invoice.reference, zhoumin)


def words(page) -> str:
    """All words and figures of the paper, as they are handed to the setter."""
    return repr(documents._data(page))


def test_it_says_who_owes_what_to_whom_until_when_and_where_to(shown, invoice):
    told = words(shown())
    wanted = (
        invoice.number, "Harbour Software", "浦江制造", "91310104MA1FTEST99", "¥168,000.00", "¥10,080.00",
        "¥178,080.00", "2026-11-24", "2026-12-24", "Tax, 6 %", invoice.source.partition(":")[2], "Premium, 12 months",
    )  # fmt: skip
    assert [one for one in wanted if one not in told] == []
    assert all(part in told for part in (shown().bank.number, shown().bank.holder, "Write on the transfer"))


def test_in_chinese_the_chinese_names_come_first_and_carry_no_typed_space(shown):
    with translation.override("zh-hans"):
        told = documents._data(shown())
    assert (told["customer"]["name"], told["customer"]["lines"][0]) == ("浦江制造", "Pujiang Manufacturing")
    assert told["lines"][0][0].endswith("，12个月") and told["language"] == "zh"


def test_a_paid_one_asks_for_nothing_and_says_when_it_was_paid(shown, invoice, now):
    make.confirm(invoice.reference, now, amount=invoice.gross + 500, payer="浦江制造")
    told = documents._data(shown())
    assert (told["bank"], told["due"]["sum"], told["standing"]["words"]) == (None, "¥0.00", "Paid")
    assert "¥5.00" in repr(told["sums"]) and ["Paid", "2026-11-24"] in told["facts"]


def test_a_part_paid_one_asks_for_the_rest(shown, invoice, now):
    make.confirm(invoice.reference, now, amount=8_000, payer="浦江制造")
    assert documents._data(shown())["due"]["sum"] == "¥178,000.00"


def test_days_are_the_sellers(shown, invoice, now):
    invoice.issued_at = now.replace(hour=17)
    invoice.save()
    assert shown().issued_on.isoformat() == "2026-11-25"


def test_the_same_invoice_is_the_same_paper_in_each_language(shown):
    english = documents.invoice(shown())
    with translation.override("zh-hans"):
        chinese = documents.invoice(shown())
    assert english == documents.invoice(shown()) != chinese
    assert english.startswith(b"%PDF-") and b"pdfuaid" in english and b"pdfuaid" in chinese


def test_many_lines_make_many_pages(shown):
    line = LineView(text="One day on site in Hamburg", text_zh="现场一天", quantity=2, net=1, tax=0)
    paper = documents.invoice(replace(shown(), lines=(line,) * 200))
    assert int(re.search(rb"/Type/Pages/Count (\d+)", paper)[1]) > 4


@pytest.mark.parametrize("name", ['#read("/etc/passwd")', "W" * 160, "\u202e\x00🙂", "$*_<>@\\", "", "مرحبا " * 20])
def test_whatever_a_company_is_called_it_gets_its_invoice(shown, name):
    strange = replace(shown(), customer=name, customer_zh=name, seller=name, tax_number=name[:32])
    assert documents.invoice(strange).startswith(b"%PDF-")
