"""Verbs that tell: the row is written in the transaction of what it tells, the bell only makes it fast."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.access import sits_in
from accounts.models import User
from accounts.models.inside import Team
from kit.later import later
from kit.projection import to_json
from kit.rows import Insert, write
from kit.texts import clean_block
from kit.verbs import Actor, verb
from notifications.models import AddressedNotice, Notice
from notifications.models.inside import InsideNotice
from notifications.models.notices import NoticeRow

EVERYWHERE = (NoticeRow.Channel.INAPP, NoticeRow.Channel.MAIL)


@verb
def tell(
    recipients: Iterable[User], kind: str, payload: Any, *, about: str, at: datetime,
    channels: tuple[str, ...] = EVERYWHERE,
) -> None:  # fmt: skip
    """Tell words that an outsider may read. `payload` is a projection; `kind` is "<app>.<name>" of a template.

    `about` names the fact ("M-4K7Q9D"): telling the same fact to the same person again does nothing.
    """
    _write(Notice, recipients, kind, payload, about, at, channels)


@verb
def tell_inside(
    recipients: Iterable[User], kind: str, payload: Any, *, about: str, at: datetime,
    channels: tuple[str, ...] = EVERYWHERE,
) -> None:  # fmt: skip
    """Tell inside words to people of the house, or to a vendor's engineers. As `tell`, into the inside table."""
    _write(InsideNotice, recipients, kind, payload, about, at, channels)


@verb
def tell_inside_all(letters: Iterable[tuple[User, str, Any, str]], *, at: datetime) -> None:
    """Many inside notices in one statement: (recipient, kind, payload, about) each, on every channel."""
    write(inside(letters, at=at))


def inside(letters: Iterable[tuple[User, str, Any, str]], *, at: datetime) -> Insert:
    """As `tell_inside_all`, for a verb that writes it together with rows of its own; the bell will ring."""
    rows = [
        row for user, kind, payload, about in letters for row in _rows(InsideNotice, user, kind, payload, about, at)
    ]
    if rows:
        later("notifications.tasks.deliver")
    return Insert(rows, is_repeatable=True)


@verb
def address(
    to: str, kind: str, payload: dict[str, Any], *, language: str, zone: str, at: datetime
) -> None:  # fmt: skip
    """A mail to an address that may belong to nobody yet. `payload` is plain values; it is forgotten once sent."""
    AddressedNotice.objects.create(
        key=f"{kind}:{secrets.token_hex(16)}", kind=kind, address=to, channel=NoticeRow.Channel.MAIL,
        language=language, zone=zone, payload=_harmless(payload), made_at=at,
    )  # fmt: skip
    later("notifications.tasks.deliver")


@verb
def read(key: str, *, by: Actor, at: datetime) -> None:
    """The person has read a notice of theirs; of others' this does nothing."""
    model = InsideNotice if by.is_inside else Notice
    model.objects.visible_to(by).unread().filter(key=key).update(read_at=at)


@verb
def read_all(*, by: Actor, at: datetime) -> int:
    """The person has read everything told so far. Returns how many were new."""
    model = InsideNotice if by.is_inside else Notice
    return model.objects.visible_to(by).unread().update(read_at=at)


@verb
def retry(key: str, *, by: Actor) -> None:
    """Try a dead notice again from its first attempt. Only operations and duty managers may.

    Raises Notice.DoesNotExist when nothing dead has this key, or `by` may not.
    """
    if not sits_in(by, Team.Kind.OPERATIONS, Team.Kind.DUTY_MANAGER):
        raise Notice.DoesNotExist
    again = {"state": NoticeRow.State.PENDING, "attempts": 0, "lease_until": None, "error": ""}
    kinds = (Notice, InsideNotice, AddressedNotice)
    if not sum(model.objects.filter(key=key).dead().update(**again) for model in kinds):
        raise Notice.DoesNotExist
    later("notifications.tasks.deliver")


def _write(
    model: type[NoticeRow], recipients: Iterable[User], kind: str, payload: Any, about: str, at: datetime,
    channels: tuple[str, ...],
) -> None:  # fmt: skip
    rows = [row for user in recipients for row in _rows(model, user, kind, payload, about, at, channels)]
    _insert(model, rows)


def _rows(
    model: type[NoticeRow], user: User, kind: str, payload: Any, about: str, at: datetime,
    channels: tuple[str, ...] = EVERYWHERE,
) -> list[NoticeRow]:  # fmt: skip
    stands_already = NoticeRow.Channel.INAPP
    return [
        model(
            key=f"{kind}:{about}:{user.pk}:{channel}", kind=kind, recipient=user, channel=channel,
            language=user.language, zone=user.timezone, payload=_harmless(to_json(payload)), made_at=at,
            state=NoticeRow.State.SENT if channel == stands_already else NoticeRow.State.PENDING,
            sent_at=at if channel == stands_already else None,
        )
        for channel in channels
    ]  # fmt: skip


def _harmless(value: Any) -> Any:
    """Words of people without NUL, lone surrogates and controls: JSON columns refuse some, readers see none."""
    if isinstance(value, str):
        return clean_block(value)
    if isinstance(value, dict):
        return {name: _harmless(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_harmless(part) for part in value]
    return value


def _insert(model: type[NoticeRow], rows: list[NoticeRow]) -> None:
    if rows:
        model.objects.bulk_create(rows, ignore_conflicts=True)
        later("notifications.tasks.deliver")
