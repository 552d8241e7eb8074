"""The circuit a collectivité composes, and what makes it acceptable."""

from collections.abc import Sequence

from services.contracts.inscriptions import Delai, EtapeAvis, UniteDelai

PAR_DEFAUT: tuple[EtapeAvis, ...] = (EtapeAvis(delai=Delai(valeur=5), relances=(Delai(valeur=3),)),)
"""The N+1 has five business days, reminded at the third and on the eve; then his deputy, then « avis non rendu »."""

DELAI_MAXIMUM = 60
ETAPES_MAXIMUM = 1


def defauts(etapes: Sequence[EtapeAvis], *, delais_courts: bool) -> list[tuple[str, str]]:
    """What is wrong with a circuit: (field, sentence) pairs, none when it is acceptable."""
    trouves: list[tuple[str, str]] = []
    if len(etapes) > ETAPES_MAXIMUM:
        trouves.append(("etapes", "Le circuit demande un avis au plus, celui du supérieur hiérarchique."))
    for rang, etape in enumerate(etapes):
        champ = f"etapes.{rang}"
        unites = {etape.delai.unite, *(relance.unite for relance in etape.relances)}
        if UniteDelai.SECONDES in unites and not delais_courts:
            trouves.append((f"{champ}.delai", "Les délais se comptent en jours ouvrés."))
        if len(unites) > 1:
            trouves.append((f"{champ}.relances", "Comptez les relances dans la même unité que le délai."))
        if not 1 <= etape.delai.valeur <= DELAI_MAXIMUM:
            trouves.append((f"{champ}.delai", f"Donnez un délai de 1 à {DELAI_MAXIMUM}."))
        if any(not 1 <= relance.valeur < etape.delai.valeur for relance in etape.relances):
            trouves.append((f"{champ}.relances", "Chaque relance part après la demande et avant l’échéance."))
    return trouves
