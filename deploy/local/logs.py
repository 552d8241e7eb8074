"""Follow the logs of the stack, as `tail -f` would, with the name of each program before its lines."""

import time
from collections.abc import Iterator
from pathlib import Path

from deploy.local.failures import LaunchError

POLL_SECONDS = 0.3
PAST_BYTES = 4000


def follow(folder: Path, name: str | None) -> Iterator[tuple[str, str]]:
    """Pairs of program and line, for ever: the last lines, then those that come."""
    if name is not None and not (folder / f"{name}.log").exists():
        known = ", ".join(sorted(path.stem for path in folder.glob("*.log"))) or "aucun"
        raise LaunchError(f"Aucun journal ne s’appelle «\u00a0{name}\u00a0». Il y a\u00a0: {known}.")
    read: dict[Path, int] = {}
    while True:
        for path in sorted(folder.glob(f"{name or '*'}.log")):
            yield from _new_lines(path, read)
        time.sleep(POLL_SECONDS)


def _new_lines(path: Path, read: dict[Path, int]) -> Iterator[tuple[str, str]]:
    size = path.stat().st_size
    start = read.get(path, max(size - PAST_BYTES, 0))
    start = 0 if start > size else start
    with path.open("rb") as file:
        file.seek(start)
        content = file.read()
    whole = content[: content.rfind(b"\n") + 1]
    read[path] = start + len(whole)
    for line in whole.decode(errors="replace").splitlines():
        yield path.stem, line
