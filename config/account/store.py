"""Where sessions are kept: Django's own table, asked by a question that is compiled once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from kit.questions import Question, when, word

_LIVE: Question[Session] = Question(
    lambda: Session.objects.filter(session_key=word("key"), expire_date__gt=when("now"))
)


class SessionStore(db.SessionStore):
    """Every page of somebody signed in begins with this."""

    def _get_session_from_db(self) -> Session | None:
        found = _LIVE.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
