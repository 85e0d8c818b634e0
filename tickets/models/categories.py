"""What tickets can be about, each with the questions that its form asks."""

from django.db import models

from kit.sides import Side


class Category(models.Model):
    """A kind of matter. `template` is the text with which the form begins, so that the first answer is a real one."""

    side = Side.PUBLIC
    slug = models.SlugField(max_length=40, unique=True)
    product = models.ForeignKey("assets.Product", models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80)
    template = models.TextField(blank=True)
    template_zh = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.slug
