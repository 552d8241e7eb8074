"""Real servers for the tests, run by a loop of their own so that any test, synchronous or not, may use them."""

import asyncio
import itertools
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from deploy.local.credentials import Credentials
from deploy.local.nats import Nats
from deploy.local.postgres import Postgres, make_database, make_role, service_url
from deploy.local.settings import StackSettings, free_ports
from deploy.local.stack import LocalStack
from deploy.local.supervisor import Supervisor
from deploy.provision import ProvisionSettings, main
from services.kit.migrate import upgrade

T = TypeVar("T")


class LoopThread:
    """An event loop in a thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="servers", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it there and wait here; not to be called from an async test (use `do`)."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it there without blocking the loop of the test."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class PostgresServer:
    """One cluster; `database_for` gives databases of one's own."""

    def __init__(self, folder: Path, threads: LoopThread) -> None:
        self._threads = threads
        self._credentials = Credentials.generate()
        self._cluster = Postgres.place(folder, free_ports(1)[0], self._credentials.postgres_admin)
        self._supervisor = Supervisor(folder / "logs")
        self._templates: set[str] = set()
        self._numbers = itertools.count(1)

    @property
    def admin_url(self) -> str:
        """The superuser's address, `postgresql://…`."""
        return self._cluster.url

    def start(self) -> None:
        self._threads.run(self._supervisor.start(self._cluster.program()))

    def forget(self) -> None:
        self._threads.run(self._supervisor.stop_all())
        self._cluster.forget()

    def database_for(self, service: str) -> str:
        """The address (`postgresql+psycopg://…`) of a fresh database of this service, migrated to its newest schema."""
        role = f"iel_{service}"
        template = f"{role}_template"
        if service not in self._templates:
            self._new_database(template, service)
            upgrade(service, self._url(service, template))
            self._templates.add(service)
        name = f"{role}_{next(self._numbers)}"
        make_database(self.admin_url, name, role, template)
        return self._url(service, name)

    def copy_of(self, url: str, service: str) -> str:
        """The address of a copy of this database of the service, that nobody is connected to."""
        name = f"iel_{service}_{next(self._numbers)}"
        make_database(self.admin_url, name, f"iel_{service}", url.rsplit("/", 1)[1])
        return self._url(service, name)

    def empty_database_for(self, service: str) -> str:
        """The address of a fresh database of this service, with no table."""
        name = f"iel_{service}_{next(self._numbers)}"
        self._new_database(name, service)
        return self._url(service, name)

    async def restart(self) -> None:
        await self._threads.do(self._supervisor.restart("postgres"))

    async def stop(self) -> None:
        await self._threads.do(self._supervisor.stop("postgres"))

    async def start_again(self) -> None:
        await self._threads.do(self._supervisor.start(self._cluster.program()))

    def _new_database(self, name: str, service: str) -> None:
        make_role(self.admin_url, f"iel_{service}", self._password(service))
        make_database(self.admin_url, name, f"iel_{service}")

    def _url(self, service: str, database: str) -> str:
        return service_url(self.admin_url, f"iel_{service}", self._password(service), database)

    def _password(self, service: str) -> str:
        return self._credentials.postgres.get(service, service)


@dataclass(frozen=True)
class NatsLogin:
    """What a client needs to connect as one user."""

    nats_url: str
    nats_user: str
    nats_password: str


class NatsServer:
    """A provisioned server; it keeps its port and its data through stops and starts."""

    def __init__(self, folder: Path, threads: LoopThread) -> None:
        self._threads = threads
        self._credentials = Credentials.generate()
        port, monitor = free_ports(2)
        self._server = Nats(folder / "nats", port, monitor, self._credentials.nats)
        self._supervisor = Supervisor(folder / "logs")

    @property
    def url(self) -> str:
        return self._server.url

    def password(self, user: str) -> str:
        return self._credentials.nats[user]

    def login(self, user: str) -> NatsLogin:
        return NatsLogin(self.url, user, self.password(user))

    def open(self) -> None:
        """Start and provision."""
        self._threads.run(self._open())

    def close(self) -> None:
        self._threads.run(self._supervisor.stop_all())

    async def stop(self) -> None:
        await self._threads.do(self._supervisor.stop("nats"))

    async def start(self) -> None:
        await self._threads.do(self._supervisor.start(self._server.program()))

    async def restart(self) -> None:
        await self._threads.do(self._supervisor.restart("nats"))

    async def _open(self) -> None:
        await self._supervisor.start(self._server.program())
        await main(ProvisionSettings.model_validate(self.login("provision").__dict__))


class RunningStack:
    """The whole stack with its demonstration data, seen from outside, and its processes to kill."""

    def __init__(self, stack: LocalStack, threads: LoopThread) -> None:
        self._stack = stack
        self._threads = threads

    @property
    def url(self) -> str:
        """Where browsers and programs go: the gateway."""
        return self._stack.settings.public_url

    @property
    def settings(self) -> StackSettings:
        return self._stack.settings

    def database_url(self, service: str) -> str:
        return self._stack.database_url(service)

    def pid(self, name: str) -> int:
        return self._stack.pid(name)

    async def kill(self, name: str) -> int:
        """Kill a process by its pid, without warning; the supervisor starts it again."""
        return await self._threads.do(self._stack.kill(name))

    async def until_ready(self, name: str) -> None:
        await self._threads.do(self._stack.until_ready(name))

    async def stop_program(self, name: str) -> None:
        await self._threads.do(self._stack.stop_program(name))

    async def start_program(self, name: str) -> None:
        await self._threads.do(self._stack.start_program(name))
