"""The calls of the HTTP APIs that stand apart, one file a topic."""
