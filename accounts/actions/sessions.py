"""Verbs on sessions. An ended session is no sign-in any more, from the next request on."""

from datetime import datetime

from allauth.usersessions.models import UserSession

from accounts.models import User
from accounts.sessions import handle
from kit.verbs import verb

AGENT_LIMIT = 200


@verb
def note(session_key: str, *, user_id: int, address: str, agent: str, at: datetime) -> None:
    """The session was used just now, from there."""
    seen = {"ip": address, "user_agent": agent[:AGENT_LIMIT], "last_seen_at": at}
    if not UserSession.objects.filter(session_key=session_key, user_id=user_id).update(**seen):
        UserSession.objects.update_or_create(session_key=session_key, defaults={**seen, "user_id": user_id})


@verb
def end(which: str, *, by: User) -> bool:
    """End the session of `by` that `which` names. False when there is none such (any more)."""
    found = [row for row in UserSession.objects.filter(user=by) if handle(row.session_key) == which]
    for row in found:
        row.end()
    return bool(found)


@verb
def end_others(current: str | None, *, by: User) -> int:
    """End all sessions of `by` but this one. Returns how many there were."""
    return _end(UserSession.objects.filter(user=by).exclude(session_key=current or ""))


@verb
def end_all(of: User) -> int:
    """End every session of a person, who has been closed out."""
    return _end(UserSession.objects.filter(user=of))


def _end(rows: object) -> int:
    sessions = list(rows)  # type: ignore[call-overload]
    for row in sessions:
        row.end()
    return len(sessions)
