"""The circuit of a collectivité: read, changed, its versions."""

from typing import Annotated

from fastapi import APIRouter, Header, Response

from services.inscriptions.endpoints.commun import Qui, Reglages
from services.inscriptions.schemas import CircuitPublic, CircuitUpdate
from services.inscriptions.service import circuits
from services.kit.http import Tx
from services.kit.problems import Problem

router = APIRouter()


@router.get("/circuit")
async def lire_circuit(acteur: Qui, tx: Tx, response: Response) -> CircuitPublic:
    circuit = await circuits.lire(tx, acteur)
    response.headers["ETag"] = f'"{circuit.version}"'
    return circuit


@router.get("/circuit/versions")
async def lire_les_versions(acteur: Qui, tx: Tx) -> list[CircuitPublic]:
    return await circuits.versions(tx, acteur)


@router.put("/circuit")
async def changer_circuit(
    corps: CircuitUpdate,
    acteur: Qui,
    tx: Tx,
    reglages: Reglages,
    response: Response,
    if_match: Annotated[str | None, Header()] = None,
) -> CircuitPublic:
    """Change the circuit for the requests to come; `If-Match` carries the `ETag` that was read."""
    circuit = await circuits.changer(tx, acteur, corps, depuis=_version(if_match), delais_courts=reglages.delais_courts)
    response.headers["ETag"] = f'"{circuit.version}"'
    return circuit


def _version(if_match: str | None) -> int:
    etiquette = (if_match or "").strip('"')
    if not etiquette.isdigit():
        raise Problem(
            "if-match-absent",
            "L’en-tête If-Match est obligatoire pour changer le circuit.",
            status=428,
            detail="Renvoyez l’en-tête ETag reçu à la lecture.",
        )
    return int(etiquette)
