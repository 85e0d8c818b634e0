"""When people do not act: the next engineer is asked, and a broken promise reaches who manages duty."""

import pytest

from tests.infra.processes import until
from tests.journeys import steps
from tests.journeys.house import House
from tests.journeys.person import Person
from tests.journeys.steps import Comes

pytestmark = pytest.mark.browser
SUBJECT = "Console answers 502 since the gateway restarted"

ROOM = """
from duty.models.inside import Engineer
Engineer.objects.filter(cap__gt=0).update(cap=20)
"""
"""Whatever others filed in this house before, the next engineer has a place free."""
RUN_OUT = """
from datetime import timedelta
from django.utils import timezone
from desk.models import Offer
Offer.objects.filter(state="live", work__ticket__reference="{0}").update(
    acknowledge_by=timezone.now() - timedelta(seconds=1))
"""
"""The moment until which to acknowledge has passed: timers are rows."""
THREE_HOURS_LATER = """
from datetime import timedelta
from django.db.models import F
from desk.models import Work
from tickets.models import Clock, Fact, Ticket
ago = timedelta(hours=3)
mine = Ticket.objects.filter(reference="{0}")
Fact.objects.filter(ticket__in=mine).update(at=F("at") - ago)
Clock.objects.filter(ticket__in=mine).update(
    started_at=F("started_at") - ago, due_at=F("due_at") - ago, fires_at=F("fires_at") - ago)
Work.objects.filter(ticket__in=mine).update(due_at=F("due_at") - ago, waiting_since=F("waiting_since") - ago)
mine.update(opened_at=F("opened_at") - ago, last_said_at=F("last_said_at") - ago)
"""
"""The same ticket, filed three hours earlier; its first answer was promised within two."""


def test_an_offer_that_nobody_takes_goes_on_and_a_broken_promise_is_seen(house: House, comes: Comes):
    house.shell(ROOM)
    nina = comes("nina").signs_in()
    reference = steps.files(nina, SUBJECT)
    first = steps.asked(SUBJECT, comes)
    first.picture("the first one is asked")
    house.shell(RUN_OUT.format(reference))
    second = steps.asked(SUBJECT, comes, but=first.cast.key)
    second.picture("the next one is asked")
    house.shell(THREE_HOURS_LATER.format(reference))
    dora = comes("dora").signs_in()
    dora.goes("/office/wallboard/")
    dora.sees(SUBJECT)
    dora.page.locator(".board-lines .countdown.is-broken").first.wait_for()
    dora.picture("wallboard")
    until(lambda: is_told(dora, reference), 30)
    dora.picture("notice")
    nina.goes(f"/portal/tickets/{reference}/")
    nina.picture("what the customer sees")
    assert first.cast.name not in nina.page.content() and second.cast.name not in nina.page.content()


def is_told(who: Person, reference: str) -> bool:
    """Whether a notice about the ticket stands on the page now; the sweep that writes it comes every two seconds."""
    who.goes("/desk/notices/")
    return reference in who.page.content()
