"""Stages and sessions for tests: sound unless told otherwise."""

from datetime import date, datetime, time, timedelta
from typing import Any

from services.catalogue import domain
from services.contracts import ids

MAINTENANT = datetime(2026, 11, 23, 12, tzinfo=domain.PARIS)
DEBUT = date(2027, 3, 1)
BRETAGNE = domain.Structure(code="BRE", nom="Délégation Bretagne")
NATIONALE = domain.Aire(nationale=True)


def un_stage(**autrement: Any) -> domain.Stage:
    valeurs: dict[str, Any] = {
        "code": "SXM5A",
        "intitule": "Rédiger un acte administratif sûr",
        "domaine": "Affaires juridiques",
        "nature": domain.Nature.PERFECTIONNEMENT,
        "organisation": domain.Organisation.INTER,
        "objectifs": "Choisir la forme de l’acte.",
        "public": "Rédacteurs",
        "duree_jours": 2,
        "duree_heures": 12,
    }
    return domain.Stage(**(valeurs | autrement))


def un_regroupement(debut: date = DEBUT, jours: int = 2) -> domain.Regroupement:
    return domain.Regroupement(debut=debut, fin=debut + timedelta(days=jours - 1), heure_debut=time(9), heure_fin=time(17))


def une_session(numero: str = "001", *, debut: date = DEBUT, **autrement: Any) -> domain.Session:
    stage = autrement.get("stage") or un_stage()
    valeurs: dict[str, Any] = {
        "id": ids.session_id(f"{stage.code} {numero}"),
        "stage": stage,
        "numero": numero,
        "structure": BRETAGNE,
        "lieu": "Rennes",
        "adresse": "1 rue des Ajoncs, 35000 Rennes",
        "regroupements": (un_regroupement(debut),),
        "date_limite": domain.fin_de_journee(debut - timedelta(days=42)),
        "effectif_attendu": 15,
        "effectif_minimum": 8,
        "conseiller": "Gwenaëlle Le Goff",
        "conseiller_email": "gwenaelle.legoff@organisme.example",
        "aire": NATIONALE,
    }
    return domain.Session(**(valeurs | autrement))
