"""Addresses for programs: what they fetch without a secret, and what they post with one of their own."""

from django.urls import path

from accounts.access import anyone
from faces.machines import payments, plans
from kit.http import behind
from kit.limits import signed

urlpatterns = behind(
    anyone,
    [
        path("plans/", plans.list_, name="plans"),
        path("payments/<slug:rail>/events/", signed(payments.take_in), name="payment-events"),
    ],
)
