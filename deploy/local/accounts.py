"""PostgreSQL refuses to run as root: then it gets an unprivileged account, and files that this account can reach."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int


def unprivileged() -> Account | None:
    """The account to give up root for; None when we are not root, and run everything as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    return Account("65534", 65534, 65534)


def can_reach(path: Path, account: Account | None) -> bool:
    """Whether every folder from the root to `path` (or to the deepest one that exists) lets the account through."""
    if account is None:
        return True
    resolved = path.resolve()
    return all(_lets_through(folder.stat(), account) for folder in (resolved, *resolved.parents) if folder.is_dir())


def _lets_through(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
