"""Use cases of identity: one function, one transaction, committed by whoever calls."""
