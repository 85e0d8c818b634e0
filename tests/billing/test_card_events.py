"""What card companies post: only what is signed, only of this hour, kept once, parked when it is about nothing ours."""

from datetime import timedelta

import pytest

from billing import rails
from billing.models import ProviderEvent
from billing.rails.sandbox import arrive
from tests.box import box, handle, let_go, signed  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.usefixtures("box"), pytest.mark.django_db]
SECRET, OLD = "whsec of today", "whsec of yesterday"
TOLD = {"id": "ev_1", "type": "checkout.paid", "created": 1_795_500_000, "object": {"id": "co_1"}}


@pytest.fixture(autouse=True)
def secrets(settings) -> None:
    settings.CARD_SECRETS = [SECRET]


def take_in(at, *, told=TOLD, secret=SECRET, shift=0) -> bool:
    return arrive.take_in(*signed(told, at, secret=secret, shift=shift), at=at)


def test_a_signed_event_is_kept_raw(now):
    assert take_in(now)
    event = ProviderEvent.objects.get()
    assert (event.event, event.kind, event.thing, event.state) == ("ev_1", "checkout.paid", "co_1", "received")
    assert '"ev_1"' in event.body


def test_the_same_event_is_kept_once(now):
    assert [take_in(now), take_in(now)] == [True, False]
    assert ProviderEvent.objects.count() == 1


@pytest.mark.parametrize("shift", [-300, 300])
def test_a_moment_within_five_minutes_holds(now, shift):
    assert take_in(now, shift=shift)


@pytest.mark.parametrize("shift", [-301, 301, 4000, -86_400])
def test_a_moment_of_another_hour_does_not_hold_past_or_future(now, shift):
    with pytest.raises(arrive.NotSigned, match="signature"):
        take_in(now, shift=shift)


def test_another_secret_does_not_hold(now):
    with pytest.raises(arrive.NotSigned):
        take_in(now, secret=OLD)


def test_while_secrets_change_both_hold(now, settings):
    settings.CARD_SECRETS = [SECRET, OLD]
    assert take_in(now, secret=OLD)


@pytest.mark.parametrize("none", [[], [""]])
def test_without_a_secret_nothing_is_taken_not_even_what_the_empty_one_signs(now, settings, none):
    settings.CARD_SECRETS = none
    with pytest.raises(arrive.NotSigned):
        take_in(now, secret="")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=",
        "v1=00",
        "t=1e9,v1=00",
        "t=１７,v1=00",
        "t=-5,v1=00",
        "t=99999999999999999999,v1=0",
        "t=1,t=2,v1=0",
        "é=é",
    ],
)
def test_a_header_that_is_no_signature_does_not_hold(now, header):
    with pytest.raises(arrive.NotSigned):
        arrive.take_in(b"{}", header, at=now)


def test_what_was_changed_on_the_way_does_not_hold(now):
    body, signature = signed(TOLD, now, secret=SECRET)
    with pytest.raises(arrive.NotSigned):
        arrive.take_in(body.replace(b"co_1", b"co_2"), signature, at=now)


@pytest.mark.parametrize(
    "told",
    [[], {}, {**TOLD, "id": ""}, {**TOLD, "id": 7}, {**TOLD, "id": "x" * 81}, {**TOLD, "object": None},
     {**TOLD, "created": 10**30}, {**TOLD, "type": "a\x00b"}, {**TOLD, "object": {"id": "\ud800"}}],
)  # fmt: skip
def test_a_signed_body_that_is_no_event_is_refused_and_breaks_nothing(now, told):
    with pytest.raises(arrive.NotSigned):
        take_in(now, told=told)
    assert not ProviderEvent.objects.exists()


def test_an_event_about_nothing_of_ours_is_parked_and_at_last_left_to_a_person(now):
    take_in(now)
    handle(now)
    event = ProviderEvent.objects.get()
    assert (event.state, event.note, event.attempts) == ("parked", "nothing of ours", 1)
    assert handle(now) == 0, "a parked event rests before it is looked at again"
    let_go()
    handle(now + timedelta(days=3, seconds=1))
    event.refresh_from_db()
    assert (event.state, event.attempts) == ("dead", 2)


def test_a_bell_handles_its_own_event_only(now):
    for number in (1, 2):
        take_in(now, told={**TOLD, "id": f"ev_{number}"})
    first = ProviderEvent.objects.earliest("pk")
    assert rails.handle_events(at=now, only=first.pk) == 1
    assert list(ProviderEvent.objects.order_by("pk").values_list("state", flat=True)) == ["parked", "received"]
