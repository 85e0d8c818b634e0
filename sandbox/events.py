"""What the card company tells: signed, delivered by HTTP until somebody says 200, for three days."""

import hashlib
import hmac
import logging
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

from django.conf import settings

from sandbox import cards

log = logging.getLogger(__name__)

Post = Callable[[str, bytes, Mapping[str, str]], int]
TRIES_FOR = 3 * 24 * 3600
CLAIM = 30
"""Seconds for which an event that is being delivered is nobody else's."""
LONGEST_PAUSE = 3600


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status with which the seller answered; 0 when it did not."""
    request = urllib.request.Request(url, body, dict(headers), method="POST")  # noqa: S310  (its own setting)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def deliver(post: Post = post, *, limit: int = 20) -> int:
    """Deliver events that are due, oldest first. Returns how many were taken."""
    delivered = 0
    for number, body, attempts in _claim(limit):
        status = post(settings.SANDBOX_EVENTS_URL, body, _headers(body))
        delivered += 200 <= status < 300
        _record(number, attempts + 1, is_done=200 <= status < 300)
        if not 200 <= status < 300:
            log.warning("event %s was not taken: %s", number, status or "no answer")
    return delivered


def _claim(limit: int) -> list[tuple[int, bytes, int]]:
    now = int(time.time())
    with cards.books() as file:
        rows = file.execute(
            "SELECT * FROM events WHERE done = 0 AND due <= ? ORDER BY due, n LIMIT ?", [now, limit]
        ).fetchall()
        file.executemany("UPDATE events SET due = ? WHERE n = ?", [[now + CLAIM, row["n"]] for row in rows])
    return [(row["n"], row["body"].encode(), row["attempts"]) for row in rows]


def _record(number: int, attempts: int, *, is_done: bool) -> None:
    pause = min(2**attempts, LONGEST_PAUSE)
    given_up = not is_done and attempts * LONGEST_PAUSE > TRIES_FOR
    with cards.books() as file:
        file.execute(
            "UPDATE events SET done = ?, attempts = ?, due = ? WHERE n = ?",
            [int(is_done or given_up), attempts, int(time.time()) + pause, number],
        )


def _headers(body: bytes) -> dict[str, str]:
    moment = int(time.time())
    signed = hmac.new(settings.CARD_SECRETS[0].encode(), b"%d." % moment + body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "Sandbox-Signature": f"t={moment},v1={signed}"}
