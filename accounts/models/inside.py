"""Teams of the house, who sits in them, who is invited into them, and what was done to the people of the house."""

from django.db import models

from accounts.models.acts import ActRow
from accounts.models.invitations import WAITING, InvitationRow
from kit.references import ReferenceField
from kit.sides import Side


class Team(models.Model):
    """A team of the house. R&D has a group for each product; `topic` is that product's slug."""

    class Kind(models.TextChoices):
        TIER_1 = "tier_1"
        """Desk, first line: known matters."""
        TIER_2 = "tier_2"
        """Desk, second line: reproduces, fixes by configuration."""
        RND = "rnd"
        """Research and development, behind the wall."""
        DUTY_MANAGER = "duty_manager"
        """Rosters, breaches, gaps, disputes of severity."""
        SALES = "sales"
        """Pre-sales and after-sales."""
        FINANCE = "finance"
        """Invoices, payments, payouts, books."""
        MODERATION = "moderation"
        """Vendors, listings, reviews."""
        OPERATIONS = "operations"
        """Health, settings, audit."""

    side = Side.DESK
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=80, unique=True)
    name_zh = models.CharField(max_length=80, blank=True)
    topic = models.SlugField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """An inside person in a team. Triggers in both databases refuse outside people."""

    side = Side.DESK
    team = models.ForeignKey(Team, models.PROTECT, related_name="seats")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_seat_a_person")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"


class TeamInvitation(InvitationRow):
    """Into a team of the house. Whoever accepts it becomes a person of the house, for ever on this side."""

    side = Side.DESK
    reference = ReferenceField(prefix="K")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "address"],
                condition=WAITING,
                name="one_waiting_team_invitation",
            )
        ]


class HouseAct(ActRow):
    """An act on the people of the house; operations read it."""

    side = Side.DESK

    class Meta(ActRow.Meta):
        pass
