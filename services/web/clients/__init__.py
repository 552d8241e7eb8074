"""Calls of the HTTP APIs by topic, mixed into the one client of the pages."""
