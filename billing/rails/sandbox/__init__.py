"""The card company of the embedded default, which stands in a box beside the house."""
