"""What the commands of the launcher do; each returns its exit code."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from deploy.local.console import console, show, show_addresses, show_status
from deploy.local.failures import LaunchError
from deploy.local.files import writable_folder
from deploy.local.logs import follow
from deploy.local.run_state import RunState
from deploy.local.settings import ROOT, StackSettings
from deploy.local.stack import ALREADY, LocalStack
from deploy.local.status import running_settings, status

POLL_SECONDS = 0.1
STOP_SECONDS = 120.0


def up(settings: StackSettings) -> int:
    """Start everything and stay until Ctrl-C or SIGTERM."""
    if _is_up(settings):
        return _say_up(settings)
    asyncio.run(_until_told_to_stop(LocalStack(settings, show)))
    console.print("La plateforme est arrêtée\u00a0; ses données sont gardées.")
    return 0


def up_detached(settings: StackSettings) -> int:
    """Start everything in the background; return when all is ready."""
    if _is_up(settings):
        return _say_up(settings)
    with _background(settings):
        return 0


def down(settings: StackSettings) -> int:
    state = RunState(settings.state_dir)
    instance = state.read()
    if not state.held() or instance is None:
        state.end_orphans()
        console.print("La plateforme est déjà arrêtée.")
        return 0
    os.kill(instance.supervisor.pid, signal.SIGTERM)
    end = time.monotonic() + STOP_SECONDS
    while state.held():
        if time.monotonic() > end:
            raise LaunchError(
                f"La plateforme ne s’arrête pas\u00a0: lisez {settings.state_dir / 'logs'}, puis tuez {instance.supervisor.pid}."
            )
        time.sleep(POLL_SECONDS)
    console.print("La plateforme est arrêtée\u00a0; ses données sont gardées.")
    return 0


def reset(settings: StackSettings) -> int:
    """Stop, and forget the data."""
    there = settings.state_dir.exists()
    if there:
        down(settings)
        LocalStack(settings).forget()
    console.print("Les données de la plateforme sont effacées." if there else "Il n’y avait pas de données à effacer.")
    return 0


def show_state(settings: StackSettings) -> int:
    """0 only when all is ready."""
    if not settings.state_dir.exists():
        console.print("La plateforme est arrêtée.")
        return 1
    ready, programs = asyncio.run(status(settings))
    show_status(programs)
    if ready:
        show_addresses(running_settings(settings))
    else:
        console.print("La plateforme n’est pas prête.")
    return 0 if ready else 1


def logs(settings: StackSettings, name: str | None) -> int:
    with contextlib.suppress(KeyboardInterrupt):
        for program, line in follow(settings.state_dir / "logs", name):
            console.print(f"[bold]{program:<26}[/] ", end="")
            console.out(line, highlight=False)
    return 0


def demo(settings: StackSettings) -> int:
    """Play the scenario on the stack that runs, or on one that lives as long as it."""
    if _is_up(settings):
        return _scenario(running_settings(settings))
    with _background(settings) as started:
        code = _scenario(settings)
        down(settings)
        started.wait()
        return code


def _is_up(settings: StackSettings) -> bool:
    return RunState(settings.state_dir).held()


def _say_up(settings: StackSettings) -> int:
    console.print(ALREADY)
    show_addresses(running_settings(settings))
    return 0


def _scenario(settings: StackSettings) -> int:
    environment = LocalStack(settings).processes.scenario_environment()
    return subprocess.run([sys.executable, "-m", "deploy.demo.scenario"], cwd=ROOT, env=environment, check=False).returncode


async def _until_told_to_stop(stack: LocalStack) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    starting = asyncio.create_task(stack.start(lambda: show_addresses(stack.settings)))

    def told() -> None:
        stop.set()
        starting.cancel()

    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(one, told)
    try:
        await starting
    except asyncio.CancelledError:
        return
    await stop.wait()
    await stack.stop()


@contextlib.contextmanager
def _background(settings: StackSettings) -> Iterator[subprocess.Popen[bytes]]:
    """A supervisor in a session of its own, told of once the stack is ready; stopped when that fails or the block raises."""
    writable_folder(settings.state_dir)
    told = writable_folder(settings.state_dir / "logs") / "lancement.txt"
    with told.open("wb") as output:
        environment = os.environ | {"IEL_STATE_DIR": str(settings.state_dir)} | ({"FORCE_COLOR": "1"} if console.is_terminal else {})
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local", "up"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _watch_start(settings, process, told)
        yield process
    except BaseException:
        process.terminate()
        process.wait()
        raise


def _watch_start(settings: StackSettings, process: subprocess.Popen[bytes], told: Path) -> None:
    """Repeat what the supervisor says until it is ready. LaunchError when it ends before."""
    state, repeated = RunState(settings.state_dir), 0
    while True:
        ended = process.poll() is not None
        instance = state.read()
        ready = instance is not None and instance.ready and instance.supervisor.pid == process.pid
        text = told.read_bytes()
        sys.stdout.write(text[repeated:].decode(errors="replace"))
        sys.stdout.flush()
        repeated = len(text)
        if ready:
            return
        if ended:
            raise LaunchError("La plateforme n’a pas démarré.")
        time.sleep(POLL_SECONDS)
