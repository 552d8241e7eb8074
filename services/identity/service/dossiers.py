"""The opening as the collectivité lives it: its code and password open a form, which it fills, files and follows."""

import hmac
from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.contracts.acteur import Role
from services.contracts.ids import collectivite_id as id_de_la_collectivite
from services.contracts.ouvertures import EtapeOuverture
from services.contracts.ouvertures import FaitOuverture as Fait
from services.identity import secret
from services.identity.domain import connexion as essais
from services.identity.domain import ouverture as regles
from services.identity.domain.valeurs import EtatCollectivite
from services.identity.models import Appartenance, Collectivite, FaitOuverture, Ouverture
from services.identity.repository import connexion as repository_connexion
from services.identity.repository import ouvertures as repository
from services.identity.schemas.ouvertures import DossierCreate, GestionnaireDeclare
from services.identity.service.comptes import inviter, nouveau_compte
from services.identity.service.connexion import trop_de_tentatives
from services.identity.service.ouvertures import avancer, noter, prevenir_la_delegation
from services.kit.clock import day_of, now
from services.kit.problems import Conflict, FieldError, Invalid, Problem, Unauthenticated


async def ouvrir_l_acces(
    session: AsyncSession, *, code: str, mot_de_passe_donne: str, cles: Sequence[str]
) -> tuple[str, datetime] | Problem:
    """The token of the form and its end, or why not: a failure is counted, and must be committed all the same."""
    code = regles.code_normalise(code)
    cle = secret.empreinte(f"ouverture:{code}")
    if not await repository_connexion.verrouiller_identifiant(session, cle):
        return trop_de_tentatives(1)
    maintenant = now()
    secondes = essais.attente(await repository_connexion.echecs(session, cle), maintenant)
    if secondes:
        return trop_de_tentatives(secondes)
    ouverture = await repository.par_code(session, code)
    if ouverture is None or not _juste(ouverture, mot_de_passe_donne, cles):
        await repository_connexion.noter_echec(session, cle, maintenant)
        return Unauthenticated(
            "Ce code et ce mot de passe ne vont pas ensemble.",
            slug="codes-refuses",
            detail="Le code figure sur la lettre de votre délégation, le mot de passe dans le dernier courriel reçu.",
        )
    if ouverture.etape == EtapeOuverture.ABANDONNEE or (
        ouverture.etape in regles.EN_ATTENTE_DE_LA_COLLECTIVITE and ouverture.codes_expirent_le <= maintenant
    ):
        return Conflict("codes-expires", "Ces codes ont expiré.", detail="Demandez-en de nouveaux à votre délégation.")
    await repository_connexion.oublier_echecs(session, cle)
    jeton = secret.nouveau_jeton()
    ouverture.acces, ouverture.acces_expire_le = secret.empreinte(jeton), maintenant + regles.VALIDITE_DE_L_ACCES
    session.add(ouverture)
    return jeton, ouverture.acces_expire_le


async def lire(session: AsyncSession, jeton: str) -> tuple[Ouverture, Sequence[FaitOuverture], str]:
    """The case, its timeline and the name of the délégation."""
    ouverture = await _ouverte(session, jeton)
    structure = await repository.structure(session, ouverture.delegation)
    return ouverture, await repository.faits(session, ouverture.id), structure.nom


async def deposer(session: AsyncSession, jeton: str, corps: DossierCreate) -> Ouverture:
    """File the form: the collectivité exists, its gestionnaires get their activation links, the délégation is told."""
    ouverture = await _ouverte(session, jeton)
    if ouverture.etape not in regles.EN_ATTENTE_DE_LA_COLLECTIVITE:
        raise Conflict("dossier-depose", "Ce dossier est déjà déposé.", detail="Il n’y a rien à renvoyer\N{NO-BREAK SPACE}: suivez-le ici.")
    _verifier(corps)
    maintenant = now()
    ouverture.depots += 1
    ouverture.etape = EtapeOuverture.A_VALIDER
    ouverture.dossier = corps.model_dump(mode="json", exclude={"conditions"})
    ouverture.conditions, ouverture.conditions_acceptees_le = corps.conditions, maintenant
    ouverture.depose_le = maintenant
    ouverture.nom = corps.nom
    collectivite = await _collectivite(session, ouverture, corps)
    ouverture.collectivite_id = collectivite.id
    session.add(ouverture)
    await session.flush()
    qui = f"{corps.gestionnaires[0].prenom} {corps.gestionnaires[0].nom}"
    await noter(session, ouverture, f"depot:{ouverture.depots}", "Dossier déposé, conditions d’utilisation acceptées", par=qui)
    await _nommer(session, collectivite, corps.gestionnaires, ouverture)
    await prevenir_la_delegation(session, ouverture)
    await avancer(session, ouverture, Fait.DOSSIER_DEPOSE)
    return ouverture


