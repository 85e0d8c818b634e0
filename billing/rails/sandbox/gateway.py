"""The one place that speaks to the card company in the box, as one would speak to a real one: by requests and answers.

`settings.CARD_GATEWAY` names a callable (method, path, body, key) -> (status, answer); the house does not know what is
behind it. Whatever cannot be read as an answer is NoAnswer.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from billing.actions.cards import NoAnswer


def call(method: str, path: str, body: Mapping[str, Any] | None = None, *, key: str = "") -> tuple[int, dict[str, Any]]:
    """Status and answer. Never inside a transaction of ours that holds locks. Raises NoAnswer."""
    try:
        status, text = import_string(settings.CARD_GATEWAY)(method, path, json.dumps(body or {}), key)
        answer = json.loads(text)
    except (OSError, ValueError) as error:
        raise NoAnswer(f"{method} {path}: {error}") from error
    if status >= 500 or status == 429 or not isinstance(answer, dict):
        raise NoAnswer(f"{method} {path}: {status}")
    return status, answer
