"""The request: bulletins, avis, decisions, places, and the journal that both sides read."""
