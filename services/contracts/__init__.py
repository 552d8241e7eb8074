"""What services say to each other: events, requests and the token, with their versions. Nothing else.

Models here are only ever extended with optional fields; a changed meaning is a new version (`v2`).
"""
