"""What a topic of calls is written with."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, BinaryIO, TypeVar

import httpx
from pydantic import BaseModel

ModelT = TypeVar("ModelT", bound=BaseModel)


class Appels(ABC):
    @abstractmethod
    async def _lire(self, modele: type[ModelT], methode: str, chemin: str, **demande: Any) -> ModelT:
        """Call, and read the answer."""

    @abstractmethod
    async def _appeler(
        self,
        methode: str,
        chemin: str,
        *,
        json: Mapping[str, Any] | None = None,
        fichier: tuple[str, BinaryIO] | None = None,
        params: Mapping[str, str] | None = None,
        entetes: Mapping[str, str] | None = None,
        cle: str | None = None,
    ) -> httpx.Response:
        """Call. Whatever goes wrong is raised as a `Problem`."""
