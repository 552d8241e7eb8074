"""Who: structures of the organisme, collectivités, their services and agents, accounts and tokens."""
