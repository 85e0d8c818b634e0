"""Receivables: what is open by age, and the money that finance finds on the statement."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from billing import board, disclosure, documents, money
from billing.actions import payments
from billing.models import Invoice, Transfer
from kit import pdf
from kit.forms import LineField
from kit.templatetags.look import money as money_text
from kit.verbs import Refused
from marketplace import disclosure as sales


class ReceiptForm(forms.Form):
    """What stands on the statement. The amount is read exactly, without a float."""

    amount = LineField(label=gettext_lazy("Amount received"), limit=20)
    payer = LineField(label=gettext_lazy("Payer on the statement"), limit=160)
    received_on = forms.DateField(
        label=gettext_lazy("Booked on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    statement_line = LineField(
        label=gettext_lazy("Statement line"), limit=120,
        help_text=gettext_lazy("The bank's number of the movement; it is booked once."),
    )  # fmt: skip
    reason = LineField(
        label=gettext_lazy("Reason"), limit=300, required=False,
        help_text=gettext_lazy("Needed when somebody else pays; the customer does not see it."),
    )  # fmt: skip

    matter = forms.CharField(widget=forms.HiddenInput, max_length=16)
    open_seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: object, currency: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.currency = currency

    def clean_amount(self) -> int:
        """Minor units of "178,080.00"; commas and spaces group."""
        typed = self.cleaned_data["amount"].replace(",", "").replace(" ", "").replace("，", "")
        digits = money.minor_digits(self.currency)
        if len(typed.partition(".")[2]) > digits:
            raise forms.ValidationError(_("This currency has %(digits)d decimals.") % {"digits": digits})
        try:
            return money.to_minor(typed, self.currency)
        except ValueError as wrong:
            raise forms.ValidationError(_("Write the amount in figures, such as 178080.00.")) from wrong


class RefusalForm(forms.Form):
    """Why it is not confirmed: fixed words for the customer, a note for ourselves."""

    refusal = forms.ChoiceField(label=gettext_lazy("What the customer is told"), choices=Transfer.Refusal.choices)
    note = LineField(label=gettext_lazy("Note for finance"), limit=300, required=False)


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    """Open invoices, announced transfers first; `?q=` searches paid ones too."""
    q = request.GET.get("q", "").strip()
    found = board.receivables(at=timezone.now(), q=q)
    return render(request, "office/receivables/list.html", {"board": found, "q": q, "shown": board.SHOWN})


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """One invoice with its transfers; confirm (`do=confirm`) or refuse (`do=refuse`) money."""
    invoice = _invoice(request, reference)
    receipt, refusal = ReceiptForm(currency=invoice.currency, initial=_expected(invoice)), RefusalForm()
    if request.method == "POST" and request.POST.get("do") == "confirm":
        receipt = ReceiptForm(request.POST, currency=invoice.currency)
        if receipt.is_valid() and _confirm(request, invoice, receipt):
            return redirect("office:receivable", invoice.reference)
    elif request.method == "POST" and invoice.waiting:
        refusal = RefusalForm(request.POST)
        if refusal.is_valid() and _refuse(request, invoice.waiting.reference, refusal):
            return redirect("office:receivable", invoice.reference)
    row = Invoice.objects.get(reference=invoice.reference)
    context = {
        "invoice": invoice, "receipt": receipt, "refusal": refusal, "decisions": board.decisions(row),
        "order": sales.order(invoice.order, request.viewer) if invoice.order else None,  # type: ignore[attr-defined]
    }  # fmt: skip
    status = 422 if receipt.errors or refusal.errors else 200
    return render(request, "office/receivables/show.html", context, status=status)


@require_safe
def download(request: HttpRequest, reference: str) -> HttpResponse:
    """The invoice as a PDF, in the reader's language or the one asked for (`?language=`)."""
    invoice = _invoice(request, reference)
    with translation.override(documents.language(request.GET.get("language", ""))):
        return pdf.answer(documents.invoice(invoice), documents.file_name(invoice))


def _invoice(request: HttpRequest, reference: str) -> disclosure.InvoicePage:
    try:
        return disclosure.invoice_page(reference, request.viewer)  # type: ignore[attr-defined]
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def _expected(invoice: disclosure.InvoicePage) -> dict[str, object]:
    """The open sum, from whoever was announced, today: what finance usually finds."""
    waiting = invoice.waiting
    return {
        "amount": money.to_text(invoice.open, invoice.currency) if invoice.open else "",
        "payer": waiting.payer if waiting else invoice.customer,
        "received_on": timezone.localdate(),
        "matter": waiting.reference if waiting else invoice.reference,
        "open_seen": invoice.open,
    }


def _confirm(request: HttpRequest, invoice: disclosure.InvoicePage, form: ReceiptForm) -> bool:
    """Book it; a refusal stands above the form and what was typed stays."""
    words = dict(form.cleaned_data)
    matter = words.pop("matter")
    of_this = {invoice.reference, *(transfer.reference for transfer in invoice.transfers)}
    try:
        reference = matter if matter in of_this else invoice.reference
        transfer = payments.confirm(reference, by=request.viewer, at=timezone.now(), **words)  # type: ignore[attr-defined]
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _booked(transfer, disclosure.invoice_page(invoice.reference, request.viewer)))  # type: ignore[attr-defined]
    return True


def _booked(transfer: Transfer, invoice: disclosure.InvoicePage) -> str:
    """What came of it, so that nobody has to reckon: paid, what is open still, what is credit."""
    words = {
        "sum": money_text(transfer.amount, transfer.currency), "rest": money_text(invoice.open, invoice.currency),
        "credit": money_text(transfer.amount - transfer.settled, transfer.currency), "number": invoice.number,
    }  # fmt: skip
    if invoice.open:
        return _("%(sum)s is booked. %(rest)s of %(number)s is still open.") % words
    if transfer.amount > transfer.settled > 0:
        return _("%(sum)s is booked and %(number)s is paid. %(credit)s of it is the customer's credit.") % words
    if not transfer.settled:
        return _("%(sum)s is booked as the customer's credit; %(number)s was paid before.") % words
    return _("%(sum)s is booked and %(number)s is paid.") % words


def _refuse(request: HttpRequest, reference: str, form: RefusalForm) -> bool:
    try:
        payments.refuse(reference, by=request.viewer, at=timezone.now(), **form.cleaned_data)  # type: ignore[attr-defined]
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Refused. The customer is told why."))
    return True
