"""The limit: a Django project that does nothing but the work itself. What the house adds is measured against it."""
