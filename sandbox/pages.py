"""The card company's pages, as a customer meets them. They belong to no face: this is the world outside."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from sandbox import cards

STORIES = {
    "": _("is paid at once"),
    "asks": _("is paid after the bank has asked back"),
    "slow": _("is paid, but the bank needs %(seconds)d seconds"),
    "lost": _("is paid, but the answer never reaches your browser"),
    "late": _("is paid, but the seller hears of it %(seconds)d seconds later"),
    "twice": _("is paid, and the seller is told twice"),
    "backwards": _("is paid, and the seller is told in the wrong order"),
    "silent": _("is paid, and the seller is never told"),
    "card_declined": _("is declined"),
    "insufficient_funds": _("has not enough money behind it"),
}
FAILURES = {
    "card_declined": _("Your card was declined."),
    "insufficient_funds": _("There is not enough money behind this card."),
    "authentication_failed": _("Your bank could not make sure that it was you."),
    "unknown": _("That is no test card. Choose one of those below; never type a real one here."),
}


def _or_gone(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A checkout that is not there is a 404; one that is over says so."""

    @wraps(view)
    def found(request: HttpRequest, checkout: str) -> HttpResponse:
        try:
            return view(request, checkout)
        except cards.Gone:
            try:
                return _page(request, cards.show(checkout), status=409)
            except cards.Gone as gone:
                raise Http404 from gone

    return found


@require_http_methods(["GET", "HEAD", "POST"])
@_or_gone
def checkout(request: HttpRequest, checkout: str) -> HttpResponse:
    """What is to be paid; and an attempt to pay it with a test card (`number`)."""
    shown = cards.show(checkout)
    if request.method != "POST":
        return _page(request, shown)
    number = "".join(request.POST.get("number", "").split())
    card = cards.BY_NUMBER.get(number)
    if card is None:
        return _page(request, {**shown, "failure": "unknown"}, status=422)
    if card.quirk == "asks" and shown["state"] == "open":
        return render(request, "sandbox/bank.html", {"checkout": shown})
    shown = cards.pay(checkout, card)
    if shown["failure"]:
        return _page(request, shown, status=402)
    if card.quirk == "lost":
        return render(request, "sandbox/lost.html", {"checkout": shown}, status=504)
    return redirect(shown["back"])


@require_POST
@_or_gone
def answer_bank(request: HttpRequest, checkout: str) -> HttpResponse:
    """The customer's answer to the bank's question."""
    if request.POST.get("answer") != "yes":
        cards.refuse(checkout)
        return _page(request, cards.show(checkout), status=402)
    return redirect(cards.pay(checkout, cards.BY_NUMBER["4000000000003220"])["back"])


@require_POST
@_or_gone
def leave(request: HttpRequest, checkout: str) -> HttpResponse:
    """The customer does not want to pay here after all."""
    cards.cancel(checkout)
    return redirect(cards.show(checkout)["away"])


def _page(request: HttpRequest, shown: dict[str, Any], *, status: int = 200) -> HttpResponse:
    choices = [(card, STORIES[card.failure or card.quirk] % {"seconds": cards.SLOW}) for card in cards.CARDS]
    context = {"checkout": shown, "choices": choices, "failure": FAILURES.get(shown["failure"], "")}
    return render(request, "sandbox/checkout.html", context, status=status)
