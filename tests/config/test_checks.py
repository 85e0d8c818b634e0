"""What does not open: a house whose settings name a card company that is not there."""

import pytest

from config.checks import the_card_rail_stands


@pytest.mark.parametrize(("rail", "is_embedded", "refused"), [
    ("", False, 0), ("sandbox", True, 0), ("sandbox", False, 1), ("no-such", True, 1),
])  # fmt: skip
def test_cards_are_taken_by_a_company_that_is_there_or_not_at_all(settings, rail, is_embedded, refused):
    settings.CARD_RAIL, settings.EMBEDDED = rail, is_embedded
    assert len(the_card_rail_stands()) == refused
