"""Listings as versions, plans and prices. An order pins the version that was bought."""

from django.db import models

from kit.references import ReferenceField
from kit.sides import Side


class Listing(models.Model):
    """Something that a vendor sells. What it says and costs stands in its versions."""

    class Kind(models.TextChoices):
        PLAN = "plan"
        """Support for a term, with a promise."""

    side = Side.PUBLIC
    reference = ReferenceField(prefix="L")
    slug = models.SlugField(max_length=60, unique=True)
    vendor = models.ForeignKey("vendors.Vendor", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.slug


class ListingVersionQuerySet(models.QuerySet["ListingVersion"]):
    def published(self) -> "ListingVersionQuerySet":
        """What anyone may buy now, in the order of the shelf."""
        return self.filter(state=ListingVersion.State.PUBLISHED).order_by("listing__position", "listing_id")


ListingVersionManager = models.Manager.from_queryset(ListingVersionQuerySet, class_name="ListingVersionManager")


class ListingVersion(models.Model):
    """One wording and price list of a listing. At most one version of a listing is published."""

    class State(models.TextChoices):
        DRAFT = "draft"
        """Being written."""
        PUBLISHED = "published"
        """On the shelf."""
        SUPERSEDED = "superseded"
        """A newer version took its place; orders keep it."""

    side = Side.PUBLIC
    listing = models.ForeignKey(Listing, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    name = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80)
    summary = models.CharField(max_length=200)
    summary_zh = models.CharField(max_length=200)
    published_at = models.DateTimeField(null=True)

    objects = ListingVersionManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listing", "number"], name="listing_numbers"),
            models.UniqueConstraint(
                fields=["listing"], condition=models.Q(state="published"), name="one_published_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} version {self.number}"


class Plan(models.Model):
    """What a plan gives for its months: a desk, a policy, severities, contacts, tickets (null = no limit), days."""

    side = Side.PUBLIC
    version = models.OneToOneField(ListingVersion, models.PROTECT, related_name="plan")
    desk = models.ForeignKey("duty.Desk", models.PROTECT, related_name="+")
    policy = models.CharField(max_length=40)
    severities = models.JSONField(default=list)
    contacts = models.PositiveSmallIntegerField()
    tickets = models.PositiveIntegerField(null=True)
    onsite_days = models.PositiveSmallIntegerField(default=0)
    months = models.PositiveSmallIntegerField(default=12)

    def __str__(self) -> str:
        return f"plan of {self.version_id}"


class Price(models.Model):
    """The price of a version in one currency, without tax, and the tax on it in hundredths of a percent."""

    side = Side.PUBLIC
    version = models.ForeignKey(ListingVersion, models.PROTECT, related_name="prices")
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    tax_bps = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "currency"], name="one_price_a_currency"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="price_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
