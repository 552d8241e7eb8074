"""Every query of identity. Those that answer a person take his `Portee` and show nothing beyond it."""
