"""L’ouverture d’une collectivité: from the codes that its délégation gives it to its first gestionnaire at work.

One workflow per opening. Read `run` first: it is the leaflet's four steps. Files are filed and accounts activated without it,
which is told of them by signals; only the delegation's decision is an update, judged here.
"""

from datetime import timedelta
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from services.contracts.ouvertures import (
        AbandonnerOuverture,
        EtapeOuverture,
        FaitOuverture,
        OuvertureAvance,
        PlanOuverture,
        RappelerOuverture,
        RendreOperationnelle,
        SoumettreOuverture,
        SuivreOuverture,
        TrancherOuverture,
    )
    from workflows.decisions import CIRCUIT_CLOS, DECISION_EN_COURS, Refus
    from workflows.effets import appliquer, calculer_rappel, obtenir
    from workflows.noms import ETAPE, OUVERTURE, RETARD

SITUATIONS = {
    EtapeOuverture.CODES_REMIS: "Codes remis : la collectivité doit remplir son dossier.",
    EtapeOuverture.A_VALIDER: "Dossier déposé : la délégation doit le valider.",
    EtapeOuverture.A_REPRENDRE: "Dossier refusé : la collectivité doit le reprendre.",
    EtapeOuverture.VALIDEE: "Collectivité validée : un gestionnaire doit activer son compte.",
    EtapeOuverture.OPERATIONNELLE: "Collectivité opérationnelle.",
    EtapeOuverture.ABANDONNEE: "Codes expirés : ouverture abandonnée.",
}


@workflow.defn(name=OUVERTURE)
class OuvertureCollectivite:
    """L’ouverture d’une collectivité: codes, dossier, validation, premier gestionnaire."""

    plan: PlanOuverture

    @workflow.init
    def __init__(self, ouverture: SuivreOuverture) -> None:
        self.ouverture_id: UUID = ouverture.ouverture_id
        self.depots = 0
        self.examines = 0
        self.gestionnaire_actif = False
        self.attend_une_decision = False
        self.decision_en_cours = False
        self.validee = False

    @workflow.run
    async def run(self, ouverture: SuivreOuverture) -> EtapeOuverture:
        """The state in which the opening ends."""
        self.plan = await appliquer(ouverture, "lecture du dossier d’ouverture")
        self.depots = max(self.depots, self.plan.depots)
        self.gestionnaire_actif = self.gestionnaire_actif or self.plan.gestionnaire_actif
        while await self.recevoir_le_dossier():
            if await self.obtenir_la_validation():
                await self.attendre_un_gestionnaire()
                return self.presenter(EtapeOuverture.OPERATIONNELLE)
        return self.presenter(EtapeOuverture.ABANDONNEE)

    async def recevoir_le_dossier(self) -> bool:
        """Wait for a file that was not examined yet; False when the codes ran out before it came."""
        while self.depots == self.examines:
            self.presenter(self.plan.etape)
            reste = max(self.plan.codes_expirent_le - workflow.now(), timedelta())
            try:
                await workflow.wait_condition(
                    lambda: self.depots > self.examines, timeout=reste, timeout_summary="fin de validité des codes remis à la collectivité"
                )
            except TimeoutError:
                self.plan = await obtenir(AbandonnerOuverture(ouverture_id=self.ouverture_id), "codes expirés")
                if self.plan.etape is EtapeOuverture.ABANDONNEE:
                    return False
                self.depots = max(self.depots, self.plan.depots)
        self.examines = self.depots
        return True

    async def obtenir_la_validation(self) -> bool:
        """Wait for the delegation's decision, reminding it in business days; False when it refuses the file."""
        self.presenter(EtapeOuverture.A_VALIDER)
        self.attend_une_decision = True
        rang = 0
        while self.attend_une_decision:
            rappel_le = await calculer_rappel(self.plan.rappel, self.plan.departement)
            try:
                await workflow.wait_condition(
                    lambda: not self.attend_une_decision,
                    timeout=max(rappel_le - workflow.now(), timedelta()),
                    timeout_summary="rappel à la délégation",
                )
            except TimeoutError:
                await workflow.wait_condition(lambda: not self.decision_en_cours)
                if self.attend_une_decision:
                    rang += 1
                    await self.rappeler(rang)
        workflow.upsert_search_attributes([RETARD.value_set(value=False)])
        return self.validee

    async def rappeler(self, rang: int) -> None:
        workflow.upsert_search_attributes([RETARD.value_set(value=True)])
        rappel = RappelerOuverture(ouverture_id=self.ouverture_id, depots=self.examines, rang=rang)
        await obtenir(rappel, f"rappel n° {rang} à la délégation")

    async def attendre_un_gestionnaire(self) -> None:
        """However long: links may be sent again."""
        self.presenter(EtapeOuverture.VALIDEE)
        await workflow.wait_condition(lambda: self.gestionnaire_actif)
        await obtenir(RendreOperationnelle(ouverture_id=self.ouverture_id), "collectivité opérationnelle")

    @workflow.signal
    async def avancer(self, fait: OuvertureAvance) -> None:
        """A fact that identity has committed; told twice, or late, it changes nothing."""
        self.depots = max(self.depots, fait.depots)
        if fait.fait is FaitOuverture.GESTIONNAIRE_ACTIF:
            self.gestionnaire_actif = True

    @workflow.update
    async def trancher(self, decision: SoumettreOuverture) -> PlanOuverture:
        """Apply the decision of the délégation. Raises ApplicationError, typed, when identity refuses it."""
        self.decision_en_cours = True
        try:
            # Filed a moment ago: the workflow may not have heard of it yet.
            await workflow.wait_condition(lambda: self.attend_une_decision)
            self.plan = await appliquer(TrancherOuverture(decision_id=decision.decision_id), f"décision : {decision.issue}")
            self.validee = self.plan.etape is EtapeOuverture.VALIDEE
            self.attend_une_decision = False
            return self.plan
        finally:
            self.decision_en_cours = False

    @trancher.validator
    def verifier(self, decision: SoumettreOuverture) -> None:  # noqa: ARG002 -- a validator takes what the update takes
        if self.decision_en_cours:
            raise ApplicationError(DECISION_EN_COURS, type=Refus.DECISION_EN_COURS.value, non_retryable=True)
        if self.validee:
            raise ApplicationError(CIRCUIT_CLOS, type=Refus.CIRCUIT_CLOS.value, non_retryable=True)

    def presenter(self, etape: EtapeOuverture) -> EtapeOuverture:
        """Show operators where the opening stands."""
        workflow.upsert_search_attributes([ETAPE.value_set(etape.value)])
        workflow.set_current_details(SITUATIONS[etape])
        return etape
