"""Sign-in and one's own account: how allauth is wired to the house, and the pages that allauth does not have."""
