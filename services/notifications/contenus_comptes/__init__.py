"""What the mails about accounts say: one function a gabarit."""

from services.contracts.identity import Courriel
from services.notifications.contenus import Contenu
from services.notifications.contenus_comptes import collectivites, comptes, mandats

COMPOSITIONS = {**comptes.COMPOSITIONS, **collectivites.COMPOSITIONS, **mandats.COMPOSITIONS}


def composer_compte(courriel: Courriel) -> Contenu:
    return COMPOSITIONS[courriel.gabarit](courriel)
