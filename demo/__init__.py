"""The cast and their stories: the demo world, the people of the tests, and the sign-in page of the embedded default."""