async def _ouverte(session: AsyncSession, jeton: str) -> Ouverture:
    ouverture = await repository.par_acces(session, secret.empreinte(jeton), now())
    if ouverture is None:
        raise Unauthenticated(
            "L’accès à ce dossier a pris fin.", slug="acces-termine", detail="Donnez de nouveau le code et le mot de passe provisoire."
        )
    return ouverture


def _juste(ouverture: Ouverture, donne: str, cles: Sequence[str]) -> bool:
    """Dashes, spaces and capitals do not matter: it is copied from a mail, sometimes by hand."""
    return any(
        hmac.compare_digest(_sans_tirets(donne), _sans_tirets(regles.mot_de_passe_provisoire(ouverture.id, ouverture.envois, cle)))
        for cle in cles
    )


def _sans_tirets(texte: str) -> bytes:
    return "".join(c for c in texte.lower() if c.isalnum()).encode()


def _verifier(corps: DossierCreate) -> None:
    erreurs = []
    if corps.conditions != regles.CONDITIONS:
        message = "Lisez les conditions d’utilisation en vigueur, puis acceptez-les."
        erreurs.append(FieldError(champ="conditions", message=message))
    adresses = [gestionnaire.email.casefold() for gestionnaire in corps.gestionnaires]
    for rang, adresse in enumerate(adresses):
        if adresse in adresses[:rang]:
            erreurs.append(FieldError(champ=f"gestionnaires.{rang}.email", message="Chaque gestionnaire a sa propre adresse."))
    if erreurs:
        raise Invalid("Le dossier est à corriger.", errors=erreurs)


async def _collectivite(session: AsyncSession, ouverture: Ouverture, corps: DossierCreate) -> Collectivite:
    """Made at the first filing, corrected at the next ones. Nobody sees it before it works."""
    identifiant = ouverture.collectivite_id or id_de_la_collectivite(ouverture.siret)
    collectivite = await session.get(Collectivite, identifiant)
    champs = corps.model_dump(mode="json", exclude={"conditions", "gestionnaires"})
    if collectivite is None:
        collectivite = Collectivite(
            id=identifiant,
            siret=ouverture.siret,
            departement=ouverture.departement,
            delegation=ouverture.delegation,
            etat=EtatCollectivite.EN_OUVERTURE,
            preinscription_agents=True,
            **champs,
        )
    else:
        collectivite.sqlmodel_update(champs)
    session.add(collectivite)
    return collectivite


async def _nommer(session: AsyncSession, collectivite: Collectivite, declares: Sequence[GestionnaireDeclare], ouverture: Ouverture) -> None:
    """The gestionnaires are those of this filing: who was there stays, who is new is invited, who is no longer named goes."""
    jour = day_of(now())
    membres = {
        compte.email.casefold(): (appartenance, compte) for appartenance, compte in await repository.membres(session, collectivite.id)
    }
    nommes = {declare.email.casefold() for declare in declares}
    for email, (appartenance, _) in membres.items():
        if email not in nommes:
            appartenance.fin, appartenance.motif_fin = jour, "N’est plus nommé dans le dossier d’ouverture"
            session.add(appartenance)
    for rang, declare in enumerate(declares):
        role = Role.GESTIONNAIRE if rang else Role.GESTIONNAIRE_PRINCIPAL
        if declare.email.casefold() in membres:
            membres[declare.email.casefold()][0].roles = [role]
            continue
        compte = await nouveau_compte(session, collectivite, nom=declare.nom, prenom=declare.prenom, email=declare.email)
        session.add(Appartenance(compte_id=compte.id, roles=[role], collectivite_id=collectivite.id, debut=jour))
        await session.flush()
        await inviter(session, compte, collectivite.nom)
        await noter(
            session, ouverture, f"invitation:{compte.id}", f"Lien d’activation envoyé à {compte.nom_complet}", par="Inscription en ligne"
        )
