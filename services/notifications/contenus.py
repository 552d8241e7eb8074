"""What each message says: one function a gabarit, from the dossier to a subject, paragraphs, facts and a button."""

from collections.abc import Callable
from dataclasses import dataclass

from services.contracts.inscriptions import AvisRendu, Dossier, SensAvis
from services.contracts.notifications import Gabarit
from services.kit.french import NBSP, NNBSP, heure, instant_long, jour_et_date
from services.notifications.domain import Destinataire, RoleDestinataire

LIBELLES: dict[Gabarit, str] = {
    Gabarit.AVIS_DEMANDE: "Demande d’avis",
    Gabarit.AVIS_RELANCE: "Relance de la demande d’avis",
    Gabarit.AVIS_CLOS: "Avis qui n’est plus attendu",
    Gabarit.A_VALIDER: "Demande à valider",
    Gabarit.TRANSMISE: "Accusé de transmission",
    Gabarit.REFUSEE_COLLECTIVITE: "Refus de la collectivité",
    Gabarit.RETIREE: "Retrait de la demande",
    Gabarit.EXPIREE: "Demande expirée",
    Gabarit.LISTE_ATTENTE: "Inscription sur liste d’attente",
    Gabarit.REFUSEE_ORGANISME: "Refus de l’organisme",
    Gabarit.ACCEPTEE: "Demande acceptée",
    Gabarit.CONVOCATION: "Convocation",
}

SENS = {
    SensAvis.FAVORABLE: "favorable",
    SensAvis.SOUS_RESERVE: "favorable sous réserve",
    SensAvis.DEFAVORABLE: "défavorable",
    SensAvis.NON_RENDU: "non rendu",
}


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


