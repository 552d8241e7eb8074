"""What operators read of a circuit in the Temporal UI: search attributes, and where it stands, in French."""

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from services.contracts.inscriptions import EtapeCourante, PlanCircuit
    from services.kit.french import instant_long
    from workflows.noms import COLLECTIVITE, ECHEANCE_LE, ETAPE, RETARD, SESSION

TITRES = {
    EtapeCourante.AVIS: "Avis",
    EtapeCourante.VALIDATION: "Validation par la collectivité",
    EtapeCourante.INSTRUCTION: "Instruction par l’organisme",
    EtapeCourante.CONVOCATION: "Convocation",
    EtapeCourante.TERMINEE: "Circuit terminé",
}


class Tableau:
    def presenter(self, plan: PlanCircuit) -> None:
        workflow.upsert_search_attributes(
            [COLLECTIVITE.value_set(str(plan.collectivite_id)), SESSION.value_set(plan.session_code), RETARD.value_set(value=False)]
        )

    def etape(self, etape: EtapeCourante, situation: str, echeance: datetime | None = None, relances: tuple[datetime, ...] = ()) -> None:
        """The circuit reaches a step: `situation` says who holds the request."""
        workflow.upsert_search_attributes(
            [ETAPE.value_set(etape.value), ECHEANCE_LE.value_set(echeance) if echeance else ECHEANCE_LE.value_unset()]
        )
        lignes = [f"**{TITRES[etape]}**", situation]
        if echeance:
            lignes.append(f"Jusqu’au {_en_toutes_lettres(echeance)}.")
        lignes += [f"Relance prévue le {_en_toutes_lettres(relance)}." for relance in relances]
        workflow.set_current_details("\n\n".join(lignes))

    def retard(self, en_retard: bool) -> None:
        """A délai of avis has run out; true until the request is transmitted."""
        workflow.upsert_search_attributes([RETARD.value_set(value=en_retard)])


def _en_toutes_lettres(instant: datetime) -> str:
    # babel reads the names of the months from its files when they are first needed: text for people, no command.
    with workflow.unsafe.imports_passed_through(), workflow.unsafe.sandbox_unrestricted():
        return instant_long(instant)
