"""Where somebody is signed in: each session with its device, its address and when it was last used."""

import re
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from kit.projection import projection

BROWSERS = (
    (r"MicroMessenger/", "WeChat"), (r"DingTalk/", "DingTalk"), (r"Edg\w*/", "Edge"), (r"OPR/", "Opera"),
    (r"Firefox/|FxiOS/", "Firefox"), (r"Chrome/|CriOS/|Chromium/", "Chrome"), (r"Version/.*Safari/", "Safari"),
    (r"curl/|python|Go-http", "a program"),
)  # fmt: skip
SYSTEMS = (
    (r"iPhone|iPad", "iOS"), (r"Android", "Android"), (r"HarmonyOS", "HarmonyOS"), (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"), (r"CrOS", "ChromeOS"), (r"Linux|X11", "Linux"),
)  # fmt: skip
"""The first pattern that is found in the user agent names it; the order is from the special to the common."""


@projection
class SessionLine:
    """One place. `handle` names it in a form and opens nothing."""

    handle: str
    device: str
    is_small: bool
    address: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def lines(user: User, current: str | None) -> tuple[SessionLine, ...]:
    """The sessions that are still good, this one first, then by last use. `current` is this session's key."""
    rows = UserSession.objects.purge_and_list(user)
    rows.sort(key=lambda row: (row.session_key != current, -row.last_seen_at.timestamp()))
    return tuple(
        SessionLine(
            handle=handle(row.session_key), device=device(row.user_agent),
            is_small=bool(re.search("Mobi|Android|iPhone|iPad", row.user_agent)), address=row.ip,
            began_at=row.created_at, seen_at=row.last_seen_at, is_this=row.session_key == current,
        )
        for row in rows
    )  # fmt: skip


def handle(session_key: str) -> str:
    """Says which session is meant, without saying its key."""
    return salted_hmac("accounts.session", session_key).hexdigest()[:20]


def device(agent: str) -> str:
    """ "Firefox on Linux" of a user agent, or that it is not known."""
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown device")


def _first(patterns: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for pattern, name in patterns if re.search(pattern, agent)), "")
