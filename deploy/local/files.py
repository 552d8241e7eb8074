"""Files written whole or not at all."""

import os
import tempfile
from pathlib import Path

from deploy.local.failures import LaunchError


def write_private(path: Path, text: str) -> None:
    """Replace `path` in one step; only its owner may read it."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    Path(temporary).replace(path)


def writable_folder(path: Path) -> Path:
    """Make the folder if needed.

    The folder can be crossed, not listed, by other accounts: PostgreSQL may run under one of its own, in a folder below.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o711)
        with tempfile.TemporaryFile(dir=path):
            return path
    except OSError as error:
        raise LaunchError(
            f"Impossible d’écrire dans le dossier {path}\u00a0: donnez-vous les droits d’écriture, "
            "ou choisissez un autre dossier avec IEL_STATE_DIR."
        ) from error
