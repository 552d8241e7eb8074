"""The whole stack: `LocalStack(settings).start()` returns when everything is ready, `.stop()` when nothing runs."""

import asyncio
import os
import shutil
from collections.abc import Callable, Coroutine
from typing import Any

from deploy.local.credentials import DATABASES, Credentials
from deploy.local.failures import LaunchError
from deploy.local.files import writable_folder
from deploy.local.nats import Nats
from deploy.local.postgres import Postgres, count_statements, make_database, make_role
from deploy.local.programs import Program, nothing
from deploy.local.run_state import Instance, RunState, this_process
from deploy.local.services import WORKER, Processes
from deploy.local.settings import StackSettings, is_free
from deploy.local.settling import Backlog
from deploy.local.smtp import Mailbox
from deploy.local.supervisor import Happening, Say, Supervisor, Tone, silently
from deploy.local.temporal import Temporal
from deploy.local.traefik import Gateway

ALREADY = "La plateforme est déjà en marche\u00a0: «\u00a0make status\u00a0» la décrit, «\u00a0make down\u00a0» l’arrête."
OURS = ("postgres", "nats", "gateway", "documents", "mailbox", "logs", "run", "secrets.json", "jwt-keys.json")
TEMPORAL_FILES = ("temporal.db", "temporal.db-wal", "temporal.db-shm")


