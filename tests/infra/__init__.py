"""What the suites stand on: private servers, the rules of skipping, a browser."""
