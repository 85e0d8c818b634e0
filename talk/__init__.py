"""What was said: threads, messages, files, and the one door."""
