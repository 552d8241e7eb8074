"""The import of agents: which columns a file has, what each cell means, what each line would change. Pure rules."""
