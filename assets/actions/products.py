"""Verbs on products."""

from assets.models import Product
from kit.verbs import verb


@verb
def add(slug: str, *, name: str) -> Product:
    """Software around which the house works; its slug is a skill from now on. Adding it again changes its name."""
    product, _is_new = Product.objects.update_or_create(slug=slug, defaults={"name": name})
    return product
