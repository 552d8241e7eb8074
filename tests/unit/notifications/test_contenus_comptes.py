"""The mails about accounts: each is written, and says what its reader needs."""

import pytest

from services.contracts.identity import Courriel
from services.contracts.notifications import GabaritCompte
from services.notifications.contenus_comptes import COMPOSITIONS, SUJETS, composer_compte

FAITS = {
    "collectivite": "Rochebrune-sur-Vilaine",
    "delegation": "Délégation Bretagne",
    "contact": "bretagne@organisme.example",
    "motif": "Fusion de la commune.",
    "change_le": "mardi 24 novembre 2026 à 9 h 30",
}


def texte(gabarit: GabaritCompte) -> str:
    contenu = composer_compte(Courriel(gabarit=gabarit, nom="Solène Morvan", lien="http://localhost:8080/", faits=FAITS))
    return "\n".join((contenu.sujet, *contenu.paragraphes))


def test_every_mail_has_its_subject_and_its_text() -> None:
    assert set(SUJETS) == set(COMPOSITIONS) == set(GabaritCompte)


@pytest.mark.parametrize(
    ("gabarit", "attendu"),
    [
        (GabaritCompte.COLLECTIVITE_SUSPENDUE, "Délégation Bretagne a suspendu le compte de Rochebrune-sur-Vilaine le mardi 24"),
        (GabaritCompte.COLLECTIVITE_CLOSE, "Délégation Bretagne a clos le compte de Rochebrune-sur-Vilaine le mardi 24"),
        (GabaritCompte.COLLECTIVITE_ROUVERTE, "Délégation Bretagne a rouvert le compte de Rochebrune-sur-Vilaine le mardi 24"),
    ],
)
def test_a_change_of_state_says_who_when_and_why(gabarit: GabaritCompte, attendu: str) -> None:
    assert attendu in texte(gabarit)
    assert "Fusion de la commune." in texte(gabarit)


@pytest.mark.parametrize("gabarit", [GabaritCompte.COLLECTIVITE_SUSPENDUE, GabaritCompte.COLLECTIVITE_CLOSE])
def test_a_stop_says_what_goes_on_and_whom_to_write_to(gabarit: GabaritCompte) -> None:
    assert "Les demandes en cours suivent leur circuit." in texte(gabarit)
    assert "bretagne@organisme.example" in texte(gabarit)
