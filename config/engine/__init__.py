"""The engine room: what starts, ticks, watches and audits the house (DESIGN 3 and 14)."""
