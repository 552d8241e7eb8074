"""Pure rules of identity: SIRET, hierarchy, login, what one may read. No I/O, no framework."""
