"""Start a process of the stack so that it cannot outlive us."""

import asyncio
import ctypes
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, STDOUT, Process
from pathlib import Path
from typing import Any, BinaryIO

from deploy.local.failures import LaunchError
from deploy.local.programs import Program

PR_SET_PDEATHSIG = 1
LONGEST_LOG = 20_000_000
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


async def spawn(program: Program, log: Path) -> Process:
    """The process, at the head of its own group, with its output appended to `log`.

    Its own session keeps Ctrl-C for us, who stop things in order.
    """
    as_account: dict[str, Any] = {}
    if program.account is not None:
        as_account = {"user": program.account.uid, "group": program.account.gid, "extra_groups": []}
    try:
        with _appended(log) as output:
            return await asyncio.create_subprocess_exec(
                *program.argv,
                env=dict(program.env),
                cwd=program.folder,
                stdin=DEVNULL,
                stdout=output,
                stderr=STDOUT,
                start_new_session=True,
                # One system call, looked up before the fork: safe even beside threads.
                preexec_fn=lambda: _die_with_parent(program.stop_signal),
                **as_account,
            )
    except FileNotFoundError as error:
        raise LaunchError(
            f"Le programme {program.binary} est introuvable\u00a0: lancez «\u00a0make up\u00a0», qui installe ce qui manque."
        ) from error
    except PermissionError as error:
        raise LaunchError(f"Le programme {program.binary} ne peut pas être exécuté\u00a0: vérifiez ses droits.") from error


def _appended(log: Path) -> BinaryIO:
    """The log file, its past put aside once it is long."""
    if log.exists() and log.stat().st_size > LONGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")


def _die_with_parent(stop_signal: signal.Signals) -> None:
    """Have Linux stop the child when we die, even killed; elsewhere the next start finds it by its file and stops it."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, int(stop_signal))


def kill_group(leader: int) -> None:
    """Kill what is left of a process and its children."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        # Nobody is left, or (on macOS) only those that have ended already.
        return
