"""Delivery: claim in a transaction, call outside of any, record in a transaction (DESIGN 3).

At least once outside, exactly once in our books. A lease that ran out means that a process died with the notice in
its hands: it is sent again under the same Message-ID.
"""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kit import leases
from kit.texts import clean_line
from notifications.channels import Failed, inapp, mail
from notifications.disclosure import letter
from notifications.models import AddressedNotice, Notice
from notifications.models.inside import InsideNotice
from notifications.models.notices import NoticeRow

log = logging.getLogger(__name__)

CHANNELS = {NoticeRow.Channel.INAPP: inapp, NoticeRow.Channel.MAIL: mail}
LEASE_SECONDS = 180
LAST_CALL_SECONDS = 60
"""No call begins later than this after the claim, so that even a slow server answers within the lease."""
LAST_ATTEMPT = 8


def deliver(*, limit: int = 50) -> int:
    """Send up to `limit` pending notices of each kind, somebody who waits at a sign-in first. Returns how many left."""
    return sum(_deliver(model, limit) for model in (AddressedNotice, Notice, InsideNotice))


def _deliver(model: type[NoticeRow], limit: int) -> int:
    pending = model.objects.pending().with_reader().order_by("pk")
    sent, claimed_at = 0, time.monotonic()
    claimed = leases.claim(pending, limit=limit, seconds=LEASE_SECONDS)
    for number, notice in enumerate(claimed):
        if time.monotonic() - claimed_at > LAST_CALL_SECONDS:
            _hand_back(claimed[number:])
            break
        try:
            CHANNELS[NoticeRow.Channel(notice.channel)].send(letter(notice))
        except Failed as error:
            _put_back(notice, str(error))
        except Exception as error:  # a notice that cannot even be rendered must not stop the others
            log.exception("notice %s cannot be rendered", notice.key)
            _put_back(notice, f"{type(error).__name__}: {error}")
        else:
            sent += _record(notice)
    return sent


def _hand_back(notices: Sequence[NoticeRow]) -> None:
    """Free at once, without having been tried."""
    for notice in notices:
        type(notice).objects.filter(leases.holds(notice)).update(lease_until=None)


def _record(notice: NoticeRow) -> int:
    return (
        type(notice)
        .objects.filter(leases.holds(notice))
        .update(
            state=NoticeRow.State.SENT,
            sent_at=timezone.now(),
            attempts=notice.attempts + 1,
            lease_until=None,
            error="",
            **notice.forgotten(),
        )
    )


def _put_back(notice: NoticeRow, error: str) -> None:
    """Free again after 2, 4, 8 ... minutes by the database's clock; dead, and visible, after the last attempt."""
    attempts = notice.attempts + 1
    is_last = attempts >= LAST_ATTEMPT
    with transaction.atomic():
        type(notice).objects.filter(leases.holds(notice)).update(
            state=NoticeRow.State.DEAD if is_last else NoticeRow.State.PENDING,
            attempts=attempts,
            error=clean_line(error, 300),
            lease_until=None if is_last else leases.clock() + timedelta(minutes=2**attempts),
        )
