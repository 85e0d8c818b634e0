"""Verbs on the house itself: the one organization whose people answer."""

from accounts.models import Organization
from kit.verbs import verb


@verb
def found(
    name: str, *, name_zh: str = "", country: str = "CN", language: str = "en", timezone: str = "UTC",
    tax_number: str = "",
) -> Organization:  # fmt: skip
    """The house, made if it does not stand yet. Once it stands it keeps what it is."""
    described = {
        "name": name, "name_zh": name_zh, "country": country, "language": language, "timezone": timezone,
        "tax_number": tax_number,
    }  # fmt: skip
    house, _is_new = Organization.objects.get_or_create(is_house=True, defaults=described)
    return house
