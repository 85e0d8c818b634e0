"""Products, and the clusters on which customers run them."""

from django.db import models

from accounts.models.departments import in_sight
from kit.references import ReferenceField
from kit.sides import Side
from kit.verbs import Actor


class Product(models.Model):
    """Software around which services are sold. Its slug is the skill that routing asks for."""

    side = Side.PUBLIC
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class AssetQuerySet(models.QuerySet["Asset"]):
    def visible_to(self, user: Actor) -> "AssetQuerySet":
        """Members see those of their departments, and those of none; inside people all."""
        return self if user.is_inside else self.filter(in_sight(user.pk))


AssetManager = models.Manager.from_queryset(AssetQuerySet, class_name="AssetManager")


class Asset(models.Model):
    """A cluster of an organization, as its people describe it."""

    side = Side.PUBLIC
    reference = ReferenceField(prefix="C")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    version = models.CharField(max_length=40, blank=True)
    kubernetes = models.CharField(max_length=40, blank=True)
    nodes = models.PositiveIntegerField(default=1)
    location = models.CharField(max_length=80, blank=True)
    department = models.ForeignKey("accounts.Department", models.PROTECT, null=True, related_name="+")

    objects = AssetManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_asset_a_name")]

    def __str__(self) -> str:
        return self.name
