"""Addresses of the workshop, all behind one guard: R&D, and nobody else."""

from django.urls import path

from accounts.access import researcher
from faces.workshop import help, inbox, investigations, notices
from kit.http import behind
from kit.limits import limited

urlpatterns = behind(
    researcher,
    [
        path("", limited("searching", inbox.show, read=True), name="inbox"),
        path("help/", help.show, name="help"),
        path("notices/", notices.show, name="notices"),
        path("notices/reading/", notices.read_all, name="notices-reading"),
        path("investigations/<slug:reference>/", investigations.show, name="investigation"),
        path("investigations/<slug:reference>/owner/", investigations.take, name="investigation-owner"),
        path("investigations/<slug:reference>/remarks/", investigations.remark, name="investigation-remarks"),
        path("investigations/<slug:reference>/finding/", investigations.publish, name="investigation-finding"),
        path("investigations/<slug:reference>/group/", investigations.pass_on, name="investigation-group"),
    ],
)
