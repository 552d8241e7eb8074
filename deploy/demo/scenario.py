"""`python -m deploy.demo.scenario`: the main job, played through the HTTP APIs of a running stack.

Each step is printed as it happens, with the address of the request in the web UI and of its circuit in the Temporal UI.
The circuit's delays are shortened to seconds for the length of the scenario, then put back. Ends with 1 when a step fails.
"""

import asyncio
import csv
import sys
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from pydantic_settings import BaseSettings, SettingsConfigDict
from rich.console import Console

from deploy.demo.client import JSON, Personne, StepFailedError, attendre, lire

COMPTES = Path(__file__).parent / "comptes.csv"
AGENTE, AUTRE_AGENT = "claire.lebris", "thomas.riou"
GESTIONNAIRE, CONSEILLERE = "solene.morvan", "gwenaelle.legoff"

PARIS = ZoneInfo("Europe/Paris")
SECONDES = "secondes"
CIRCUIT_COURT: JSON = {
    "etapes": [
        {
            "delai": {"valeur": 6, "unite": SECONDES},
            "relances": [{"valeur": 2, "unite": SECONDES}, {"valeur": 4, "unite": SECONDES}],
            "relance_la_veille": False,
            "escalade_suppleant": True,
        }
    ]
}

console = Console(highlight=False)


class ScenarioSettings(BaseSettings):
    """Where the stack is. Without a Temporal UI, its addresses are not printed."""

    model_config = SettingsConfigDict(env_prefix="IEL_", extra="ignore", env_ignore_empty=True)

    public_url: str = "http://localhost:8080"
    temporal_ui_url: str | None = "http://localhost:42331"
    temporal_namespace: str = "default"


