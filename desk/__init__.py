"""The desk's level: what is done about a ticket. Every table inside."""
