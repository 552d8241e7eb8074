"""What every topic needs: to call, and to read the answer as a model."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel

ModelT = TypeVar("ModelT", bound=BaseModel)


class Appels(ABC):
    @abstractmethod
    async def _lire(self, modele: type[ModelT], methode: str, chemin: str, **demande: Any) -> ModelT:
        """The body of the answer."""

    @abstractmethod
    async def _appeler(
        self, methode: str, chemin: str, *, json: Mapping[str, Any] | None = None, entetes: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """The answer; whatever goes wrong is raised as a `Problem`."""