class Scenario:
    """The six steps, with the people who play them."""

    def __init__(self, settings: ScenarioSettings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http
        self._debut = time.monotonic()

    async def jouer(self) -> None:
        await self._connecter()
        etag, habituel = await self._raccourcir_le_circuit()
        try:
            self._etape(1, f"{self.agente.nom} consulte les sessions ouvertes à sa collectivité et dépose une préinscription")
            demande = await self._deposer(self.agente)
            await self._donner_l_avis(demande)
            await self._valider(demande)
            await self._accepter(demande)
            await self._recevoir_la_convocation(demande)
            await self._laisser_passer_les_delais()
        finally:
            await self.gestionnaire.remplacer("/api/inscriptions/v1/circuit", habituel, etag)
            self._dire("Le circuit habituel de la collectivité est remis en place.")

    async def _connecter(self) -> None:
        with COMPTES.open(encoding="utf-8", newline="") as fichier:
            mots_de_passe = {ligne["identifiant"]: ligne["mot_de_passe"] for ligne in csv.DictReader(fichier, delimiter=";")}

        async def connecter(identifiant: str) -> Personne:
            return await Personne.connecter(self._http, identifiant, mots_de_passe[identifiant])

        self.agente = await connecter(AGENTE)
        self.autre_agent = await connecter(AUTRE_AGENT)
        self.gestionnaire = await connecter(GESTIONNAIRE)
        self.conseillere = await connecter(CONSEILLERE)

    async def _raccourcir_le_circuit(self) -> tuple[str, JSON]:
        """Set delays of seconds; the new ETag, and the circuit to put back."""
        actuel = await self.gestionnaire.telecharger("/api/inscriptions/v1/circuit")
        reponse = await self.gestionnaire.remplacer("/api/inscriptions/v1/circuit", CIRCUIT_COURT, actuel.headers["etag"])
        self._dire("Délais du circuit ramenés à quelques secondes, le temps de la démonstration.")
        return reponse.headers["etag"], {"etapes": actuel.json()["etapes"]}

    async def _deposer(self, agent: Personne) -> JSON:
        session = await self._session_libre(agent)
        self._dire(
            f"{session['code']} « {session['intitule']} » : {session['effectif_attendu']} places attendues, "
            f"{session['recues']} inscription(s) reçue(s), {session['disponibles']} place(s) disponible(s)."
        )
        motivation = "Ma collectivité me confie de nouvelles missions et je souhaite les exercer avec méthode."
        avant = time.monotonic()
        demande: JSON = await agent.envoyer("/api/inscriptions/v1/inscriptions", {"session_id": session["id"], "motivation": motivation})
        self._dire(f"Demande n° {demande['numero']} déposée en {(time.monotonic() - avant) * 1000:.0f} ms.")
        self._dire(f"Dans la plateforme : {self._settings.public_url}/inscriptions/{demande['id']}")
        if self._settings.temporal_ui_url:
            espace = self._settings.temporal_namespace
            self._dire(f"Dans Temporal : {self._settings.temporal_ui_url}/namespaces/{espace}/workflows/{demande['workflow_id']}")
        return demande

    async def _session_libre(self, agent: Personne) -> JSON:
        """An open session of Bretagne with seats left that this agent has not asked for already."""
        sessions: list[JSON] = (await agent.lire("/api/catalogue/v1/sessions", structure="BRE"))["elements"]
        demandes = (await agent.lire("/api/inscriptions/v1/inscriptions"))["elements"]
        prises = {demande["session"]["id"] for demande in demandes}
        for session in sessions:
            if session["ouverte"] and session["disponibles"] > 0 and session["id"] not in prises:
                return session
        raise StepFailedError("Plus aucune session ouverte à demander : « make reset » repart de données neuves.")

    async def _donner_l_avis(self, demande: JSON) -> None:
        self._etape(2, "Son supérieur, sans compte, reçoit un courriel et donne son avis par le lien")
        courriel = await self._courriel(demande, "avis")
        jeton = courriel["texte"].split("/avis/", 1)[1].split()[0].rstrip(".,;)")
        vue = lire(await self._http.get(f"/api/inscriptions/v1/avis/{jeton}"))
        self._dire(f"Courriel reçu par {', '.join(courriel['destinataires'])} : « {courriel['sujet']} »")
        corps = {"sens": "sous_reserve", "commentaire": "Oui, hors de la période de clôture budgétaire."}
        rendu = lire(await self._http.post(f"/api/inscriptions/v1/avis/{jeton}", json=corps))
        self._exiger(rendu["etat"] == "rendue", f"l’avis est « {rendu['etat']} » au lieu d’être rendu")
        self._dire(f"{vue['destinataire']} a rendu un avis favorable sous réserve.")

    async def _valider(self, demande: JSON) -> None:
        self._etape(3, f"{self.gestionnaire.nom} voit la demande en attente, avec l’avis, et la valide")
        await self._attendre_etape(demande, "validation")
        en_attente = (await self.gestionnaire.lire("/api/inscriptions/v1/inscriptions", a_traiter="true"))["elements"]
        ligne = next((ligne for ligne in en_attente if ligne["id"] == demande["id"]), None)
        self._exiger(ligne is not None and ligne["avis"]["libelle"] == "Favorable sous réserve", "la demande n’attend pas avec son avis")
        lue = await self.gestionnaire.envoyer(f"/api/inscriptions/v1/inscriptions/{demande['id']}/validation", {"issue": "valider"})
        self._exiger(lue["etat"] == "transmise", f"la demande est « {lue['etat_libelle']} » au lieu d’être transmise")
        accuse = await self._courriel(demande, "transmi")
        self._dire(f"Transmise à l’organisme ; accusé : « {accuse['sujet']} »")

    async def _accepter(self, demande: JSON) -> None:
        self._etape(4, f"{self.conseillere.nom} accepte la demande : une place est prise au registre")
        await self._attendre_etape(demande, "instruction")
        chemin = f"/api/catalogue/v1/sessions/{demande['session']['id']}"
        admises = (await self.conseillere.lire(chemin))["admises"]
        await self.conseillere.envoyer(f"/api/inscriptions/v1/inscriptions/{demande['id']}/instruction", {"issue": "accepter"})

        async def place_prise() -> JSON | None:
            session: JSON = await self.conseillere.lire(chemin)
            return session if session["admises"] > admises else None

        session = await attendre("la place prise au catalogue", place_prise)
        self._dire(f"{session['admises']} admise(s), {session['disponibles']} place(s) disponible(s).")

    async def _recevoir_la_convocation(self, demande: JSON) -> None:
        self._etape(5, "La convocation est établie, archivée et envoyée")

        async def convoquee() -> JSON | None:
            lue: JSON = await self.agente.lire(f"/api/inscriptions/v1/inscriptions/{demande['id']}")
            return lue if lue["etat"] == "convoquee" else None

        lue = await attendre("la convocation", convoquee)
        papier = await self.agente.telecharger(f"/api/documents/v1/documents/{lue['convocation_id']}/contenu")
        self._exiger(papier.content.startswith(b"%PDF"), "la convocation n’est pas un PDF")
        verification = lire(await self._http.get(f"/api/documents/v1/verification/{lue['convocation_reference']}"))
        self._exiger(verification["statut"] == "valide", "la référence de la convocation n’est pas reconnue")
        courriels = [await self._courriel_convocation(demande, personne) for personne in (AGENTE, GESTIONNAIRE)]
        self._dire(f"Référence {lue['convocation_reference']}, {len(papier.content) // 1024} ko, vérifiée en ligne.")
        for courriel in courriels:
            self._dire(f"Courriel à {', '.join(courriel['destinataires'])} : « {courriel['sujet']} », avec {', '.join(courriel['pieces'])}")
        await self._comparer_les_chronologies(demande)

    async def _comparer_les_chronologies(self, demande: JSON) -> None:
        chemin = f"/api/inscriptions/v1/inscriptions/{demande['id']}"
        lectures = [await personne.lire(chemin) for personne in (self.agente, self.gestionnaire, self.conseillere)]
        chronologies = [lecture["journal"] for lecture in lectures]
        self._exiger(
            all(chronologie == chronologies[0] for chronologie in chronologies), "les chronologies diffèrent d’un lecteur à l’autre"
        )
        self._exiger(lectures[0]["journal_intact"], "le journal n’est pas intact")
        self._dire("Agent, gestionnaire et conseillère lisent la même chronologie :")
        for entree in chronologies[0]:
            console.print(f"          {heure(entree)}  {entree['libelle']} – {entree['par']}", style="dim")

    async def _laisser_passer_les_delais(self) -> None:
        self._etape(6, "Une autre demande reste sans avis : relances, suppléance, puis « avis non rendu »")
        demande = await self._deposer(self.autre_agent)
        await self._attendre_etape(demande, "validation")
        lue = await self.gestionnaire.lire(f"/api/inscriptions/v1/inscriptions/{demande['id']}")
        for entree in lue["journal"]:
            self._dire(f"{heure(entree)}  {entree['libelle']} – {entree['pour'] or entree['par']}")
        faits = [entree["fait"] for entree in lue["journal"]]
        attendus = ["depot", "avis_demande", "relance", "relance", "avis_demande", "relance", "relance", "avis_non_rendu"]
        self._exiger(faits == attendus, f"le journal dit {faits}")
        self._exiger(lue["avis"]["sens"] == "non_rendu", "l’avis n’est pas noté « non rendu »")
        corps = {"issue": "refuser", "motif": "Demande de démonstration, sans suite."}
        await self.gestionnaire.envoyer(f"/api/inscriptions/v1/inscriptions/{demande['id']}/validation", corps)
        self._dire("La gestionnaire, informée de l’absence d’avis, décide ; la démonstration se termine.")

    async def _attendre_etape(self, demande: JSON, etape: str) -> None:
        async def atteinte() -> bool | None:
            lue = await self.gestionnaire.lire(f"/api/inscriptions/v1/inscriptions/{demande['id']}")
            return True if lue["etape"] == etape else None

        await attendre(f"l’étape « {etape} » de la demande n° {demande['numero']}", atteinte)

    async def _courriel(self, demande: JSON, mot: str, a: str = "", piece: str = "") -> JSON:
        """The newest mail about this request whose subject holds `mot`, sent to an address holding `a`."""

        async def recu() -> JSON | None:
            messages: list[JSON] = lire(await self._http.get("/courrier/api/messages", params={"subject": mot, "to": a}))
            for message in messages:
                assez = piece in "".join(message["pieces"])
                if assez and (demande["numero"] in message["texte"] or demande["numero"] in message["sujet"]):
                    return message
            return None

        return await attendre(f"un courriel « {mot} » pour la demande n° {demande['numero']}", recu)

    async def _courriel_convocation(self, demande: JSON, identifiant: str) -> JSON:
        return await self._courriel(demande, "convocation", a=identifiant, piece=".pdf")

    def _etape(self, rang: int, titre: str) -> None:
        console.print(f"\n[bold cyan]{rang}.[/] [bold]{titre}[/]", soft_wrap=True)

    def _dire(self, phrase: str) -> None:
        console.print(f"   [dim]{time.monotonic() - self._debut:5.1f} s[/] {phrase}", soft_wrap=True)

    @staticmethod
    def _exiger(condition: bool, phrase: str) -> None:
        if not condition:
            raise StepFailedError(phrase)


def heure(entree: JSON) -> str:
    """`16:57:39`, in Paris."""
    return f"{datetime.fromisoformat(entree['le']).astimezone(PARIS):%H:%M:%S}"


async def main() -> int:
    settings = ScenarioSettings()
    async with httpx.AsyncClient(base_url=settings.public_url, timeout=30) as http:
        try:
            await Scenario(settings, http).jouer()
        except (StepFailedError, httpx.HTTPError) as error:
            console.print(f"\n[bold red]Échec :[/] {error}", soft_wrap=True)
            return 1
    console.print("\n[bold green]Les six étapes ont réussi.[/]")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
