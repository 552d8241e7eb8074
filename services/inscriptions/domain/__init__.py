"""Pure rules of a request: its states, its journal, its circuit, who may act on it."""
