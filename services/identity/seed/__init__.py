"""Demonstration data: `python -m services.identity.seed deploy/demo` loads the files described in that folder's README, once."""
