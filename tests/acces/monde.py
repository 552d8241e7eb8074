"""The resources that the matrix is tried on, and the people who try: each role, in their organisation and in another."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from services.contracts.acteur import Acteur, Role
from services.contracts.ids import agent_id, collectivite_id
from services.identity.domain.roles import ROLES, Organisation
from services.identity.trousseau import Trousseau
from tests.acteurs import un_acteur
from tests.parcours import MOT_DE_PASSE, Parcours
from tests.servers import RunningStack

ROCHEBRUNE = "21350950800015"
CLAIRE = "00936"
# A commune of Pays de la Loire, out of the ressort of Bretagne, and one of its agents.
MONTFAUCON = "21490950900017"
MARC = "00300"
# To whom Rochebrune has proposed a mandate.
AJONCS = "24350951000018"
# Has no account yet.
INVITEE = "21359001100002"


# Far away, so that nobody is asked for an avis in the place of another meanwhile.
INTERIM = {
    "remplace_id": str(agent_id(ROCHEBRUNE, CLAIRE)),
    "interimaire_id": str(agent_id(ROCHEBRUNE, "00839")),
    "debut": "2098-01-01",
    "fin": "2098-01-31",
}
COLLEGUE = {"prenom": "Anne", "nom": "Quintrec", "email": "anne.quintrec@rochebrune.example", "role": "gestionnaire"}
# Its only line is wrong: applied or not, it writes nothing.
FICHIER = "Matricule;Nom d’usage;Prénom;Adresse électronique\nM-1;Essai;Ana;sans-arobase\n"


@dataclass(frozen=True)
class Monde:
    """Ids of what belongs to Rochebrune, by the names that the matrix gives them; and the keys that sign tokens."""

    noms: dict[str, str]
    trousseau: Trousseau

    @classmethod
    async def preparer(cls, stack: RunningStack, parcours: Parcours) -> "Monde":
        """Play one request to its convocation: it is visible to all who may ever see one."""
        await parcours.deposer()
        avis = await parcours.lien_d_avis()
        await parcours.donner_l_avis()
        await parcours.valider()
        await parcours.instruire()
        demande = await parcours.attendre("etat", "convoquee")
        await parcours.courriel("onvocation", a="claire.lebris")
        documents = await parcours.gestionnaire.lire("/api/documents/v1/documents", inscription_id=demande["id"])
        document = documents["elements"][0]
        conseillere, gestionnaire = parcours.conseiller, parcours.gestionnaire
        invitee = {"siret": INVITEE, "nom": "Commune de Tréguennec", "email": "mairie@treguennec.example", "departement": "35"}
        ouverture = await conseillere.envoyer("/api/identity/v1/ouvertures", invitee)
        fichier = {"fichier": ("agents.csv", FICHIER.encode(), "text/csv")}
        importe = (
            await gestionnaire.appeler("POST", "/api/identity/v1/imports", files=fichier, headers={"Idempotency-Key": str(uuid4())})
        ).json()
        services = await gestionnaire.lire("/api/identity/v1/services")
        interim = await gestionnaire.envoyer("/api/identity/v1/interims", INTERIM)
        correction = await parcours.agent.envoyer("/api/identity/v1/moi/dossier/corrections", {"champ": "fonction", "valeur": "Accueil"})
        invite = await gestionnaire.envoyer("/api/identity/v1/collectivite/gestionnaires", COLLEGUE)
        propose = {"siret": AJONCS, "cote": "mandant", "debut": "2100-01-01", "portee": ["demandes"]}
        mandat = await gestionnaire.envoyer("/api/identity/v1/mandats", propose)
        adresse = {"nouvelle": "claire.lebris@ailleurs.example", "mot_de_passe": MOT_DE_PASSE}
        await parcours.agent.appeler("PUT", "/api/identity/v1/moi/adresse", json=adresse)
        (changement,) = await gestionnaire.lire("/api/identity/v1/changements-adresse")
        noms = {
            "etape": "avis",
            "gestionnaire": invite["id"],
            "gestionnaire_nom": COLLEGUE["nom"],
            "service": next(service["id"] for service in services if service["code"] == "POP"),
            "interim": interim["id"],
            "correction": correction["id"],
            "mandat": mandat["id"],
            "changement": changement["id"],
            "ouverture": ouverture["id"],
            "import": importe["id"],
            "lien": "inconnu.inconnu",
            "collectivite": str(collectivite_id(ROCHEBRUNE)),
            "structure": "BRE",
            "agent": str(agent_id(ROCHEBRUNE, CLAIRE)),
            "demande": demande["id"],
            "session": demande["session"]["id"],
            "session_q": demande["session"]["code"],
            "document": document["id"],
            "reference": document["reference"],
            "avis": avis,
        }
        return cls(noms, Trousseau.ouvrir(stack.settings.state_dir / "jwt-keys.json", timedelta(minutes=10)))

    def rempli(self, texte: str) -> str:
        for nom, valeur in self.noms.items():
            texte = texte.replace("{" + nom + "}", valeur)
        return texte

    def jeton(self, acteur: Acteur) -> str:
        return self.trousseau.signer(acteur, datetime.now(UTC))


def quelqu_un(role: Role, *, chez_lui: bool) -> Acteur:
    """Someone of this role: in the organisation the resources belong to, or in another of the same kind."""
    match next(iter(sorted(ROLES[role].organisations))):
        case Organisation.COLLECTIVITE:
            siret = ROCHEBRUNE if chez_lui else MONTFAUCON
            agent = _agent(chez_lui=chez_lui) if role is Role.AGENT else None
            return un_acteur(role, collectivite_id=collectivite_id(siret), agent_id=agent)
        case Organisation.STRUCTURE:
            return un_acteur(role, structure="BRE" if chez_lui else "PDL")
        case Organisation.ORGANISME:
            return un_acteur(role)


def _agent(*, chez_lui: bool) -> UUID:
    return agent_id(ROCHEBRUNE, CLAIRE) if chez_lui else agent_id(MONTFAUCON, MARC)
