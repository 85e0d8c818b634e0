"""Verbs on what tickets can be about."""

from assets.models import Product
from kit.verbs import verb
from tickets.models import Category


@verb
def add(
    slug: str, *, product: Product, name: str, name_zh: str, template: str = "", template_zh: str = "",
    position: int = 0,
) -> Category:  # fmt: skip
    """A kind of matter that customers can choose, or new words for one that stands."""
    described = {
        "product": product, "name": name, "name_zh": name_zh, "template": template, "template_zh": template_zh,
        "position": position,
    }  # fmt: skip
    category, _is_new = Category.objects.update_or_create(slug=slug, defaults=described)
    return category
