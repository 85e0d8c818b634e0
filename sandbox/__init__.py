"""The outside world in a box; knows nothing of the house."""
