"""Desks: the counters at which tickets are answered."""

from django.db import models

from kit.references import ReferenceField
from kit.sides import Side


class Desk(models.Model):
    """A counter of the house or of a vendor. Outside it speaks as its persona, never as a person."""

    side = Side.PUBLIC
    reference = ReferenceField(prefix="D")
    slug = models.SlugField(max_length=40, unique=True)
    owner = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80, blank=True)
    persona = models.CharField(max_length=80, default="Support")
    persona_zh = models.CharField(max_length=80, default="服务台")
    timezone = models.CharField(max_length=64, default="UTC")

    def __str__(self) -> str:
        return self.name
