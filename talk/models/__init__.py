"""Tables of talk: what was said."""

from talk.models import inside as inside
from talk.models.threads import Attachment, Message, Thread

__all__ = ["Attachment", "Message", "Thread"]
