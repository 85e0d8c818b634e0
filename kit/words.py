"""Words that are stored in both languages of the house."""

from django.utils.translation import get_language


def for_reader(english: str, chinese: str) -> str:
    """The wording in the reader's language; English where the other was not written."""
    return chinese if chinese and (get_language() or "").startswith("zh") else english
