"""The process of the circuits: workers, door and consumer of deposits, with health and metrics over HTTP."""

from functools import partial

from fastapi import APIRouter, FastAPI

from services.contracts.circuits import Decrire, Soumettre
from services.contracts.inscriptions import DepotEnregistre
from services.contracts.ouvertures import OuvertureAvance, SoumettreOuverture
from services.contracts.topology import consumers_of
from services.kit.app import build_app, serve
from services.kit.context import Context
from workflows.connexion import Temporal
from workflows.door import Porte
from workflows.settings import Settings
from workflows.worker import travailler


def create_app(settings: Settings) -> FastAPI:
    temporal = Temporal(settings.temporal_address, settings.temporal_namespace)
    porte = Porte(temporal, settings.temporal_namespace, settings.temporal_ui_url)

    async def temporal_answers(_context: Context) -> None:
        await temporal.ping()

    return build_app(
        settings,
        router=APIRouter(),
        consumers=consumers_of("workflows"),
        events={DepotEnregistre: porte.on_depot, OuvertureAvance: porte.on_ouverture},
        requests={Soumettre: porte.soumettre, SoumettreOuverture: porte.soumettre_ouverture, Decrire: porte.decrire},
        tasks=[partial(travailler, temporal)],
        ready={"temporal": temporal_answers},
    )


if __name__ == "__main__":
    settings = Settings()
    serve(create_app(settings), settings)
