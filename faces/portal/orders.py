"""Ordering a plan, and what became of each order."""

import secrets
from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.disclosure import Belonging, Viewer
from billing import disclosure as billing
from faces.portal.asking import for_buyers
from kit.pages import show as show_page
from kit.verbs import Refused
from marketplace import disclosure
from marketplace.actions import orders
from marketplace.disclosure import PlanCard


class OrderForm(forms.Form):
    """For whom, in which currency, what was looked at, and the token that keeps a second press from ordering twice."""

    organization = forms.ChoiceField(label=gettext_lazy("Order for"))
    currency = forms.CharField(widget=forms.HiddenInput, max_length=3)
    version = forms.IntegerField(widget=forms.HiddenInput)
    token = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: object, belongings: tuple[Belonging, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["organization"].choices = [(one.reference, one.title) for one in belongings]  # type: ignore[attr-defined]
        if len(belongings) == 1:
            self.fields["organization"].widget = forms.HiddenInput()


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """Show net, tax and gross of a plan (`?plan=&currency=`), then order it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    plan = _plan(request.GET.get("plan", ""))
    currency = _currency(plan, request.POST.get("currency", request.GET.get("currency", "")), viewer.language)
    buying = tuple(one for one in viewer.belongings if one.may_buy)
    if not viewer.belongings:
        return redirect(f"{reverse('portal:organization-new')}?{urlencode({'next': request.get_full_path()})}")
    form = OrderForm(
        request.POST if request.method == "POST" else None, belongings=buying,
        initial={
            "organization": buying[0].reference if buying else "", "currency": currency, "version": plan.version,
            "token": secrets.token_urlsafe(18),
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("portal:invoice", _order(plan, form, viewer))
        except Refused as refused:
            form.add_error(None, str(refused))
    offer = _offer(plan, currency, form, buying, viewer)
    return show_page(request, "portal/orders/place.html", offer, status=422 if form.errors else 200)


@require_safe
@for_buyers
def list_(request: HttpRequest) -> HttpResponse:
    """All orders of the viewer's organizations."""
    return show_page(request, "portal/orders/list.html", {"orders": disclosure.orders(request.viewer)})  # type: ignore[attr-defined]


@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """One order with its invoice and what began."""
    viewer = request.viewer  # type: ignore[attr-defined]
    try:
        order = disclosure.order(reference, viewer)
        invoice = billing.invoice_page(order.invoice, viewer)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    return show_page(request, "portal/orders/show.html", {"order": order, "invoice": invoice})


def _plan(slug: str) -> PlanCard:
    try:
        return disclosure.plan(slug, timezone.now())
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def _currency(plan: PlanCard, wanted: str, language: str) -> str:
    offered = [price.currency for price in plan.prices]
    wishes = [wanted, "CNY" if language.startswith("zh") else "USD", *offered]
    return next(wish for wish in wishes if wish in offered)


def _order(plan: PlanCard, form: OrderForm, viewer: Viewer) -> str:
    """Place it and return the invoice's reference."""
    words = form.cleaned_data
    order = orders.place(
        plan.slug, by=viewer, at=timezone.now(), organization=words["organization"], currency=words["currency"],
        version=words["version"], form=words["token"],
    )  # fmt: skip
    return order.invoice


def _offer(
    plan: PlanCard, currency: str, form: OrderForm, buying: tuple[Belonging, ...], viewer: Viewer
) -> dict[str, object]:  # fmt: skip
    at = timezone.now()
    return {
        "plan": plan,
        "price": plan.price(currency),
        "currencies": tuple(
            (one.currency, f"?{urlencode({'plan': plan.slug, 'currency': one.currency})}", one.currency == currency)
            for one in plan.prices
        ),
        "form": form,
        "buying": buying,
        "due_at": at + timedelta(days=orders.DAYS_TO_PAY),
        "running": tuple(one for one in billing.entitlement_list(viewer, at=at) if one.policy == plan.policy),
    }
