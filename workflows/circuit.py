"""Le circuit d’une inscription: the life of one request, from its deposit to the convocation.

One workflow per request. Read `run` first: it is the leaflet. Each step is a method; what it does to the world is an
effect (`effets`), its mails leave on their own (`courrier`), people decide at the counter (`guichet`), and operators
follow it on the board (`tableau`). Nothing else moves a request, and no personal data comes here: ids and dates only.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from services.contracts.documents import ProduireConvocation
    from services.contracts.inscriptions import (
        ConstaterAvisNonRendu,
        Convoquer,
        DemanderAvis,
        EtapeAvis,
        EtapeCourante,
        Etat,
        Expirer,
        Issue,
        NatureDecision,
        NoterRelance,
        OuvrirCircuit,
        PasserEtape,
        PlanCircuit,
        QuiRepond,
    )
    from services.contracts.notifications import Gabarit
    from workflows.courrier import Courrier
    from workflows.decisions import Attendu
    from workflows.effets import appliquer, calculer_echeance, obtenir, produire
    from workflows.guichet import Decision, Guichet
    from workflows.noms import CIRCUIT
    from workflows.tableau import Tableau

QUI = {QuiRepond.SUPERIEUR: "Avis demandé au supérieur hiérarchique.", QuiRepond.SUPPLEANT: "Avis demandé au suppléant."}

# The notice to the first person asked is addressed to whom is asked at that moment: it goes before the deputy is asked.
DELAI_DE_PREVENANCE = timedelta(seconds=30)

PERSONNE_A_QUI_DEMANDER = "personne-a-qui-demander"
"""Type of the refusal of inscriptions when nobody is known any more to give the avis."""


class AvisDemande(NamedTuple):
    """An avis that is awaited."""

    id: UUID
    echeance: datetime
    relances: tuple[datetime, ...]


@workflow.defn(name=CIRCUIT)
class CircuitInscription:
    """Une inscription: avis, validation, transmission, instruction, convocation."""

    plan: PlanCircuit

    @workflow.init
    def __init__(self, ouverture: OuvrirCircuit) -> None:
        self.inscription_id: UUID = ouverture.inscription_id
        self.etat = Etat.PREINSCRIPTION
        self.avis_sollicite = False
        self.courrier = Courrier(ouverture.inscription_id)
        self.guichet = Guichet()
        self.tableau = Tableau()

    @workflow.run
    async def run(self, ouverture: OuvrirCircuit) -> Etat:
        """The state in which the circuit leaves the request."""
        await self.ouvrir(ouverture)
        deja_transmise = self.etat is not Etat.PREINSCRIPTION
        if deja_transmise or (await self.recueillir_les_avis() and await self.obtenir_la_validation()):
            await self.transmettre()
            if self.etat is Etat.ACCEPTEE or await self.obtenir_l_acceptation():
                await self.convoquer()
        await self.clore()
        return self.etat

    async def ouvrir(self, ouverture: OuvrirCircuit) -> None:
        """Freeze the circuit of the collectivité as it is today. A request that cannot be opened has no circuit: it fails."""
        self.plan = await appliquer(ouverture, "ouverture du circuit")
        self.etat = self.plan.etat
        self.tableau.presenter(self.plan)

    async def recueillir_les_avis(self) -> bool:
        """Each step of avis in turn. An avis advises and stops nothing; False when the agent withdrew."""
        for rang in range(len(self.plan.etapes)):
            decision = await self.recueillir_l_avis(rang)
            if decision and decision.nature is NatureDecision.RETRAIT:
                return self.retirer(decision)
        return True

    async def recueillir_l_avis(self, rang: int) -> Decision | None:
        """Ask the supérieur, then the deputy; without an answer, note that the avis was not given and go on."""
        sollicite: QuiRepond | None = None
        for personne in self.a_qui_demander(rang):
            if self.date_limite_passee:
                break
            if sollicite:
                await self.courrier.poster_avant_de_poursuivre(Gabarit.AVIS_CLOS, f"{rang}:{sollicite}", DELAI_DE_PREVENANCE)
            demande = await self.demander_l_avis(rang, personne)
            if demande is None:
                continue
            sollicite = personne
            decision = await self.attendre_l_avis(demande)
            self.courrier.perimer_les_invitations()
            if decision:
                return decision
            self.tableau.retard(en_retard=True)
        motif = "delai_echu" if sollicite or self.date_limite_passee else "aucun_superieur"
        await obtenir(ConstaterAvisNonRendu(inscription_id=self.inscription_id, rang=rang, motif=motif), f"avis non rendu : {motif}")
        return None

    @property
    def date_limite_passee(self) -> bool:
        return workflow.now() >= self.plan.date_limite

    def a_qui_demander(self, rang: int) -> tuple[QuiRepond, ...]:
        personnes = []
        if self.plan.a_un_superieur:
            personnes.append(QuiRepond.SUPERIEUR)
        if self.plan.a_un_suppleant and self.plan.etapes[rang].escalade_suppleant:
            personnes.append(QuiRepond.SUPPLEANT)
        return tuple(personnes)

    async def demander_l_avis(self, rang: int, personne: QuiRepond) -> AvisDemande | None:
        """Ask this person; None when there is nobody any more, since people leave while a circuit runs."""
        prevu = await calculer_echeance(self.etapes_restantes(rang, personne), self.plan.departement, self.plan.date_limite)
        self.tableau.etape(EtapeCourante.AVIS, QUI[personne], prevu.echeance, prevu.relances)
        demander = DemanderAvis(inscription_id=self.inscription_id, rang=rang, a=personne, echeance=prevu.echeance, relances=prevu.relances)
        try:
            demande = await obtenir(demander, f"demande d’avis : {personne}", refus_admis=PERSONNE_A_QUI_DEMANDER)
        except ApplicationError:
            return None
        self.avis_sollicite = True
        self.courrier.poster(Gabarit.AVIS_DEMANDE, demande.demande_id)
        return AvisDemande(demande.demande_id, prevu.echeance, prevu.relances)

    async def attendre_l_avis(self, demande: AvisDemande) -> Decision | None:
        """Remind on the announced days, and wait until the échéance."""
        attendu = Attendu(EtapeCourante.AVIS, demande.id)
        suivantes = (*demande.relances[1:], demande.echeance)
        for numero, (relance, suivante) in enumerate(zip(demande.relances, suivantes, strict=False), start=1):
            decision = await self.guichet.attendre(attendu, relance, f"relance {numero}")
            if decision:
                return decision
            # After a long outage several may be due at once: only the last of them leaves.
            if workflow.now() < suivante:
                await self.relancer(demande.id, numero)
        return await self.guichet.attendre(attendu, demande.echeance, "échéance de l’avis")

    def etapes_restantes(self, rang: int, personne: QuiRepond) -> tuple[EtapeAvis, ...]:
        """This demande and all those that may follow: they share what remains before the date limite."""
        return tuple(
            self.plan.etapes[r]
            for r in range(rang, len(self.plan.etapes))
            for p in self.a_qui_demander(r)
            if r > rang or p is personne or p is QuiRepond.SUPPLEANT
        )

    async def relancer(self, demande_id: UUID, numero: int) -> None:
        await obtenir(NoterRelance(demande_id=demande_id, numero=numero), f"relance {numero}")
        self.courrier.poster(Gabarit.AVIS_RELANCE, f"{demande_id}:{numero}")

    async def obtenir_la_validation(self) -> bool:
        """The collectivité validates or refuses before the date limite; the agent may still withdraw."""
        limite = self.plan.date_limite
        await self.passer_a(EtapeCourante.VALIDATION, "Attend la décision d’un gestionnaire.", limite)
        self.courrier.poster(Gabarit.A_VALIDER)
        decision = await self.guichet.attendre(Attendu(EtapeCourante.VALIDATION), limite, "date limite d’inscription")
        self.courrier.perimer_les_invitations()
        if decision is None:
            return await self.expirer()
        if decision.nature is NatureDecision.RETRAIT:
            return self.retirer(decision)
        self.etat = decision.effet.etat
        if decision.issue is Issue.REFUSER:
            self.courrier.poster(Gabarit.REFUSEE_COLLECTIVITE)
            return False
        return True

    async def transmettre(self) -> None:
        """The validated request goes to the organisme; agent and gestionnaires get a receipt.

        Where seats are given in order of arrival it comes out accepted, or on the waiting list.
        """
        self.courrier.poster(Gabarit.TRANSMISE)
        self.tableau.retard(en_retard=False)
        if self.etat is Etat.ACCEPTEE:
            return
        if self.etat is Etat.LISTE_ATTENTE:
            self.courrier.poster(Gabarit.LISTE_ATTENTE, "transmission")
        await self.passer_a(EtapeCourante.INSTRUCTION, "Attend la décision d’un conseiller.", self.plan.debut_session)

    async def obtenir_l_acceptation(self) -> bool:
        """The organisme accepts or refuses; on the waiting list the request goes on waiting, until the session begins."""
        while True:
            decision = await self.guichet.attendre(Attendu(EtapeCourante.INSTRUCTION), self.plan.debut_session, "début de la session")
            if decision is None:
                return await self.expirer()
            self.etat = decision.effet.etat
            if decision.issue is Issue.ACCEPTER:
                return True
            if decision.issue is Issue.REFUSER:
                self.courrier.poster(Gabarit.REFUSEE_ORGANISME)
                return False
            self.courrier.poster(Gabarit.LISTE_ATTENTE, decision.soumise.decision_id)

    async def convoquer(self) -> None:
        """Accepted: the convocation is made, archived and sent."""
        self.guichet.fermer()
        self.courrier.poster(Gabarit.ACCEPTEE)
        await self.passer_a(EtapeCourante.CONVOCATION, "Attend la fabrication de la convocation.")
        document = await produire(ProduireConvocation(inscription_id=self.inscription_id))
        convoquer = Convoquer(inscription_id=self.inscription_id, document_id=document.document_id, reference=document.reference)
        await obtenir(convoquer, "convocation archivée")
        self.etat = Etat.CONVOQUEE
        self.courrier.poster(Gabarit.CONVOCATION, document_id=document.document_id)

    def retirer(self, decision: Decision) -> bool:
        """The agent withdrew: whoever was asked for an avis is told."""
        self.etat = decision.effet.etat
        if self.avis_sollicite:
            self.courrier.poster(Gabarit.AVIS_CLOS, "retrait")
        self.courrier.poster(Gabarit.RETIREE)
        return False

    async def expirer(self) -> bool:
        effet = await obtenir(Expirer(inscription_id=self.inscription_id), "expiration")
        self.etat = effet.etat
        self.courrier.poster(Gabarit.EXPIREE)
        return False

    async def clore(self) -> None:
        """Nothing is decided any more; the circuit stays open until its last mail has left."""
        self.guichet.fermer()
        await self.passer_a(EtapeCourante.TERMINEE, f"Dossier laissé dans l’état : {self.etat}.")
        await self.courrier.tout_est_parti()
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def passer_a(self, etape: EtapeCourante, situation: str, echeance: datetime | None = None) -> None:
        self.tableau.etape(etape, situation, echeance)
        await obtenir(PasserEtape(inscription_id=self.inscription_id, etape=etape, echeance=echeance), f"étape : {etape}")
