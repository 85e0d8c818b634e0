"""Invoices as their customers see them, and the announcement that the money was sent."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from billing import disclosure
from billing.actions import payments
from kit.forms import LineField
from kit.pages import show as show_page
from kit.verbs import Refused


class TransferForm(forms.Form):
    """Under which name the bank will show the money."""

    payer = LineField(
        label=gettext_lazy("Account holder who pays"), limit=160,
        help_text=gettext_lazy("As it stands on your bank account; we look for this name on our statement."),
    )  # fmt: skip


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    """All invoices of the viewer's organizations, what is open first."""
    invoices = disclosure.invoice_list(request.viewer)  # type: ignore[attr-defined]
    return show_page(request, "portal/invoices/list.html", {"invoices": invoices, "today": timezone.localdate()})


@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """One invoice: what to pay, where, with which reference, and what has come."""
    return _page(request, reference, None)


@require_POST
def announce(request: HttpRequest, reference: str) -> HttpResponse:
    """The customer says that the transfer was sent."""
    form = TransferForm(request.POST)
    if form.is_valid():
        try:
            payments.announce(reference, by=request.viewer, at=timezone.now(), payer=form.cleaned_data["payer"])  # type: ignore[attr-defined]
        except ObjectDoesNotExist as missing:
            raise Http404 from missing
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Thank you. We look for it on our statement and tell you when it is there."))
            return redirect("portal:invoice", reference)
    return _page(request, reference, form)


def _page(request: HttpRequest, reference: str, form: TransferForm | None) -> HttpResponse:
    try:
        invoice = disclosure.invoice_page(reference, request.viewer)  # type: ignore[attr-defined]
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    name = (invoice.currency == "CNY" and invoice.customer_zh) or invoice.customer
    form = form or TransferForm(initial={"payer": name})
    context = {"invoice": invoice, "form": form, "is_late": invoice.is_overdue(timezone.localdate())}
    return show_page(request, "portal/invoices/show.html", context, status=422 if form.errors else 200)
