"""What runs, written down so that another shell can tell, stop or read it."""

import fcntl
import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, TextIO

from pydantic import BaseModel

from deploy.local.files import writable_folder, write_private

POLL_SECONDS = 0.1


class ProcessState(BaseModel):
    """`born` tells a process from another that got the same pid later."""

    pid: int
    born: str


class Instance(BaseModel):
    """One run of the stack; `ready` once everything was ready the first time."""

    supervisor: ProcessState
    settings: dict[str, Any]
    processes: dict[str, ProcessState] = {}
    ready: bool = False


class RunState:
    """The folder `run` of a state folder: a lock held by the supervisor while it lives, and the file that describes it."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / "run"
        self._lock: TextIO | None = None

    @property
    def _file(self) -> Path:
        return self._folder / "instance.json"

    def acquire(self) -> bool:
        """Take the lock; False when a supervisor holds it."""
        writable_folder(self._folder)
        lock = (self._folder / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def release(self) -> None:
        if self._lock is not None:
            self._file.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def held(self) -> bool:
        """Whether a supervisor lives."""
        path = self._folder / "lock"
        if not path.exists():
            return False
        with path.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def read(self) -> Instance | None:
        try:
            return Instance.model_validate(json.loads(self._file.read_text()))
        except FileNotFoundError:
            return None

    def write(self, instance: Instance) -> None:
        write_private(self._file, instance.model_dump_json(indent=2))

    def end_orphans(self) -> list[str]:
        """Kill what a supervisor that was killed left behind; the names of those programs."""
        instance = self.read()
        left = {} if instance is None else {name: one for name, one in instance.processes.items() if born(one.pid) == one.born}
        for one in left.values():
            os.killpg(one.pid, signal.SIGKILL)
        while any(born(one.pid) == one.born for one in left.values()):
            time.sleep(POLL_SECONDS)
        return list(left)


def this_process(pid: int) -> ProcessState:
    return ProcessState(pid=pid, born=born(pid))


def born(pid: int) -> str:
    """When a process started, in the words of the system; empty when there is none (or only its remains)."""
    status = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        return "" if fields[0] == "Z" else fields[19]
    return subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout.strip()
