"""The state of a stack, asked from any shell."""

import asyncio
from dataclasses import dataclass

from deploy.local.programs import NotReady, Program
from deploy.local.run_state import Instance, RunState, born
from deploy.local.settings import StackSettings
from deploy.local.stack import LocalStack


@dataclass(frozen=True)
class ProgramStatus:
    name: str
    pid: int | None
    ports: tuple[int, ...]
    ready: bool
    reason: str = ""


def running_settings(settings: StackSettings) -> StackSettings:
    """Those of the stack that runs in this state folder, whatever our environment says; ours when none does."""
    instance = RunState(settings.state_dir).read()
    return settings if instance is None else StackSettings.model_validate(instance.settings)


async def status(settings: StackSettings) -> tuple[bool, list[ProgramStatus]]:
    """Whether everything is ready, and the state of each program of ours."""
    state = RunState(settings.state_dir)
    instance = state.read() if state.held() else None
    programs = LocalStack(running_settings(settings)).programs()
    states = list(await asyncio.gather(*(_status(program, instance) for program in programs)))
    return instance is not None and instance.ready and all(one.ready for one in states), states


async def _status(program: Program, instance: Instance | None) -> ProgramStatus:
    ports = tuple(port.number for port in program.ports)
    process = None if instance is None else instance.processes.get(program.name)
    if process is None or born(process.pid) != process.born:
        return ProgramStatus(program.name, None, ports, ready=False, reason="arrêté")
    try:
        await program.ready()
    except NotReady as reason:
        return ProgramStatus(program.name, process.pid, ports, ready=False, reason=str(reason))
    return ProgramStatus(program.name, process.pid, ports, ready=True)
