"""Second factors: the second step of a login, one's own, those an organisation requires."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from services.web.clients.base import Client
from services.web.modeles import Jetons
from services.web.modeles_second_facteur import (
    CodesDeSecours,
    Epreuve,
    Exigence,
    ExigenceStructure,
    SecondFacteur,
    Secours,
    TotpAEnregistrer,
)

MOI = "identity/v1/moi/second-facteur"


class ClientSecondFacteur(Client):
    async def confirmer_session(self, defi: str, preuve: dict[str, Any], *, depuis: str) -> Jetons:
        return await self._lire(Jetons, "POST", "identity/v1/sessions/second-facteur", json={"defi": defi, "depuis": depuis, **preuve})

    async def eprouver_second_facteur(self, defi: str) -> Epreuve:
        return await self._lire(Epreuve, "POST", "identity/v1/sessions/second-facteur/epreuve", json={"defi": defi})

    async def eprouver_cle(self) -> Epreuve:
        return await self._lire(Epreuve, "POST", "identity/v1/sessions/cle/epreuve")

    async def ouvrir_par_cle(self, preuve: dict[str, Any], *, depuis: str) -> Jetons:
        return await self._lire(Jetons, "POST", "identity/v1/sessions/cle", json={"depuis": depuis, **preuve})

    async def second_facteur(self) -> SecondFacteur:
        return await self._lire(SecondFacteur, "GET", MOI)

    async def preparer_totp(self) -> TotpAEnregistrer:
        return await self._lire(TotpAEnregistrer, "PUT", f"{MOI}/totp")

    async def activer_totp(self, code: str) -> list[str]:
        return (await self._lire(CodesDeSecours, "POST", f"{MOI}/totp/activation", json={"code": code})).codes

    async def retirer_totp(self, mot_de_passe: str) -> None:
        await self._appeler("POST", f"{MOI}/totp/retrait", json={"mot_de_passe": mot_de_passe})

    async def tirer_les_codes(self, mot_de_passe: str) -> list[str]:
        return (await self._lire(CodesDeSecours, "POST", f"{MOI}/codes-de-secours", json={"mot_de_passe": mot_de_passe})).codes

    async def preparer_cle(self) -> Epreuve:
        return await self._lire(Epreuve, "POST", f"{MOI}/cles/epreuve")

    async def enregistrer_cle(self, nom: str, preuve: dict[str, Any]) -> list[str]:
        return (await self._lire(CodesDeSecours, "POST", f"{MOI}/cles", json={"nom": nom, **preuve})).codes

    async def retirer_cle(self, cle_id: UUID, mot_de_passe: str) -> None:
        await self._appeler("POST", f"{MOI}/cles/{cle_id}/retrait", json={"mot_de_passe": mot_de_passe})

    async def exigence(self, collectivite_id: UUID) -> bool:
        return (await self._lire(Exigence, "GET", f"identity/v1/collectivites/{collectivite_id}/second-facteur")).exige

    async def exiger(self, collectivite_id: UUID, *, exige: bool) -> None:
        await self._appeler("PUT", f"identity/v1/collectivites/{collectivite_id}/second-facteur", json={"exige": exige})

    async def exigences_des_structures(self) -> list[ExigenceStructure]:
        return await self._lire_tout(ExigenceStructure, "identity/v1/structures/second-facteur")

    async def exiger_d_une_structure(self, code: str, *, exige: bool) -> None:
        await self._appeler("PUT", f"identity/v1/structures/{quote(code, safe='')}/second-facteur", json={"exige": exige})

    async def secourir(self, identifiant: str, motif: str) -> str:
        return (await self._lire(Secours, "POST", "identity/v1/comptes/secours", json={"identifiant": identifiant, "motif": motif})).nom

    async def secourir_un_gestionnaire(self, gestionnaire_id: UUID, motif: str) -> None:
        chemin = f"identity/v1/collectivite/gestionnaires/{gestionnaire_id}/second-facteur/retrait"
        await self._appeler("POST", chemin, json={"motif": motif})
