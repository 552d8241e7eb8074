"""Who someone is elsewhere, and what that is worth here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class IdentiteTierce:
    """What a provider says, once its word was checked. `sujet` is the same for ever, and says nothing but to this provider."""

    emetteur: str
    sujet: str
    email: str
    email_verifie: bool

    @property
    def adresse_sure(self) -> bool:
        """Only an address that the provider verified says whose account this is: any other is what anybody may type there."""
        return self.email_verifie and "@" in self.email
