"""The moves of a ticket: (from, fact, to, who may). A stored state is the end of this path over the ticket's facts."""

from django.utils.translation import gettext as _

from kit.verbs import Refused

BEFORE = ""
"""The state of a ticket that is not yet there."""
OPEN, WAITING, SOLVED, CLOSED = "open", "waiting", "solved", "closed"
CUSTOMER, DESK, TIME = "customer", "desk", "time"

TRANSITIONS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (BEFORE, "opened", OPEN, (CUSTOMER,)),
    (OPEN, "customer_message", OPEN, (CUSTOMER,)),
    (WAITING, "customer_message", OPEN, (CUSTOMER,)),
    (WAITING, "answered", OPEN, (CUSTOMER,)),
    (OPEN, "public_reply", OPEN, (DESK,)),
    (WAITING, "public_reply", WAITING, (DESK,)),
    (SOLVED, "public_reply", SOLVED, (DESK,)),
    (OPEN, "asked", WAITING, (DESK,)),
    (WAITING, "asked", WAITING, (DESK,)),
    (OPEN, "set_aside", OPEN, (DESK,)),
    (WAITING, "set_aside", WAITING, (DESK,)),
    (OPEN, "severity", OPEN, (CUSTOMER, DESK)),
    (WAITING, "severity", WAITING, (CUSTOMER, DESK)),
    (OPEN, "calendar", OPEN, (TIME,)),
    (WAITING, "calendar", WAITING, (TIME,)),
    (OPEN, "urged", OPEN, (CUSTOMER,)),
    (OPEN, "solved", SOLVED, (DESK,)),
    (WAITING, "solved", SOLVED, (DESK, TIME)),
    (SOLVED, "reopened", OPEN, (CUSTOMER,)),
    (CLOSED, "reopened", OPEN, (CUSTOMER,)),
    (SOLVED, "rated", SOLVED, (CUSTOMER,)),
    (CLOSED, "rated", CLOSED, (CUSTOMER,)),
    (OPEN, "closed", CLOSED, (CUSTOMER,)),
    (WAITING, "closed", CLOSED, (CUSTOMER,)),
    (SOLVED, "closed", CLOSED, (CUSTOMER, TIME)),
)
_TO = {(start, fact): end for start, fact, end, _roles in TRANSITIONS}


class WrongMove(Refused):
    """What was asked cannot be done to a ticket in this state."""

    def __init__(self, state: str, fact: str) -> None:
        self.state, self.fact = state, fact
        reasons = {
            SOLVED: _("The ticket is solved. Write an answer to open it again."),
            CLOSED: _("The ticket is closed."),
            WAITING: _("We are waiting for your answer."),
        }
        super().__init__(reasons.get(state, _("This cannot be done now.")))


def after(state: str, fact: str) -> str:
    """The state after one more fact. Raises WrongMove where no row of the table allows it."""
    try:
        return _TO[state, fact]
    except KeyError:
        raise WrongMove(state, fact) from None


def allows(state: str, fact: str) -> bool:
    """Whether the table has a row for it."""
    return (state, fact) in _TO
