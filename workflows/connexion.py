"""The connection to Temporal: tried until it answers, and never a reason for the process to fall."""

import asyncio
from datetime import timedelta

import temporalio.client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

from services.kit.logs import get_logger
from services.kit.problems import Unavailable
from workflows.correlation import Correlation

NOUVEL_ESSAI_SECONDES = 1.0
SONDE_SECONDES = 2

log = get_logger(__name__)


def indisponible() -> Unavailable:
    return Unavailable(
        "Le suivi des dossiers ne répond pas pour le moment.",
        slug="circuit-indisponible",
        detail="Votre décision n’est pas perdue\N{NO-BREAK SPACE}: réessayez dans quelques instants.",
    )


class Temporal:
    """The client of this process, once there is one."""

    def __init__(self, address: str, namespace: str) -> None:
        self._address = address
        self._namespace = namespace
        self._client: temporalio.client.Client | None = None
        self._connected = asyncio.Event()

    @property
    def client(self) -> temporalio.client.Client:
        """Raises Unavailable until the first connection; afterwards the SDK reconnects by itself."""
        if self._client is None:
            raise indisponible()
        return self._client

    async def connect(self) -> temporalio.client.Client:
        while self._client is None:
            try:
                self._client = await temporalio.client.Client.connect(
                    self._address,
                    namespace=self._namespace,
                    data_converter=pydantic_data_converter,
                    interceptors=[Correlation()],
                )
            except (RuntimeError, RPCError) as error:
                log.warning("temporal.waiting", address=self._address, error=str(error))
                await asyncio.sleep(NOUVEL_ESSAI_SECONDES)
        self._connected.set()
        return self._client

    async def connected(self) -> temporalio.client.Client:
        """Wait for the first connection."""
        await self._connected.wait()
        return self.client

    async def ping(self) -> None:
        """Raises when Temporal does not answer."""
        await self.client.service_client.check_health(timeout=timedelta(seconds=SONDE_SECONDES))
