"""The door for card companies: what is signed is kept and answered at once, everything else learns nothing."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.models import ProviderEvent
from kit.sides import Side
from tests.box import EVENTS, box, signed  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.usefixtures("box"), pytest.mark.django_db]
TOLD = {"id": "ev_1", "type": "checkout.paid", "created": 1_795_500_000, "object": {"id": "co_1"}}


@pytest.fixture
def post(client, settings):
    settings.CARD_SECRETS = ["whsec"]

    def send(body=None, signature="", address=EVENTS):
        if body is None:
            body, signature = signed(TOLD, timezone.now(), secret="whsec")
        headers = {"Sandbox-Signature": signature} if signature else {}
        return client.post(address, body, content_type="application/json", headers=headers)

    return send


def test_a_signed_event_is_answered_at_once_and_again(post):
    assert [post().status_code, post().status_code] == [200, 200]
    assert ProviderEvent.objects.get().state == "received"


def test_a_zone_with_outside_faces_only_can_keep_it(post):
    """Its role of the database may not even read inside tables (`manage.py grants`)."""
    inside = [one._meta.db_table for one in apps.get_models() if getattr(one, "side", Side.PUBLIC) > Side.PUBLIC]
    with CaptureQueriesContext(connection) as asked:
        assert post().status_code == 200
    said = " ".join(one["sql"] for one in asked.captured_queries)
    assert '"billing_providerevent"' in said and [table for table in inside if f'"{table}"' in said] == []


@pytest.mark.parametrize("signature", ["", "t=1,v1=00", "nonsense", "t=\udcff"])
def test_whatever_is_wrong_the_answer_is_the_same(post, signature):
    answers = [post(body, signature) for body in (b"", b"{}", b"\x00", b"[" * 5000)]
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (400, b'{"error": "The signature does not hold."}')
    }
    assert not ProviderEvent.objects.exists()


def test_a_body_that_is_too_long_is_not_read(post):
    body, signature = signed({**TOLD, "more": "x" * 70_000}, timezone.now(), secret="whsec")
    assert post(body, signature).status_code == 400


def test_a_rail_that_is_not_open_here_has_no_door(post, settings):
    assert post(address="/machines/payments/stripe/events/").status_code == 404
    settings.CARD_RAIL = ""
    assert post().status_code == 404


def test_it_is_only_posted_to(client):
    assert client.get(EVENTS).status_code == 405


def test_a_busy_company_is_not_kept_out_by_the_limit_of_forms(post, settings):
    settings.LIMITS_ON, settings.LIMITS = True, {"forms": (1, 3600), "reading": (1, 3600)}
    assert [post().status_code for _ in range(4)] == [200] * 4
