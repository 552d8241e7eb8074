"""Login by a third party, as OpenID Connect says: whoever the configuration names, ProConnect first of all."""
