"""The search attributes by which operators find a circuit in the Temporal UI, with their Temporal types."""

SEARCH_ATTRIBUTES: dict[str, str] = {
    "Collectivite": "Keyword",
    "Session": "Keyword",
    "Etape": "Keyword",
    "EcheanceLe": "Datetime",
    "Retard": "Bool",
}
