"""The moves of an order: (from, verb, to, who). Documentation and generated tests read this table (DESIGN 12)."""

TRANSITIONS = (
    (None, "place", "awaiting_payment", ("owner", "admin", "billing")),
    ("awaiting_payment", "fund", "funded", ("the house, when the invoice is paid",)),
)
