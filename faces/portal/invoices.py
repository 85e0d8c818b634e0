"""Invoices as their customers see them, on paper too; and how they are paid: by transfer, or by card."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from billing import disclosure, documents, rails
from billing.actions import payments
from faces.portal.asking import Request, for_buyers, foreign_is_missing
from kit import pdf
from kit.forms import LineField
from kit.pages import nothing_new
from kit.pages import show as show_page
from kit.verbs import Refused


class TransferForm(forms.Form):
    """Under which name the bank will show the money."""

    payer = LineField(
        label=gettext_lazy("Account holder who pays"), limit=160,
        help_text=gettext_lazy("As it stands on your bank account; we look for this name on our statement."),
    )  # fmt: skip


class CardForm(forms.Form):
    """What was open when the person looked."""

    open_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


@require_safe
@for_buyers
def list_(request: Request) -> HttpResponse:
    """All invoices of the viewer's organizations, what is open first."""
    invoices = disclosure.invoice_list(request.viewer)
    return show_page(request, "portal/invoices/list.html", {"invoices": invoices, "today": timezone.localdate()})


@require_safe
@foreign_is_missing
def show(request: Request, reference: str) -> HttpResponse:
    """One invoice: what to pay, where, with which reference, and what has come."""
    return _page(request, reference)


@require_safe
@foreign_is_missing
def download(request: Request, reference: str) -> HttpResponse:
    """The invoice as a PDF, in the reader's language or the one asked for (`?language=`)."""
    invoice = disclosure.invoice_page(reference, request.viewer)
    with translation.override(documents.language(request.GET.get("language", ""))):
        return pdf.answer(documents.invoice(invoice), documents.file_name(invoice))


@require_POST
@foreign_is_missing
def announce(request: Request, reference: str) -> HttpResponse:
    """The customer says that the transfer was sent."""
    form = TransferForm(request.POST)
    if form.is_valid():
        try:
            payments.announce(reference, by=request.viewer, at=timezone.now(), payer=form.cleaned_data["payer"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Thank you. We look for it on our statement and tell you when it is there."))
            return redirect("portal:invoice", reference)
    return _page(request, reference, transfer=form)


@require_POST
@foreign_is_missing
def pay_by_card(request: Request, reference: str) -> HttpResponse:
    """Begin, or go on with, a payment by card: on to the card company's page, or back to what became of it."""
    rail = rails.card()
    if rail is None:
        raise Http404
    form = CardForm(request.POST)
    if form.is_valid():
        try:
            payment = rail.ask.checkout(
                reference, by=request.viewer, at=timezone.now(), language=translation.get_language(),
                open_seen=form.cleaned_data["open_seen"],
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            is_to_pay = payment.state == payment.State.OPEN
            return (
                redirect(payment.address)
                if is_to_pay
                else redirect("portal:invoice-card", reference, payment.reference)
            )
    return _page(request, reference, card=form)


@require_safe
@foreign_is_missing
def show_card(request: Request, reference: str, card: str) -> HttpResponse:
    """Where the customer comes back to from the card company: submitted, until our books say paid."""
    return show_page(request, "portal/invoices/card.html", _card(request, reference, card))


@require_safe
@foreign_is_missing
def live_card(request: Request, reference: str, card: str) -> HttpResponse:
    """The part of that page that asks for news."""
    context = _card(request, reference, card)
    return nothing_new(request, context["card"].version) or show_page(request, "portal/invoices/_card.html", context)


def _card(request: Request, reference: str, card: str) -> dict[str, Any]:
    """`?back=1` is where the company sends who has paid: what failed before that says nothing any more."""
    return {"card": disclosure.card_page(reference, card, request.viewer), "is_back": request.GET.get("back") == "1"}


def _page(
    request: Request, reference: str, *, transfer: TransferForm | None = None, card: CardForm | None = None
) -> HttpResponse:  # fmt: skip
    invoice = disclosure.invoice_page(reference, request.viewer)
    name = (invoice.currency == "CNY" and invoice.customer_zh) or invoice.customer
    context = {
        "invoice": invoice,
        "form": transfer or TransferForm(initial={"payer": name}),
        "card": card or CardForm(initial={"open_seen": invoice.open}),
        "takes_cards": rails.card() is not None,
        "is_late": invoice.is_overdue(timezone.localdate()),
    }
    is_wrong = bool((transfer and transfer.errors) or (card and card.errors))
    return show_page(request, "portal/invoices/show.html", context, status=422 if is_wrong else 200)
