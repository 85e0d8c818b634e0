"""Addresses of the office, each behind the guard of those whose work it is."""

from django.urls import path

from accounts.access import duty_manager, finance, office, operations, people_office
from faces.office import calendars, health, help, home, people, policies, receivables, schedules, wallboard
from kit.http import behind
from kit.limits import limited

urlpatterns = [
    *behind(office, [path("", home.show, name="home"), path("help/", help.show, name="help")]),
    *behind(
        finance,
        [
            path("receivables/", limited("searching", receivables.list_, read=True), name="receivables"),
            path("receivables/<str:reference>/", receivables.show, name="receivable"),
            path("receivables/<str:reference>/document/", receivables.download, name="receivable-document"),
        ],
    ),
    *behind(
        people_office,
        [
            path("people/", limited("inviting", people.list_), name="people"),
            path("people/<int:person>/", people.show, name="person"),
            path("people/<int:person>/closure/", people.close, name="person-closure"),
            path("people/<int:person>/factor/", people.reset_factor, name="person-factor"),
            path("people/invitations/<slug:reference>/", people.answer_invitation, name="person-invitation"),
        ],
    ),
    *behind(
        duty_manager,
        [
            path("wallboard/", wallboard.show, name="wallboard"),
            path("policies/", policies.list_, name="policies"),
            path("policies/new/", policies.new, name="policy-new"),
            path("policies/<slug:code>/", policies.show, name="policy"),
            path("calendars/", calendars.list_, name="calendars"),
            path("calendars/new/", calendars.begin, name="calendar-new"),
            path("calendars/<slug:code>/", calendars.show, name="calendar"),
            path("calendars/<slug:code>/edition/", calendars.edit, name="calendar-edit"),
            path("schedules/<slug:code>/", schedules.show, name="schedule"),
        ],
    ),
    *behind(
        operations,
        [
            path("health/", health.show, name="health"),
            path("health/notices/", health.retry, name="health-notices"),
            path("health/events/", health.look_again, name="health-events"),
        ],
    ),
]
