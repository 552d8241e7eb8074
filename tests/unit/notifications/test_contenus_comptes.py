"""What each mail about an account says."""

import re
from collections import defaultdict

import pytest

from services.contracts.identity import Courriel
from services.contracts.notifications import GabaritCompte
from services.kit.french import NBSP, NNBSP
from services.notifications.contenus_comptes import COMPOSITIONS, composer_compte
from services.notifications.contenus_comptes.commun import SUJETS


def courriel(gabarit: GabaritCompte, **faits: str) -> Courriel:
    connus = defaultdict(str, identifiant="claire.lebris", nouvelle="claire@apres.example", ancienne="claire@avant.example")
    return Courriel(gabarit=gabarit, nom="Claire Le Bris", lien="https://iel.example/page/jeton", faits={**connus, **faits})


def test_every_gabarit_has_its_subject_and_its_text() -> None:
    assert set(SUJETS) == set(COMPOSITIONS) == set(GabaritCompte)


@pytest.mark.parametrize("gabarit", GabaritCompte)
def test_a_mail_is_well_written(gabarit: GabaritCompte) -> None:
    contenu = composer_compte(courriel(gabarit))
    assert contenu.bouton is not None
    for texte in (contenu.sujet, *contenu.paragraphes, contenu.pourquoi, contenu.bouton.texte):
        assert not re.search(rf"[^{NBSP}]:(?=\s)", texte), texte
        assert not re.search(rf"[^{NNBSP}][;!?]", texte), texte
        assert "'" not in texte
        assert not re.search(rf"«[^{NBSP}]|[^{NBSP}]»", texte), texte


def test_the_old_mailbox_may_refuse() -> None:
    for gabarit in (GabaritCompte.EMAIL_CHANGE, GabaritCompte.EMAIL_CONFIRME_POUR_VOUS):
        assert "Ce n’est pas moi" in " ".join(composer_compte(courriel(gabarit)).paragraphes)


def test_a_stranger_s_mailbox_is_not_told_who_asked() -> None:
    contenu = composer_compte(Courriel(gabarit=GabaritCompte.EMAIL_DEJA_PRIS, nom="", lien="https://iel.example/connexion"))
    assert contenu.paragraphes[0] == "Bonjour,"


def test_who_answered_for_the_old_mailbox_is_named() -> None:
    contenu = composer_compte(courriel(GabaritCompte.EMAIL_CHANGE_FAIT, par="Solène Morvan"))
    assert "Solène Morvan l’a confirmé à la place de l’ancienne adresse." in contenu.paragraphes
