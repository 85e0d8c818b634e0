"""When a desk is open, and who is on."""
