"""What the card company tells us: checked by its signature, kept once, answered at once. It is handled elsewhere."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from billing.actions import inbox
from kit.verbs import Refused

RAIL = "sandbox"
HEADER = "Sandbox-Signature"
TOLERANCE = 300
"""Seconds by which the moment of a signature may differ from ours, to either side."""


class NotSigned(Refused):
    """The event cannot be told from one that anybody wrote."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(_("The signature does not hold."))


def take_in(body: bytes, signature: str, *, at: datetime) -> bool:
    """Keep an event; whether it is a new one. Raises NotSigned, also where no secret is set."""
    _check(body, signature, at)
    try:
        told = json.loads(body)
        return inbox.keep(
            RAIL, event=_word(told["id"]), kind=_word(told["type"]), thing=_word(told["object"]["id"]),
            body=body.decode(), created_at=datetime.fromtimestamp(int(told["created"]), UTC), at=at,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise NotSigned(f"unreadable: {error!r}") from error


def sign(body: bytes, secret: str, moment: int) -> str:
    """The signature of `body` at a Unix time."""
    return hmac.new(secret.encode(), b"%d." % moment + body, hashlib.sha256).hexdigest()


def _check(body: bytes, signature: str, at: datetime) -> None:
    """`t=<Unix time>,v1=<hex>[,v1=<hex>]`: one of them by one of our secrets (two while they are being changed)."""
    if not (secrets := [secret for secret in settings.CARD_SECRETS if secret]):
        raise NotSigned("no secret is set")
    parts = [part.partition("=")[::2] for part in signature.split(",")]
    moments = [value for name, value in parts if name == "t"]
    if len(moments) != 1 or not (moments[0].isascii() and moments[0].isdecimal() and len(moments[0]) < 12):
        raise NotSigned("no moment")
    if abs(int(at.timestamp()) - int(moments[0])) > TOLERANCE:
        raise NotSigned("another hour")
    offered = [value for name, value in parts if name == "v1" and value.isascii()]
    wanted = [sign(body, secret, int(moments[0])) for secret in secrets]
    if not any(hmac.compare_digest(one, other) for one in offered for other in wanted):
        raise NotSigned("another secret")


def _word(value: object) -> str:
    if not isinstance(value, str) or not (0 < len(value) <= 80 and value.isascii() and value.isprintable()):
        raise ValueError(f"no word: {value!r:.80}")
    return value
