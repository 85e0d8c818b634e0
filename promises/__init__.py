"""What was promised: policies, terms, the arithmetic of deadlines."""
