"""Addresses of the world outside. `config.urls` puts them behind the guard that lets anyone in."""

from django.urls import path

from sandbox import pages

urlpatterns = [
    path("checkouts/<slug:checkout>/", pages.checkout, name="checkout"),
    path("checkouts/<slug:checkout>/bank/", pages.answer_bank, name="checkout-bank"),
    path("checkouts/<slug:checkout>/leaving/", pages.leave, name="checkout-leaving"),
]
