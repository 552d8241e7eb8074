"""What the mails about mandates say."""

from collections.abc import Callable

from services.contracts.identity import Courriel
from services.contracts.notifications import GabaritCompte
from services.kit.french import NBSP
from services.notifications.contenus import Contenu
from services.notifications.contenus_comptes.commun import contenu, fait

DEUX_COLLECTIVITES = "Vous recevez ce message parce que vous décidez des mandats de votre collectivité."


def _le_mandat(courriel: Courriel) -> str:
    mandataire, mandant = fait(courriel, "mandataire"), fait(courriel, "mandant")
    return f"{mandataire} agirait pour {mandant} {fait(courriel, 'periode')}{NBSP}: {fait(courriel, 'portee')}."


def _mandat_propose(courriel: Courriel) -> Contenu:
    return contenu(
        courriel,
        "Lire la proposition",
        f"{fait(courriel, 'autre')} vous propose un mandat.",
        _le_mandat(courriel),
        "Rien ne change tant que vous n’avez pas accepté. Chacun peut y mettre fin à tout moment.",
        pourquoi=DEUX_COLLECTIVITES,
    )


def _mandat_repondu(courriel: Courriel) -> Contenu:
    accepte = fait(courriel, "acte") == "accepter"
    return contenu(
        courriel,
        "Voir le mandat",
        f"{fait(courriel, 'autre')} a {'accepté' if accepte else 'refusé'} le mandat que vous aviez proposé.",
        _le_mandat(courriel).replace(" agirait pour ", " agit pour ") if accepte else "",
        _motif(courriel),
        pourquoi=DEUX_COLLECTIVITES,
    )


def _mandat_fini(courriel: Courriel) -> Contenu:
    if fait(courriel, "acte") == "revoquer":
        phrase = f"a révoqué le mandat par lequel {fait(courriel, 'mandataire')} agissait pour {fait(courriel, 'mandant')}."
    else:
        phrase = "a retiré sa proposition de mandat. Vous n’avez rien à faire."
    return contenu(courriel, "Voir le mandat", f"{fait(courriel, 'autre')} {phrase}", _motif(courriel), pourquoi=DEUX_COLLECTIVITES)


def _motif(courriel: Courriel) -> str:
    motif = fait(courriel, "motif")
    return f"Le motif{NBSP}: {motif}" if motif else ""


COMPOSITIONS: dict[GabaritCompte, Callable[[Courriel], Contenu]] = {
    GabaritCompte.MANDAT_PROPOSE: _mandat_propose,
    GabaritCompte.MANDAT_REPONDU: _mandat_repondu,
    GabaritCompte.MANDAT_FINI: _mandat_fini,
}
