"""What gestionnaires read of their access."""

import re

import pytest

from services.contracts.identity import Courriel
from services.contracts.notifications import GabaritCompte
from services.kit.french import NBSP, NNBSP
from services.notifications.contenus_comptes import composer_compte
from services.notifications.rendu import en_html, en_texte

FAITS = {
    "par": "Solène Morvan",
    "collectivite": "Commune de Saint-Aubin",
    "identifiant": "anne.lebihan",
    "role": "Consultation",
    "services": "Voirie, Accueil",
    "motif": "Changement de poste",
    "repreneur": "Éric Rault",
    "reste_agent": "oui",
}
NOMME, MODIFIE, FINI = GabaritCompte.GESTIONNAIRE_NOMME, GabaritCompte.GESTIONNAIRE_MODIFIE, GabaritCompte.GESTIONNAIRE_FINI


def texte_de(gabarit: GabaritCompte, **autres: str) -> str:
    lien = "http://localhost:8080/connexion"
    contenu = composer_compte(Courriel(gabarit=gabarit, nom="Anne Le Bihan", lien=lien, faits=FAITS | autres))
    assert "<h1" in en_html(contenu)
    return en_texte(contenu)


@pytest.mark.parametrize("gabarit", [NOMME, MODIFIE, FINI])
def test_it_is_well_written_and_says_who_and_where(gabarit: GabaritCompte) -> None:
    texte = texte_de(gabarit)
    assert not re.search(rf"[^{NBSP}]:(?=\s)", texte)
    assert not re.search(rf"[^{NNBSP}][;!?]", texte)
    assert "Solène Morvan" in texte
    assert "Commune de Saint-Aubin" in texte


def test_what_he_is_now_is_told() -> None:
    assert f"Votre rôle{NBSP}: Consultation" in texte_de(MODIFIE)
    assert f"Vos services{NBSP}: Voirie, Accueil" in texte_de(NOMME)


def test_why_it_ended_who_takes_over_and_what_stays() -> None:
    assert f"Le motif{NBSP}: Changement de poste" in texte_de(FINI)
    assert "Éric Rault reprend ce que vous suiviez." in texte_de(FINI)
    assert "Vous gardez votre accès d’agent" in texte_de(FINI)
    sec = texte_de(FINI, repreneur="", reste_agent="")
    assert "reprend" not in sec
    assert "gardez" not in sec
