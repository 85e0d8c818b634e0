"""Verbs on the customer's judgement."""

from datetime import datetime

from kit.texts import clean_block
from kit.verbs import Actor, verb
from tickets import sla
from tickets.actions import holds
from tickets.models import Fact, Rating, Ticket
from tickets.signals import customer_acted

COMMENT_LIMIT = 2000


@verb
def rate(reference: str, *, by: Actor, at: datetime, score: int, comment: str = "") -> Rating:
    """What the customer thinks, 1 to 5; the last word counts.

    Raises Ticket.DoesNotExist, MayOnlyRead, WrongMove before it is solved, ValueError for another score.
    """
    if score not in range(1, 6):
        raise ValueError(score)
    ticket = holds.of_customer(reference, by)
    sla.record(ticket, Fact.Kind.RATED, at=at, by=by, data={"score": score})
    rating = Rating(ticket=ticket, score=score, comment=clean_block(comment, COMMENT_LIMIT), by_id=by.pk, at=at)
    columns = ["score", "comment", "by", "at"]
    Rating.objects.bulk_create([rating], update_conflicts=True, unique_fields=["ticket"], update_fields=columns)
    customer_acted.send(Ticket, ticket=ticket)
    return rating
