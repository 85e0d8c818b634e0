"""What leaves notifications: a letter for a channel, and a line for the person's own pages."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from kit.projection import projection
from kit.texts import clean_block, clean_line
from kit.verbs import Actor
from notifications.models import Notice
from notifications.models.notices import NoticeRow


@projection
class Letter:
    """One notice, rendered for one person in that person's language and zone."""

    address: str
    language: str
    subject: str
    body: str
    message_id: str
    written_at: datetime


@projection
class NoticeLine:
    """One notice as it stands on the person's pages. `link` is a path of this site, or empty."""

    key: str
    subject: str
    link: str
    made_at: datetime
    is_read: bool


def letter(notice: NoticeRow) -> Letter:
    """Render `templates/notices/<app>/<kind>/` from the payload alone, in the recipient's language and zone."""
    with translation.override(notice.language), timezone.override(ZoneInfo(notice.zone)):
        return Letter(
            address=notice.to,
            language=notice.language,
            subject=clean_line(_render(notice, "subject"), 200),
            body=clean_block(_render(notice, "body"), 50_000),
            message_id=notice.message_id,
            written_at=notice.made_at,
        )


def recent(reader: Actor, *, limit: int = 50) -> tuple[NoticeLine, ...]:
    """What an outsider was told, the newest first."""
    return lines(Notice.objects.visible_to(reader).on_page()[:limit])


def lines(notices: Iterable[NoticeRow]) -> tuple[NoticeLine, ...]:
    """In the order given, each in the words of its own template and in the language of the page."""
    return tuple(
        NoticeLine(
            key=notice.key,
            subject=clean_line(_render(notice, "subject"), 200),
            link=str(notice.payload.get("link", "")),
            made_at=notice.made_at,
            is_read=notice.read_at is not None,
        )
        for notice in notices
    )


def _render(notice: NoticeRow, part: str) -> str:
    app, kind = notice.kind.split(".", 1)
    context: Mapping[str, Any] = {**_with_moments(notice.payload), "site": settings.SITE_URL}
    return render_to_string(f"notices/{app}/{kind}/{part}.txt", dict(context)).strip()


def _with_moments(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Moments travel in JSON as ISO 8601 under names that end in `_at`; templates get datetimes again."""
    return {
        name: datetime.fromisoformat(value) if name.endswith("_at") and isinstance(value, str) else value
        for name, value in payload.items()
    }
