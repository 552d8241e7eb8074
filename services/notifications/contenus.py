"""What each message says: one function a gabarit, from the dossier to a subject, paragraphs, facts and a button."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from services.contracts.catalogue import Regroupement
from services.contracts.inscriptions import AvisRendu, Dossier, Etat, SensAvis
from services.contracts.notifications import Gabarit
from services.kit.french import NBSP, NNBSP, heure, instant_long, jour_et_date
from services.notifications.domain import Destinataire, RoleDestinataire

SENS = {
    SensAvis.FAVORABLE: "favorable",
    SensAvis.SOUS_RESERVE: "favorable sous réserve",
    SensAvis.DEFAVORABLE: "défavorable",
}
COPIE = " (copie)"


@dataclass(frozen=True)
class Bouton:
    texte: str
    lien: str


@dataclass(frozen=True)
class Contenu:
    """A mail before it is laid out. `pourquoi` says why its reader gets it."""

    sujet: str
    titre: str
    paragraphes: tuple[str, ...]
    bouton: Bouton
    pourquoi: str
    faits: tuple[tuple[str, str], ...] = ()


def composer(gabarit: Gabarit, dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return COMPOSITIONS[gabarit](dossier, destinataire)


def _de(nom: str) -> str:
    """« de Yann », « d’Anne », « d’Élise », « d’Yves »: y is a vowel before a consonant."""
    simple = unicodedata.normalize("NFD", nom[:2]).encode("ascii", "ignore").decode().lower()
    elide = simple[:1] in "aeiouh" or (simple[:1] == "y" and simple[1:2] not in "aeiou")
    return f"d’{nom}" if nom and elide else f"de {nom}"


def _majuscule(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:]


def _citation(texte: str) -> str:
    return f"«{NBSP}{texte}{NBSP}»"


def _quand(regroupement: Regroupement) -> str:
    heures = f"de {heure(regroupement.heure_debut)} à {heure(regroupement.heure_fin)}"
    if regroupement.debut == regroupement.fin:
        return f"le {jour_et_date(regroupement.debut)}, {heures}"
    return f"du {jour_et_date(regroupement.debut)} au {jour_et_date(regroupement.fin)}, {heures}"


def _faits(dossier: Dossier) -> tuple[tuple[str, str], ...]:
    qui = (dossier.agent.nom_complet, dossier.agent_fonction, dossier.agent_service)
    return (
        ("Agent", ", ".join(filter(None, qui))),
        ("Formation", f"{dossier.intitule} ({dossier.session_code})"),
        ("Dates", f"{NNBSP}; ".join(_quand(regroupement) for regroupement in dossier.regroupements)),
        ("Lieu", dossier.lieu),
        ("Organisée par", dossier.structure_nom),
        ("Demande", f"n°{NBSP}{dossier.numero}"),
    )


def _suivre(dossier: Dossier) -> Bouton:
    return Bouton("Suivre la demande", dossier.lien)


def _pourquoi(destinataire: Destinataire, dossier: Dossier) -> str:
    match destinataire.role:
        case RoleDestinataire.AGENT:
            return "Vous recevez ce message parce que cette demande est la vôtre."
        case RoleDestinataire.GESTIONNAIRE:
            return f"Vous recevez ce message parce que vous gérez les formations de votre collectivité ({dossier.collectivite})."
        case RoleDestinataire.SUPERIEUR:
            return f"Vous recevez ce message parce que le circuit de la collectivité ({dossier.collectivite}) prévoit votre avis."
        case RoleDestinataire.COPIE:
            return f"Vous recevez ce message parce que la collectivité ({dossier.collectivite}) vous l’envoie en copie."


def _la_demande(dossier: Dossier, destinataire: Destinataire) -> str:
    """« votre demande » for the agent, « la demande d’Anne Le Bihan » for the others."""
    return "votre demande" if destinataire.role is RoleDestinataire.AGENT else f"la demande {_de(dossier.agent.nom_complet)}"


def _organisme(dossier: Dossier) -> str:
    return f"l’organisme ({dossier.structure_nom})"


def _conseiller(dossier: Dossier) -> str:
    if not dossier.conseiller_email:
        return ""
    return f"Pour toute question, écrivez à {dossier.conseiller} ({dossier.conseiller_email})."


def _message(
    dossier: Dossier,
    destinataire: Destinataire,
    sujet: str,
    titre: str,
    *paragraphes: str,
    bouton: Bouton | None = None,
    faits: tuple[tuple[str, str], ...] = (),
) -> Contenu:
    """Empty paragraphs are left out; `faits` come before those of every message."""
    nom = () if destinataire.role is RoleDestinataire.AGENT else (dossier.agent.nom_complet,)
    en_copie = destinataire.role is RoleDestinataire.COPIE and not sujet.endswith(COPIE)
    return Contenu(
        sujet=" – ".join((f"{sujet}{COPIE if en_copie else ''}", *nom, dossier.session_code, f"demande n°{NBSP}{dossier.numero}")),
        titre=titre,
        paragraphes=tuple(filter(None, paragraphes)),
        bouton=bouton or _suivre(dossier),
        pourquoi=_pourquoi(destinataire, dossier),
        faits=faits + _faits(dossier),
    )


def _demande_d_avis(dossier: Dossier, destinataire: Destinataire, sujet: str) -> Contenu:
    demande = dossier.demande_avis
    if demande is None:
        raise LookupError("no avis is awaited")
    agent = dossier.agent.nom_complet
    return _message(
        dossier,
        destinataire,
        sujet,
        f"Votre avis sur la demande de formation {_de(agent)}",
        f"{agent} demande à suivre une formation. Sa collectivité ({dossier.collectivite}) sollicite votre avis avant de décider.",
        f"Cet avis vous est demandé par intérim {_de(demande.par_interim_de)}." if demande.par_interim_de else "",
        f"Répondez avant le {instant_long(demande.echeance)}. Sans réponse à cette date, la demande suivra son cours sans votre avis.",
        f"Aucun compte n’est nécessaire{NBSP}: le bouton ouvre la demande, vous donnez votre avis en bas de la page.",
        f"Sa motivation{NBSP}: {_citation(dossier.motivation)}" if dossier.motivation else "",
        bouton=Bouton("Lire la demande et donner mon avis", demande.lien),
    )


def _avis_demande(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _demande_d_avis(dossier, destinataire, "Votre avis est demandé")


def _avis_relance(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _demande_d_avis(dossier, destinataire, f"Rappel{NBSP}: votre avis est attendu")


def _avis_clos(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    demande, agent = dossier.derniere_demande_avis, dossier.agent.nom_complet
    bouton = Bouton("Voir ce qu’est devenue la demande", demande.lien) if demande else None
    if dossier.etat is Etat.RETIREE and _avis_donne(dossier):
        return _message(
            dossier,
            destinataire,
            "Demande retirée",
            f"La demande {_de(agent)} est retirée",
            f"{agent} a retiré sa demande. Elle n’aura pas de suite{NNBSP}; votre avis reste au dossier.",
            "Vous n’avez rien à faire.",
            bouton=bouton,
        )
    return _message(
        dossier,
        destinataire,
        "Votre avis n’est plus attendu",
        f"Votre avis sur la demande {_de(agent)} n’est plus attendu",
        f"{agent} a retiré sa demande."
        if dossier.etat is Etat.RETIREE
        else "Le délai est échu sans réponse de votre part. L’avis est maintenant demandé à la personne qui assure votre suppléance.",
        "Vous n’avez rien à faire.",
        bouton=bouton,
    )


def _avis_donne(dossier: Dossier) -> bool:
    """Whether the last person asked answered."""
    return dossier.demande_avis is None and bool(dossier.avis) and dossier.avis[-1].sens is not SensAvis.NON_RENDU


def _avis_en_clair(avis: AvisRendu) -> str:
    if avis.sens is SensAvis.NON_RENDU:
        return "Avis non rendu dans le délai." if avis.par else f"Avis non rendu{NBSP}: aucun supérieur n’est connu pour cet agent."
    suite = f"{NBSP}: {_citation(avis.commentaire)}" if avis.commentaire else "."
    return f"Avis {SENS[avis.sens]} {_de(avis.par)}, le {instant_long(avis.le)}{suite}"


def _a_valider(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    avis = [_avis_en_clair(rendu) for rendu in dossier.avis] or ["Votre circuit ne demande pas d’avis."]
    return _message(
        dossier,
        destinataire,
        "Une demande attend votre validation",
        f"La demande {_de(dossier.agent.nom_complet)} attend votre validation",
        *avis,
        "Validée, elle sera transmise aussitôt à l’organisme.",
        bouton=Bouton("Examiner la demande", dossier.lien),
    )


def _transmise(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    signataire = dossier.validee_par or dossier.collectivite
    delegation = f", par délégation {_de(dossier.autorite)}" if dossier.autorite else ""
    transmise_le = [("Transmise le", instant_long(dossier.validee_le))] if dossier.validee_le else []
    return _message(
        dossier,
        destinataire,
        "Demande transmise à l’organisme",
        "Accusé de transmission",
        f"{_majuscule(_la_demande(dossier, destinataire))} est validée et transmise à {_organisme(dossier)}.",
        "L’organisme l’instruit. Un message vous dira sa décision.",
        faits=(("Déposée le", instant_long(dossier.depose_le)), *transmise_le, ("Signée par", f"{signataire}{delegation}")),
    )


def _refusee_collectivite(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _message(
        dossier,
        destinataire,
        "Votre demande n’est pas validée",
        "Votre collectivité n’a pas validé votre demande",
        f"Motif{NBSP}: {dossier.motif_decision or 'non précisé'}",
        "Votre service formation peut vous en dire plus.",
    )


def _retiree(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _message(
        dossier,
        destinataire,
        "Demande retirée",
        "La demande est retirée",
        "Vous avez retiré votre demande. Elle n’aura pas de suite."
        if destinataire.role is RoleDestinataire.AGENT
        else f"{dossier.agent.nom_complet} a retiré sa demande. Elle n’aura pas de suite.",
        f"Motif{NBSP}: {dossier.motif_decision}" if dossier.motif_decision else "",
    )


def _expiree(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _message(
        dossier,
        destinataire,
        "Demande expirée",
        "La demande a expiré",
        "La session commence sans que l’organisme ait pu répondre."
        if dossier.validee_le
        else "La date limite d’inscription est passée avant la validation de la collectivité.",
        f"{_majuscule(_la_demande(dossier, destinataire))} n’aura pas de suite. D’autres sessions du même stage sont peut-être ouvertes.",
    )


def _liste_attente(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _message(
        dossier,
        destinataire,
        "Inscription sur liste d’attente",
        "Sur liste d’attente",
        f"{_majuscule(_organisme(dossier))} a placé {_la_demande(dossier, destinataire)} sur liste d’attente.",
        "Une place sur liste d’attente n’est pas une admission. Un message vous préviendra si une place se libère.",
        f"Précision de l’organisme{NBSP}: {dossier.motif_decision}" if dossier.motif_decision else "",
    )


def _refusee_organisme(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _message(
        dossier,
        destinataire,
        "Demande refusée par l’organisme",
        "L’organisme n’a pas retenu la demande",
        f"{_majuscule(_organisme(dossier))} n’a pas retenu {_la_demande(dossier, destinataire)}.",
        f"Motif{NBSP}: {dossier.motif_decision or 'non précisé'}",
        _conseiller(dossier),
    )


def _acceptee(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _message(
        dossier,
        destinataire,
        "Demande acceptée",
        "Une place est réservée",
        f"{_majuscule(_organisme(dossier))} a accepté {_la_demande(dossier, destinataire)}.",
        "La convocation suit dans un autre message.",
    )


def _convocation(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    copie = destinataire.role is not RoleDestinataire.AGENT
    return _message(
        dossier,
        destinataire,
        f"Convocation{COPIE if copie else ''}",
        f"Convocation {_de(dossier.agent.nom_complet)}" if copie else "Votre convocation",
        "Copie, pour information, de la convocation adressée à l’agent."
        if copie
        else "Voici votre convocation à la formation ci-dessous. Elle est jointe à ce message, avec les rendez-vous pour votre agenda.",
        f"Adresse{NBSP}: {dossier.adresse}" if dossier.adresse else "",
        _conseiller(dossier),
    )


COMPOSITIONS: dict[Gabarit, Callable[[Dossier, Destinataire], Contenu]] = {
    Gabarit.AVIS_DEMANDE: _avis_demande,
    Gabarit.AVIS_RELANCE: _avis_relance,
    Gabarit.AVIS_CLOS: _avis_clos,
    Gabarit.A_VALIDER: _a_valider,
    Gabarit.TRANSMISE: _transmise,
    Gabarit.REFUSEE_COLLECTIVITE: _refusee_collectivite,
    Gabarit.RETIREE: _retiree,
    Gabarit.EXPIREE: _expiree,
    Gabarit.LISTE_ATTENTE: _liste_attente,
    Gabarit.REFUSEE_ORGANISME: _refusee_organisme,
    Gabarit.ACCEPTEE: _acceptee,
    Gabarit.CONVOCATION: _convocation,
}
