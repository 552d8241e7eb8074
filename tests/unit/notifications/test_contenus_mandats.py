"""What the mails about mandates say, to the side that did not act."""

import re

import pytest

from services.contracts.identity import Courriel
from services.contracts.notifications import GabaritCompte
from services.kit.french import NBSP, NNBSP
from services.notifications.contenus_comptes import composer_compte

FAITS = {
    "mandant": "Ville de Rochebrune-sur-Vilaine",
    "mandataire": "CDG 35",
    "autre": "CDG 35",
    "periode": f"à partir du 1er{NBSP}janvier{NBSP}2027",
    "portee": "les demandes de formation",
    "motif": "",
}


@pytest.mark.parametrize(
    ("gabarit", "acte", "motif", "attendu"),
    [
        (GabaritCompte.MANDAT_PROPOSE, "", "", "CDG 35 vous propose un mandat."),
        (GabaritCompte.MANDAT_PROPOSE, "", "", f"agirait pour Ville de Rochebrune-sur-Vilaine à partir du 1er{NBSP}janvier"),
        (GabaritCompte.MANDAT_REPONDU, "accepter", "", "CDG 35 a accepté le mandat que vous aviez proposé."),
        (GabaritCompte.MANDAT_REPONDU, "accepter", "", "CDG 35 agit pour Ville de Rochebrune-sur-Vilaine"),
        (GabaritCompte.MANDAT_REPONDU, "refuser", "Pas cette année.", f"Le motif{NBSP}: Pas cette année."),
        (GabaritCompte.MANDAT_FINI, "revoquer", "Fin.", "CDG 35 a révoqué le mandat par lequel CDG 35 agissait pour Ville de"),
        (GabaritCompte.MANDAT_FINI, "retirer", "", "CDG 35 a retiré sa proposition de mandat."),
    ],
)
def test_each_says_who_did_what(gabarit: GabaritCompte, acte: str, motif: str, attendu: str) -> None:
    faits = {**FAITS, "acte": acte, "motif": motif}
    contenu = composer_compte(Courriel(gabarit=gabarit, nom="Solène Morvan", lien="https://iel.example/mandats", faits=faits))
    texte = "\n".join(contenu.paragraphes)
    assert attendu in texte
    assert contenu.paragraphes[0] == "Bonjour Solène Morvan,"
    assert not re.search(rf"[^{NBSP}]:(?=\s)|[^{NNBSP}][;!?]|'", texte), texte
    assert ("Le motif" in texte) == bool(motif)
