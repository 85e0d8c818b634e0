"""What must always hold in the marketplace (DESIGN 14)."""

from kit.invariants import Invariant

INVARIANTS = (
    Invariant(
        name="one_invoice_an_order",
        sentence="Every order has its invoice, over the same sum to the same organization.",
        sql="""
            SELECT orders.reference FROM marketplace_order orders
            LEFT JOIN billing_invoice invoice
                ON invoice.source = 'order:' || orders.reference AND invoice.reference = orders.invoice
            WHERE invoice.id IS NULL OR invoice.customer_id <> orders.customer_id
                OR invoice.net <> orders.amount OR invoice.currency <> orders.currency
        """,
        is_cheap=False,
    ),
    Invariant(
        name="funded_equals_paid",
        sentence="An order is funded exactly when its invoice is paid.",
        sql="""
            SELECT orders.reference FROM marketplace_order orders
            JOIN billing_invoice invoice ON invoice.reference = orders.invoice
            WHERE (orders.state = 'funded') <> (invoice.state = 'paid')
        """,
        is_cheap=False,
    ),
    Invariant(
        name="funded_has_a_moment",
        sentence="An order knows when it was funded, and only then.",
        sql="SELECT reference FROM marketplace_order WHERE (state = 'funded') <> (funded_at IS NOT NULL)",
        is_cheap=False,
    ),
)
