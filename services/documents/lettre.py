"""What the letter that carries the code of a collectivité says. Its password is never here: it comes by mail."""

from dataclasses import dataclass
from datetime import datetime

from services.contracts.documents import ComposerLettre
from services.documents.domain import composer
from services.documents.papier import Fait
from services.kit.clock import PARIS
from services.kit.french import NBSP, NNBSP, date_longue, instant_long

GARDEZ_LE = (
    "Il vous est remis séparément du mot de passe afin que personne d’autre ne puisse ouvrir le compte de votre collectivité. "
    "Nous ne vous le demanderons jamais par téléphone ni par courriel."
)


@dataclass(frozen=True)
class Lettre:
    """One page. `etapes` are done in their order; `adresse_web` is where they begin, and what the QR code says."""

    emetteur: str
    destinataire: tuple[str, ...]
    reperes: tuple[Fait, ...]
    lieu_et_date: str
    objet: str
    introduction: str
    code: str
    validite: str
    adresse_web: str
    etapes: tuple[str, ...]
    conseils: tuple[Fait, ...]
    politesse: str
    ecrite_le: datetime


def rediger(demande: ComposerLettre, public_url: str) -> Lettre:
    """The same request makes the same letter."""
    collectivite = composer(demande.collectivite)
    adresse_web = f"{public_url.rstrip('/')}/ouverture"
    return Lettre(
        emetteur=composer(demande.delegation),
        destinataire=(collectivite, *map(composer, demande.adresse)),
        reperes=(("Nous écrire", demande.delegation_email), ("Votre SIRET", _siret(demande.siret))),
        lieu_et_date=f"{demande.delegation_ville}, le {date_longue(demande.ecrite_le.astimezone(PARIS).date())}",
        objet=f"ouverture de votre compte sur Inscription en ligne – {collectivite}",
        introduction=(
            "Sur Inscription en ligne, votre collectivité inscrit ses agents aux formations et suit chaque demande jusqu’à la convocation. "
            f"Pour ouvrir son compte, il vous faut deux choses{NBSP}: le code de cette lettre, et un mot de passe provisoire que vous "
            "recevez à part, par courriel."
        ),
        code=demande.code,
        validite=f"Valable jusqu’au {instant_long(demande.expire_le)}",
        adresse_web=adresse_web,
        etapes=(
            f"Ouvrez la page {adresse_web}, ou lisez le code QR ci-contre.",
            f"Donnez le code, puis le mot de passe provisoire envoyé à {demande.email}.",
            (
                "Remplissez le dossier de la collectivité, nommez vos gestionnaires et acceptez les conditions d’utilisation. "
                "Chacun d’eux reçoit alors un lien pour activer son compte."
            ),
        ),
        conseils=(
            (f"Le courriel n’est pas arrivé{NNBSP}?", _si_rien_n_arrive(demande.delegation_email)),
            ("Gardez ce code pour vous", GARDEZ_LE),
        ),
        politesse="Nous vous prions d’agréer, Madame, Monsieur, l’expression de nos salutations distinguées.",
        ecrite_le=demande.ecrite_le,
    )


def nom_fichier(siret: str) -> str:
    return f"lettre-{siret}.pdf"


def _si_rien_n_arrive(contact: str) -> str:
    return (
        f"Cherchez-le parmi les courriers indésirables. S’il n’y est pas, écrivez à {contact} en rappelant votre SIRET{NBSP}: "
        "un nouveau mot de passe vous sera envoyé. Le code de cette lettre restera le même."
    )


def _siret(siret: str) -> str:
    """As the French write it: `213 509 508 00015`."""
    return NBSP.join((siret[:3], siret[3:6], siret[6:9], siret[9:]))
