"""Who sells here."""
