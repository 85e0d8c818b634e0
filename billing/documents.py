"""Papers of billing: a projection in, a PDF out, in the language that is active."""

from typing import Any

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, gettext, pgettext, to_locale

from billing.disclosure import InvoicePage
from kit import pdf
from kit.templatetags.look import money, number
from kit.words import for_reader


def language(asked: str) -> str:
    """The language asked for where the house speaks it, else the reader's own."""
    return asked if asked in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE


def file_name(invoice: InvoicePage) -> str:
    """Says which invoice it is, and of nobody who it is."""
    return f"{invoice.number}.pdf"


def invoice(invoice: InvoicePage) -> bytes:
    """An invoice with its lines, tax, sums, the way to pay it, and where it stands now."""
    return pdf.render("billing/invoice", _data(invoice), at=invoice.issued_at)


def _data(invoice: InvoicePage) -> dict[str, Any]:
    return {
        "language": "zh" if (get_language() or "").startswith("zh") else "en",
        "title": gettext("Invoice"),
        "number": invoice.number,
        "standing": {"tone": invoice.standing.value, "words": str(invoice.standing.label)},
        "due": {"words": gettext("To pay"), "sum": money(invoice.open, invoice.currency)},
        "facts": _facts(invoice),
        "seller": _party(
            invoice.seller, invoice.seller_zh, invoice.seller_address, invoice.seller_country,
            invoice.seller_tax_number,
        ),
        "customer": {
            "words": gettext("Customer"),
            **_party(
                invoice.customer, invoice.customer_zh, invoice.customer_address, invoice.customer_country,
                invoice.tax_number,
            ),
        },
        "heads": [gettext("What"), gettext("Quantity"), gettext("Tax rate"), gettext("Without tax")],
        "lines": [_line(line, invoice) for line in invoice.lines],
        "sums": _sums(invoice),
        "bank": _bank(invoice),
        "notes": _notes(invoice),
        "pages": gettext("Page %(page)s of %(pages)s"),
    }  # fmt: skip


def _facts(invoice: InvoicePage) -> list[list[str]]:
    paid_on = invoice.paid_on
    facts = [
        [gettext("Issued"), f"{invoice.issued_on:%Y-%m-%d}"],
        [gettext("Paid"), f"{paid_on:%Y-%m-%d}"] if paid_on else [gettext("Due"), f"{invoice.due_on:%Y-%m-%d}"],
        [gettext("Currency"), invoice.currency],
    ]
    if invoice.order:
        facts.append([pgettext("sale", "Order"), invoice.order])
    return facts


def _party(name: str, name_zh: str, address: str, country: str, tax_number: str) -> dict[str, Any]:
    """The name that the law knows in the paper's language first, the other one under it."""
    first = for_reader(name, name_zh)
    lines = [name if first == name_zh else name_zh, address, _country(country)]
    if tax_number:
        lines.append(f"{gettext('Tax number')} {tax_number}")
    return {"name": first, "lines": [line for line in lines if line]}


def _country(code: str) -> str:
    return str(Locale.parse(to_locale(get_language() or "en")).territories.get(code, code))


def _line(line: Any, invoice: InvoicePage) -> list[str]:
    return [line.title, str(number(line.quantity)), f"{invoice.tax_rate} %", money(line.net, invoice.currency)]


def _sums(invoice: InvoicePage) -> list[dict[str, Any]]:
    """Rows of words and money; `weight` says how loud: plain, total, due."""
    rate = invoice.tax_rate
    tax = gettext("Tax, none") if rate == "0" else gettext("Tax, %(rate)s %%") % {"rate": rate}
    rows = [
        (gettext("Net"), invoice.net, "plain"),
        (tax, invoice.tax, "plain"),
        (gettext("Invoice total"), invoice.gross, "total"),
    ]
    if invoice.paid:
        rows.append((gettext("Arrived"), -invoice.paid, "plain"))
        rows.append((gettext("To pay"), invoice.open, "total"))
    if invoice.credit:
        rows.append((gettext("Sent above it, kept as your credit"), invoice.credit, "plain"))
    return [{"words": words, "sum": money(sum_, invoice.currency), "weight": weight} for words, sum_, weight in rows]


def _bank(invoice: InvoicePage) -> dict[str, Any] | None:
    """Where to send what is open; nothing on a paid invoice."""
    if invoice.bank is None or not invoice.open:
        return None
    rows = [
        [gettext("Account holder"), invoice.bank.holder], [gettext("Account"), invoice.bank.number],
        [gettext("Bank"), invoice.bank.bank],
    ]  # fmt: skip
    if invoice.bank.swift:
        rows.append(["SWIFT", invoice.bank.swift])
    reference = [gettext("Write on the transfer"), invoice.number]
    return {"title": gettext("Pay by bank transfer"), "reference": reference, "rows": rows}


def _notes(invoice: InvoicePage) -> list[str]:
    notes = []
    if invoice.open:
        notes.append(gettext("What you bought begins when the whole sum has arrived."))
    if invoice.currency == "CNY":
        notes.append(gettext("This paper asks for payment; it is no VAT fapiao."))
    return notes
