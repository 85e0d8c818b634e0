"""Addresses of the storefront, all open to anyone."""

from django.urls import path

from accounts.access import anyone
from faces.storefront import help, home, plans
from kit.http import behind

urlpatterns = behind(
    anyone,
    [
        path("", home.show, name="home"),
        path("plans/", plans.show, name="plans"),
        path("help/", help.show, name="help"),
    ],
)