def _faits(dossier: Dossier) -> tuple[tuple[str, str], ...]:
    dates = " ; ".join(
        f"{jour_et_date(r.debut)}, de {heure(r.heure_debut)} à {heure(r.heure_fin)}"
        if r.debut == r.fin
        else f"du {jour_et_date(r.debut)} au {jour_et_date(r.fin)}, de {heure(r.heure_debut)} à {heure(r.heure_fin)}"
        for r in dossier.regroupements
    ).replace(" ;", f"{NNBSP};")
    return (
        ("Agent", f"{dossier.agent.nom_complet}, {dossier.agent_fonction}, {dossier.agent_service}"),
        ("Formation", f"{dossier.intitule} ({dossier.session_code})"),
        ("Dates", dates),
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
            return f"Vous recevez ce message parce que vous gérez la formation de {dossier.collectivite}."
        case RoleDestinataire.SUPERIEUR:
            return f"Vous recevez ce message parce que {dossier.collectivite} vous a désigné pour donner un avis sur cette demande."


def _pour(dossier: Dossier, destinataire: Destinataire) -> str:
    """« votre demande » for the agent, « la demande de X » for the others."""
    if destinataire.role is RoleDestinataire.AGENT:
        return "votre demande"
    return f"la demande de {dossier.agent.nom_complet}"


def _simple(
    dossier: Dossier, destinataire: Destinataire, sujet: str, titre: str, *paragraphes: str, bouton: Bouton | None = None
) -> Contenu:
    return Contenu(
        sujet=f"{sujet} – {dossier.session_code} – demande n°{NBSP}{dossier.numero}",
        titre=titre,
        paragraphes=tuple(paragraphe for paragraphe in paragraphes if paragraphe),
        bouton=bouton or _suivre(dossier),
        pourquoi=_pourquoi(destinataire, dossier),
        faits=_faits(dossier),
    )


def _demande_d_avis(dossier: Dossier, destinataire: Destinataire, *, relance: bool) -> Contenu:
    demande = dossier.demande_avis or dossier.derniere_demande_avis
    if demande is None:
        raise LookupError("no avis was asked for")
    interim = f"Cet avis vous est demandé par intérim de {demande.par_interim_de}." if demande.par_interim_de else ""
    agent = dossier.agent.nom_complet
    return _simple(
        dossier,
        destinataire,
        f"Rappel{NBSP}: votre avis est attendu" if relance else "Votre avis est demandé",
        f"Votre avis sur la demande de formation de {agent}",
        f"{agent} demande à suivre une formation. {dossier.collectivite} sollicite votre avis avant de décider.",
        interim,
        f"Répondez avant le {instant_long(demande.echeance)}. Aucun compte n’est nécessaire{NBSP}: le bouton ouvre la demande, "
        "vous donnez votre avis en bas de la page.",
        f"Sa motivation{NBSP}: «{NBSP}{dossier.motivation}{NBSP}»",
        bouton=Bouton("Lire la demande et donner mon avis", demande.lien),
    )


def _avis_demande(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _demande_d_avis(dossier, destinataire, relance=False)


def _avis_relance(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _demande_d_avis(dossier, destinataire, relance=True)


def _avis_clos(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    demande = dossier.demande_avis or dossier.derniere_demande_avis
    raison = (
        "L’agent a retiré sa demande."
        if dossier.etat == "retiree"
        else "Le délai est échu sans réponse de votre part. L’avis est maintenant demandé à la personne qui assure votre suppléance."
    )
    return _simple(
        dossier,
        destinataire,
        "Votre avis n’est plus attendu",
        f"Votre avis sur la demande de {dossier.agent.nom_complet} n’est plus attendu",
        raison,
        "Vous n’avez rien à faire.",
        bouton=Bouton("Voir ce qu’est devenue la demande", demande.lien) if demande else None,
    )


def _avis_en_clair(avis: AvisRendu) -> str:
    if avis.sens is SensAvis.NON_RENDU:
        return "Avis non rendu dans le délai." if avis.par else f"Avis non rendu{NBSP}: aucun supérieur n’est connu pour cet agent."
    suite = f"{NBSP}: «{NBSP}{avis.commentaire}{NBSP}»" if avis.commentaire else "."
    return f"Avis {SENS[avis.sens]} de {avis.par}, le {instant_long(avis.le)}{suite}"


def _a_valider(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    avis = [_avis_en_clair(rendu) for rendu in dossier.avis] or ["Votre circuit ne demande pas d’avis."]
    return _simple(
        dossier,
        destinataire,
        "Une demande attend votre validation",
        f"La demande de {dossier.agent.nom_complet} attend votre validation",
        *avis,
        "Validée, elle sera transmise aussitôt à l’organisme.",
        bouton=Bouton("Examiner la demande", dossier.lien),
    )


def _transmise(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    quand = f" le {instant_long(dossier.validee_le)}" if dossier.validee_le else ""
    autorite = f", par délégation de {dossier.autorite}" if dossier.autorite else ""
    return _simple(
        dossier,
        destinataire,
        "Demande transmise à l’organisme",
        "Accusé de transmission",
        f"{_pour(dossier, destinataire).capitalize()} a été validée{quand} par {dossier.validee_par or dossier.collectivite}{autorite}, "
        f"et transmise à {dossier.structure_nom}.",
        "L’organisme l’instruit. Vous serez informé de sa décision.",
    )


def _refusee_collectivite(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _simple(
        dossier,
        destinataire,
        "Votre demande n’est pas validée",
        "Votre collectivité n’a pas validé votre demande",
        f"Motif{NBSP}: {dossier.motif_decision or 'non précisé'}",
        "Votre service formation peut vous en dire plus.",
    )


def _retiree(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _simple(
        dossier,
        destinataire,
        "Demande retirée",
        "La demande est retirée",
        f"{_pour(dossier, destinataire).capitalize()} a été retirée par l’agent. Elle n’aura pas de suite.",
    )


def _expiree(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _simple(
        dossier,
        destinataire,
        "Demande expirée",
        "La demande a expiré",
        f"{_pour(dossier, destinataire).capitalize()} n’a pas reçu de décision à temps. Elle n’aura pas de suite.",
        "D’autres sessions du même stage sont peut-être ouvertes.",
    )


def _liste_attente(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _simple(
        dossier,
        destinataire,
        "Inscription sur liste d’attente",
        "Sur liste d’attente",
        f"{dossier.structure_nom} a placé {_pour(dossier, destinataire)} sur liste d’attente.",
        "Une place sur liste d’attente n’est pas une admission. Vous serez prévenu si une place se libère.",
        f"Précision de l’organisme{NBSP}: {dossier.motif_decision}" if dossier.motif_decision else "",
    )


def _refusee_organisme(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _simple(
        dossier,
        destinataire,
        "Demande refusée par l’organisme",
        "L’organisme n’a pas retenu la demande",
        f"{dossier.structure_nom} n’a pas retenu {_pour(dossier, destinataire)}.",
        f"Motif{NBSP}: {dossier.motif_decision or 'non précisé'}",
        f"Pour toute question, écrivez à {dossier.conseiller} ({dossier.conseiller_email}).",
    )


def _acceptee(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    return _simple(
        dossier,
        destinataire,
        "Demande acceptée",
        "Une place est réservée",
        f"{dossier.structure_nom} a accepté {_pour(dossier, destinataire)}. La convocation suit dans un autre message.",
    )


def _convocation(dossier: Dossier, destinataire: Destinataire) -> Contenu:
    copie = destinataire.role is not RoleDestinataire.AGENT
    return _simple(
        dossier,
        destinataire,
        f"Convocation{' (copie)' if copie else ''}",
        f"Convocation de {dossier.agent.nom_complet}" if copie else "Votre convocation",
        "Copie, pour information, de la convocation adressée à l’agent."
        if copie
        else "Vous êtes convoqué à la formation ci-dessous. La convocation est jointe à ce message, avec un rendez-vous pour votre agenda.",
        f"Adresse{NBSP}: {dossier.adresse}",
        f"Pour toute question, écrivez à {dossier.conseiller} ({dossier.conseiller_email}).",
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
