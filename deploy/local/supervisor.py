"""Starts programs, waits until they work, starts again those that die, stops them in reverse order."""

import asyncio
import signal
import time
from asyncio.subprocess import Process
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from deploy.local.failures import LaunchError
from deploy.local.files import writable_folder
from deploy.local.programs import NotReady, Program
from deploy.local.spawn import kill_group, spawn

POLL_SECONDS = 0.05
FIRST_DELAY = 0.2
LONGEST_DELAY = 15.0
STEADY_SECONDS = 30.0
"""A program that ran this long is started again at once when it dies."""


class Tone(StrEnum):
    INFO = "info"
    READY = "ready"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Happening:
    """One line for whoever watches: `who` is the program, or the stack itself."""

    tone: Tone
    who: str
    text: str


Say = Callable[[Happening], None]


def silently(_: Happening) -> None:
    """For whoever does not watch."""


@dataclass
class Running:
    program: Program
    process: Process
    started_at: float
    deaths: int = 0
    watch: asyncio.Task[None] | None = field(default=None)


class Supervisor:
    """Holds the running programs by name, in order of start."""

    def __init__(self, logs: Path, say: Say = silently, changed: Callable[[], None] = lambda: None) -> None:
        """`changed` is called whenever a process was started or has gone."""
        self._logs = logs
        self._say = say
        self._changed = changed
        self._running: dict[str, Running] = {}

    @property
    def pids(self) -> dict[str, int]:
        """Live processes by program, in order of start."""
        return {name: one.process.pid for name, one in self._running.items() if one.process.returncode is None}

    def pid(self, name: str) -> int:
        return self._running[name].process.pid

    def log_of(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    async def start(self, program: Program) -> None:
        """Start and wait until ready. LaunchError when it dies or is not ready in time."""
        began = time.monotonic()
        await asyncio.to_thread(program.prepare)
        writable_folder(self._logs)
        process = await spawn(program, self.log_of(program.name))
        running = Running(program, process, time.monotonic())
        self._running[program.name] = running
        self._changed()
        await self._until_ready(running)
        running.watch = asyncio.create_task(self._watch(running))
        self._say(Happening(Tone.READY, program.name, f"prêt en {time.monotonic() - began:.1f}".replace(".", ",") + "\u00a0s"))

    async def run(self, task: Program) -> None:
        """Run a task to its end. LaunchError when it fails."""
        writable_folder(self._logs)
        process = await spawn(task, self.log_of(task.name))
        try:
            code = await process.wait()
        finally:
            kill_group(process.pid)
        if code != 0:
            raise LaunchError(
                f"La tâche {task.name} a échoué (code {code})\u00a0: lisez {self.log_of(task.name)}.{self._last_words(task.name)}"
            )
        self._say(Happening(Tone.INFO, task.name, "fait"))

    async def stop(self, name: str) -> None:
        """Stop one program: politely, then not. Nothing happens when it does not run."""
        running = self._running.pop(name, None)
        if running is None:
            return
        if running.watch is not None:
            running.watch.cancel()
            await asyncio.gather(running.watch, return_exceptions=True)
        await self._end(running)
        self._changed()
        self._say(Happening(Tone.INFO, name, "arrêté"))

    async def stop_all(self) -> None:
        for name in reversed(list(self._running)):
            await self.stop(name)

    async def restart(self, name: str) -> None:
        program = self._running[name].program
        await self.stop(name)
        await self.start(program)

    async def kill(self, name: str) -> int:
        """Kill one process without warning and return its pid once it is gone; it is started again by itself."""
        process = self._running[name].process
        process.send_signal(signal.SIGKILL)
        await process.wait()
        return process.pid

    async def until_ready(self, name: str) -> None:
        """Wait until a program that was killed works again, in a process that lives."""
        await self._until_ready(self._running[name], through_deaths=True)

    async def _until_ready(self, running: Running, *, through_deaths: bool = False) -> None:
        program, reason = running.program, "n’a pas démarré"
        try:
            async with asyncio.timeout(program.start_seconds):
                while True:
                    alive = running.process.returncode is None
                    if not alive and not through_deaths:
                        raise LaunchError(self._died(running))
                    try:
                        if alive:
                            await program.ready()
                            return
                    except NotReady as error:
                        reason = str(error)
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError as error:
            raise LaunchError(
                f"{program.name} n’est pas prêt après {program.start_seconds:.0f}\u00a0secondes ({reason})\u00a0: "
                f"lisez {self.log_of(program.name)}."
            ) from error

    def _died(self, running: Running) -> str:
        name, code = running.program.name, running.process.returncode
        return f"{name} s’est arrêté au démarrage (code {code})\u00a0: lisez {self.log_of(name)}.{self._last_words(name)}"

    def _last_words(self, name: str) -> str:
        lines = [line for line in self.log_of(name).read_text(errors="replace").splitlines() if line.strip()]
        # A process says why it stops, then that it has stopped.
        why = [line for line in lines if '"level": "error"' in line or '"level": "critical"' in line] or lines
        return f" Il dit\u00a0: {why[-1][:300]}" if why else ""

    async def _watch(self, running: Running) -> None:
        """Start the program again whenever it dies, later and later when it keeps dying."""
        name = running.program.name
        while True:
            code = await running.process.wait()
            kill_group(running.process.pid)
            self._changed()
            running.deaths = 0 if time.monotonic() - running.started_at > STEADY_SECONDS else running.deaths + 1
            delay = min(FIRST_DELAY * 2.0**running.deaths, LONGEST_DELAY)
            text = f"s’est arrêté (code {code})\u00a0; redémarrage dans {delay:.1f}".replace(".", ",") + "\u00a0s"
            self._say(Happening(Tone.WARNING, name, text))
            await asyncio.sleep(delay)
            running.process = await spawn(running.program, self.log_of(name))
            running.started_at = time.monotonic()
            self._changed()
            try:
                await self._until_ready(running)
            except LaunchError as error:
                self._say(Happening(Tone.ERROR, name, str(error)))
            else:
                self._say(Happening(Tone.READY, name, "de nouveau prêt"))

    async def _end(self, running: Running) -> None:
        process, program = running.process, running.program
        if process.returncode is None:
            process.send_signal(program.stop_signal)
            try:
                async with asyncio.timeout(program.stop_seconds):
                    await process.wait()
            except TimeoutError:
                self._say(Happening(Tone.WARNING, program.name, "ne s’arrête pas de lui-même\u00a0; il est tué"))
        kill_group(process.pid)
        await process.wait()
