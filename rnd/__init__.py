"""R&D: its own level of the wall."""
