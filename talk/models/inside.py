"""Who let which words through the door."""

from django.db import models

from kit.sides import Side


class Passage(models.Model):
    """One passage of words through `talk.door`: who spoke for the counter, and the digest of what was previewed."""

    side = Side.DESK
    message = models.OneToOneField("talk.Message", models.PROTECT, related_name="+")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"passage of {self.message_id}"
