"""What customers run: products and clusters."""
