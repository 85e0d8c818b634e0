"""What is sold, and each sale."""
