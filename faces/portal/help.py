"""How this works, for customers: what stands where, how their own promise is counted, and what they may press."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from faces.portal.asking import Request
from kit.pages import show as show_page
from tickets import disclosure


@require_safe
def show(request: Request) -> HttpResponse:
    """The page, with what each severity would be promised now under the reader's first plan."""
    at, viewer = timezone.now(), request.viewer
    plan = next(iter(disclosure.filing_choices(viewer, at).plans), None)
    outlooks = plan and tuple(
        disclosure.outlook(viewer, at, organization=plan.organization, entitlement=plan.reference, severity=severity)
        for severity in plan.severities
    )
    return show_page(request, "portal/help/show.html", {"now": at, "plan": plan, "outlooks": outlooks})
