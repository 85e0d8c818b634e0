"""What somebody did to the people of an organization: its admins read it, nobody changes it."""

from django.db import models

from kit.sides import Side


class ActRow(models.Model):
    """One act: who did what to whom, and the words that say how. Appended only; triggers refuse all else."""

    class Kind(models.TextChoices):
        INVITED = "invited"
        """Somebody was invited."""
        SENT_AGAIN = "sent_again"
        """The invitation went out once more, with a new link."""
        REVOKED = "revoked"
        """The invitation was taken back."""
        JOINED = "joined"
        """The invited person came in."""
        ROLE_CHANGED = "role_changed"
        """A member got another role."""
        SIGHT_CHANGED = "sight_changed"
        """A member sees other departments than before."""
        REMOVED = "removed"
        """A member belongs to the organization no more."""
        DEPARTMENT_MADE = "department_made"
        """A department was made."""
        DEPARTMENT_RENAMED = "department_renamed"
        """It got another name."""
        DEPARTMENT_ARCHIVED = "department_archived"
        """It takes nothing new."""
        DEPARTMENT_REOPENED = "department_reopened"
        """It takes new things again."""
        CLOSED = "closed"
        """The account of somebody of the house was closed."""
        REOPENED = "reopened"
        """And opened again."""
        FACTOR_RESET = "factor_reset"
        """The second factor of somebody of the house was taken away, to be set up anew."""
        SEATED = "seated"
        """Somebody of the house got a seat in a team."""
        UNSEATED = "unseated"
        """And gave it up."""

    kind = models.CharField(max_length=20, choices=Kind)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    whom = models.CharField(max_length=254)
    was = models.CharField(max_length=160, blank=True)
    became = models.CharField(max_length=160, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.whom}"


class Act(ActRow):
    """An act in an organization."""

    side = Side.PUBLIC
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="act_of_organization")]