class LocalStack:
    """Servers, services, worker and gateway of one state folder.

    `restart`, `kill`, `stop_program` and `start_program` take the name of a program: see `pids`.
    """

    def __init__(self, settings: StackSettings, say: Say = silently) -> None:
        self.settings = settings
        self._say = say
        writable_folder(settings.state_dir)
        self._credentials = Credentials.load(settings.state_dir / "secrets.json")
        self._state = RunState(settings.state_dir)
        self._supervisor = Supervisor(settings.state_dir / "logs", say, self._write_down)
        self._ready = False
        self._postgres = Postgres.place(settings.state_dir, settings.port_postgres, self._credentials.postgres_admin)
        self.processes = Processes(settings, self._credentials, self.postgres_admin_url)

    @property
    def postgres_admin_url(self) -> str:
        return self.settings.postgres_url or self._postgres.url

    @property
    def pids(self) -> dict[str, int]:
        """Live processes by program."""
        return self._supervisor.pids

    def pid(self, name: str) -> int:
        return self._supervisor.pid(name)

    def database_url(self, service: str) -> str:
        return self.processes.database_url(service)

    def servers(self) -> dict[str, Program]:
        """Those that are ours to start."""
        settings, folder = self.settings, self.settings.state_dir
        ours: dict[str, Program] = {}
        if settings.postgres_url is None:
            ours["postgres"] = self._postgres.program()
        if settings.nats_url is None:
            ours["nats"] = Nats(folder / "nats", settings.port_nats, settings.port_nats_monitor, self._credentials.nats).program()
        if settings.temporal_address is None:
            database = folder / "temporal.db"
            ours["temporal"] = Temporal(database, settings.port_temporal, settings.port_temporal_ui, settings.temporal_namespace).program()
        if settings.smtp_url is None:
            ours["smtp"] = Mailbox(folder / "mailbox", settings.port_smtp, settings.port_mailbox).program()
        return ours

    def gateway(self) -> list[Program]:
        settings = self.settings
        if settings.gateway_url is not None:
            return []
        services = {program.name: settings.port_of(program.name) for program in self.processes.services() if program.name != WORKER}
        mailbox_port = None if settings.smtp_url else settings.port_mailbox
        return [Gateway(settings.state_dir / "gateway", settings.port_gateway, settings.port_gateway_tls, services, mailbox_port).program()]

    def programs(self) -> list[Program]:
        """Everything that stays up, in order of start."""
        return [*self.servers().values(), *self.processes.services(), *self.gateway()]

    async def start(self, welcome: Callable[[], None] = nothing) -> None:
        """Start everything and wait until all is ready; `welcome` is called before others are told so.

        LaunchError when something cannot start: what was started is stopped.
        """
        if not self._state.acquire():
            raise LaunchError(ALREADY)
        try:
            for name in await asyncio.to_thread(self._state.end_orphans):
                self._say(Happening(Tone.WARNING, name, "restait d’un lancement interrompu\u00a0; il est arrêté"))
            check_ports(self.programs())
            await self._bring_up()
            welcome()
        except BaseException:
            await self.stop()
            raise
        self._ready = True
        self._write_down()

    async def stop(self) -> None:
        """Stop everything in reverse order; the data stays."""
        self._ready = False
        await self._supervisor.stop_all()
        self._state.release()

    async def restart(self, name: str) -> None:
        await self._supervisor.restart(name)

    async def kill(self, name: str) -> int:
        """Kill without warning; the pid that died. The supervisor starts it again: `until_ready` waits for that."""
        return await self._supervisor.kill(name)

    async def until_ready(self, name: str) -> None:
        await self._supervisor.until_ready(name)

    async def stop_program(self, name: str) -> None:
        """Stop one program, and leave it stopped."""
        await self._supervisor.stop(name)

    async def start_program(self, name: str) -> None:
        """Start one program that was stopped, and wait until it is ready."""
        await self._supervisor.start(next(program for program in self.programs() if program.name == name))

    async def settled(self, seconds: float = 60) -> None:
        """Wait until every event written was published and handled. LaunchError when some are left after `seconds`."""
        databases = [self.database_url(name) for name in DATABASES]
        await Backlog(databases, None if self.settings.nats_url else self.settings.port_nats_monitor).settled(seconds)

    def forget(self) -> None:
        """Delete the data; only what the stack made."""
        self._postgres.forget()
        for name in (*OURS, *TEMPORAL_FILES):
            path = self.settings.state_dir / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        if not any(self.settings.state_dir.iterdir()):
            self.settings.state_dir.rmdir()

    async def _bring_up(self) -> None:
        servers = self.servers()
        await together(
            self._data(servers.get("postgres")),
            self._bus(servers.get("nats"), servers.get("temporal")),
            self._start(servers.get("smtp")),
        )
        await together(
            self._demonstration(),
            *(self._supervisor.start(program) for program in (*self.processes.services(), *self.gateway())),
        )
        try:
            await self.settled()
        except LaunchError as error:
            self._say(Happening(Tone.WARNING, "nats", str(error)))

    async def _data(self, server: Program | None) -> None:
        """PostgreSQL, with a migrated database a service."""
        await self._start(server)
        await asyncio.to_thread(self._make_databases)
        await together(*(self._supervisor.run(program) for program in self.processes.migrations()))

    def _make_databases(self) -> None:
        for name in DATABASES:
            make_role(self.postgres_admin_url, f"iel_{name}", self._credentials.postgres[name])
            make_database(self.postgres_admin_url, f"iel_{name}", f"iel_{name}")
        if self.settings.postgres_url is None:
            count_statements(self.postgres_admin_url)

    async def _bus(self, nats: Program | None, temporal: Program | None) -> None:
        """NATS and Temporal, provisioned."""
        await together(self._start(nats), self._start(temporal))
        await self._supervisor.run(self.processes.provision())

    async def _start(self, program: Program | None) -> None:
        if program is not None:
            await self._supervisor.start(program)

    async def _demonstration(self) -> None:
        for seed in self.processes.seeds():
            await self._supervisor.run(seed)

    def _write_down(self) -> None:
        self._state.write(
            Instance(
                supervisor=this_process(os.getpid()),
                settings=self.settings.model_dump(mode="json"),
                processes={name: this_process(pid) for name, pid in self.pids.items()},
                ready=self._ready,
            )
        )


async def together(*work: Coroutine[Any, Any, None]) -> None:
    """Do it all at once; the first failure ends the rest and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from errors


def check_ports(programs: list[Program]) -> None:
    for program in programs:
        for port in program.ports:
            if not is_free(port.number):
                raise LaunchError(
                    f"Le port {port.number} ({program.name}) est déjà pris\u00a0: libérez-le, ou choisissez-en un autre "
                    f"avec {port.variable}=…"
                )
