"""Addresses of the demo: only from this machine, only in the embedded default."""

from django.urls import path

from demo import pages
from demo.guard import from_this_machine
from kit.http import behind

urlpatterns = behind(
    from_this_machine,
    [
        path("", pages.people, name="people"),
        path("people/<slug:key>/", pages.sign_in, name="sign-in"),
        path("outbox/", pages.mails, name="outbox"),
        path("look/", pages.look, name="look"),
    ],
)
