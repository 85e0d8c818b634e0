"""Addresses of the office, each behind the guard of those whose work it is."""

from django.urls import path

from accounts.access import duty_manager, finance, office, operations
from faces.office import health, help, home, receivables, wallboard
from kit.http import behind

urlpatterns = [
    *behind(office, [path("", home.show, name="home"), path("help/", help.show, name="help")]),
    *behind(
        finance,
        [
            path("receivables/", receivables.list_, name="receivables"),
            path("receivables/<str:reference>/", receivables.show, name="receivable"),
            path("receivables/<str:reference>/document/", receivables.download, name="receivable-document"),
        ],
    ),
    *behind(duty_manager, [path("wallboard/", wallboard.show, name="wallboard")]),
    *behind(
        operations,
        [
            path("health/", health.show, name="health"),
            path("health/notices/", health.retry, name="health-notices"),
        ],
    ),
]
