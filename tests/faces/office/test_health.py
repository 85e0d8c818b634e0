"""The health page of operations."""

import pytest

from billing.models import ProviderEvent
from config.engine.models import Beat
from config.engine.rounds import rounds
from kit import leases
from notifications.models.inside import InsideNotice
from tests.notifications.test_delivery import tell


def page(client, who) -> str:
    client.force_login(who)
    response = client.get("/office/health/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_part_that_never_ran_is_told(client, otto):
    assert "desk.tasks.sweep_pool" in page(client, otto) and "never ran" in page(client, otto)


def test_a_part_that_ran_just_now_is_well(otto):
    Beat.objects.create(name="desk.tasks.sweep_pool", beat_at=leases.clock(), took_ms=12)
    (pool,) = [one for one in rounds() if one.name == "desk.tasks.sweep_pool"]
    assert pool.is_well and pool.age in (0, 1)


def test_what_the_auditor_found_stands_there(client, otto):
    Beat.objects.create(name="audit", beat_at=leases.clock(), error="one_live_offer: 1 (T-4K7Q9D)")
    assert "one_live_offer: 1 (T-4K7Q9D)" in page(client, otto)


def test_a_dead_letter_stands_there_and_can_be_tried_again(client, otto, ravi, now):
    tell(ravi, now)
    InsideNotice.objects.update(state="dead", attempts=8, error="451 come back later")
    html = page(client, otto)
    assert "451 come back later" in html and ravi.email in html
    assert client.post("/office/health/notices/", {"key": InsideNotice.objects.get().key}).status_code == 302
    assert (InsideNotice.objects.get().state, InsideNotice.objects.get().attempts) == ("pending", 0)


def test_what_is_not_dead_cannot_be_tried_again(client, otto, ravi, now):
    tell(ravi, now)
    client.force_login(otto)
    assert client.post("/office/health/notices/", {"key": InsideNotice.objects.get().key}).status_code == 404


@pytest.mark.parametrize("key", ["otto", "dora"])
def test_operations_and_duty_managers_see_it(request, client, key):
    page(client, request.getfixturevalue(key))


@pytest.mark.parametrize("key", ["nina", "omar", "fang", "ravi"])
def test_nobody_else_sees_it(request, client, key):
    client.force_login(request.getfixturevalue(key))
    assert client.get("/office/health/").status_code == 404


def test_an_event_of_a_card_company_that_was_given_up_can_be_looked_at_again(client, otto, omar, now):
    event = ProviderEvent.objects.create(
        rail="sandbox", event="evt_1", kind="payment.captured", thing="pay_1", body="{}", created_at=now,
        received_at=now, state="dead", note="nothing of ours", attempts=9,
    )  # fmt: skip
    html = page(client, otto)
    assert "pay_1" in html and "nothing of ours" in html
    assert client.post("/office/health/events/", {"event": event.pk}).status_code == 302
    assert ProviderEvent.objects.get().state == "received"
    assert client.post("/office/health/events/", {"event": "x"}).status_code == 404
