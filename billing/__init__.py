"""What was bought: invoices, transfers, the ledger, entitlements."""
