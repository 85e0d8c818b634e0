"""The public level: a matter as its customer may know it."""
