"""What the links of this service are signed for."""

LIEN_AVIS = "avis"
"""Gives one avis, without an account: see `services.kit.signed_id`."""
