"""The small parts of the launcher."""

import os
import socket
import stat
import sys
from datetime import timedelta
from pathlib import Path
from signal import SIGKILL

import pytest
from cryptography import x509

from deploy.local.accounts import Account, can_reach
from deploy.local.certificates import LIVE, Certificates
from deploy.local.credentials import DATABASES, Credentials
from deploy.local.failures import LaunchError
from deploy.local.logs import follow
from deploy.local.mailbox.page import linked
from deploy.local.mailbox.store import Store
from deploy.local.probes import never
from deploy.local.programs import Port, Program
from deploy.local.run_state import Instance, RunState, born, this_process
from deploy.local.services import Processes
from deploy.local.settings import StackSettings, free_ports
from deploy.local.stack import check_ports
from deploy.local.supervisor import Supervisor

NOBODY = Account("nobody", 65534, 65534)
MAIL = b"From: a@x.example\r\nTo: b@y.example\r\nSubject: Votre avis\r\n\r\nLisez http://localhost/avis/abc.\r\n"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StackSettings:
    for name in [name for name in os.environ if name.startswith("IEL_")]:
        monkeypatch.delenv(name)
    return StackSettings(state_dir=tmp_path)


def program(*argv: str) -> Program:
    return Program("essai", argv, (), never, start_seconds=5)


def test_free_ports_are_distinct_and_outside_those_of_outgoing_connections() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert max(ports) < 32_768


def test_every_port_is_changed_by_free_ports(settings: StackSettings) -> None:
    before, after = settings.model_dump(), settings.with_free_ports().model_dump()
    assert {name for name in before if before[name] != after[name]} == {name for name in before if name.startswith("port_")}


def test_an_address_given_replaces_ours(settings: StackSettings) -> None:
    elsewhere = settings.model_copy(update={"temporal_address": "temporal.example:7233", "smtp_url": "smtp://mail.example"})
    assert elsewhere.temporal_target == "temporal.example:7233"
    assert elsewhere.temporal_ui is None
    assert elsewhere.mailbox_url is None
    assert settings.mailbox_url == "http://localhost:8080/courrier"


def test_a_taken_port_is_told_with_the_variable_that_changes_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        busy = Program("identity", ("true",), (Port(number, "IEL_PORT_IDENTITY"),), never)
        with pytest.raises(LaunchError, match=f"{number}.*IEL_PORT_IDENTITY"):
            check_ports([busy])


def test_credentials_are_kept_and_private(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    first = Credentials.load(path)
    assert Credentials.load(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(first.postgres) == set(DATABASES)


def test_each_service_is_told_its_own_secrets_only(settings: StackSettings) -> None:
    credentials = Credentials.generate()
    told = {one.name: one.env for one in Processes(settings, credentials, "postgresql://postgres:x@127.0.0.1:1/postgres").services()}
    for name, environment in told.items():
        others = [*(v for k, v in credentials.nats.items() if k != name), *(v for k, v in credentials.postgres.items() if k != name)]
        assert not [secret for secret in others if any(secret in value for value in environment.values())]
        assert environment["IEL_NATS_PASSWORD"] == credentials.nats[name]
    assert [name for name, environment in told.items() if "IEL_AVIS_KEYS" in environment] == ["inscriptions"]
    assert {name for name, environment in told.items() if "IEL_DATABASE_URL" in environment} == set(DATABASES)


def test_a_closed_folder_keeps_an_account_out(tmp_path: Path) -> None:
    closed = tmp_path / "clos" / "data"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    stranger = Account("x", closed.stat().st_uid + 12_345, closed.stat().st_gid + 12_345)
    assert not can_reach(closed, stranger)
    assert can_reach(closed, None)
    assert can_reach(Path("/"), NOBODY)


def test_the_certificate_is_made_once_for_localhost(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    certificates.ensure()
    first = certificates.certificate.read_bytes()
    certificates.ensure()
    assert certificates.certificate.read_bytes() == first
    leaf = x509.load_pem_x509_certificate(first)
    ca = x509.load_pem_x509_certificate(certificates.authority.read_bytes())
    leaf.verify_directly_issued_by(ca)
    assert leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName) == ["localhost"]
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= LIVE + timedelta(hours=1)
    assert stat.S_IMODE(certificates.key.stat().st_mode) == 0o600


def test_one_supervisor_a_folder(tmp_path: Path) -> None:
    mine, other = RunState(tmp_path), RunState(tmp_path)
    assert mine.acquire()
    assert other.held()
    assert not other.acquire()
    other.release()
    assert other.held(), "who holds nothing releases nothing"
    mine.release()
    assert not other.held()


async def test_what_a_killed_supervisor_left_is_ended(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path / "logs")
    task = program(sys.executable, "-c", "import time; time.sleep(60)")
    with pytest.raises(LaunchError, match="n’est pas prêt"):
        await supervisor.start(Program("essai", task.argv, (), never, start_seconds=0.2))
    pid = supervisor.pid("essai")
    state = RunState(tmp_path)
    assert state.acquire()
    state.write(Instance(supervisor=this_process(os.getpid()), settings={}, processes={"essai": this_process(pid)}))
    assert state.end_orphans() == ["essai"]
    assert born(pid) == ""
    await supervisor.stop_all()
    state.release()


def test_a_process_that_took_the_pid_later_is_left_alone(tmp_path: Path) -> None:
    state = RunState(tmp_path)
    assert state.acquire()
    me = this_process(os.getpid())
    state.write(Instance(supervisor=me, settings={}, processes={"moi": me.model_copy(update={"born": "jadis"})}))
    assert state.end_orphans() == []
    state.release()


async def test_a_program_that_dies_at_start_says_its_last_line(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    with pytest.raises(LaunchError, match=r"code 3.*plus de place"):
        await supervisor.start(program(sys.executable, "-c", "print('plus de place'); raise SystemExit(3)"))
    await supervisor.stop_all()


async def test_an_absent_binary_is_told(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="introuvable"):
        await Supervisor(tmp_path).start(program("/nulle/part/nats-server"))


async def test_a_program_that_is_killed_comes_back_in_another_process(tmp_path: Path) -> None:
    async def at_once() -> None:
        return

    supervisor = Supervisor(tmp_path)
    await supervisor.start(Program("essai", (sys.executable, "-c", "import time; time.sleep(60)"), (), at_once))
    died = await supervisor.kill("essai")
    await supervisor.until_ready("essai")
    assert supervisor.pid("essai") != died
    again = supervisor.pid("essai")
    await supervisor.stop("essai")
    assert born(again) == ""
    with pytest.raises(ProcessLookupError):
        os.kill(again, SIGKILL)


def test_a_mail_is_kept_whole_and_found_by_whom_and_what(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep(MAIL, ["copie@z.example"])
    [mail] = store.search(to="copie@z", subject="avis")
    assert mail.liens == ("http://localhost/avis/abc",)
    assert mail.texte.startswith("Lisez")
    assert list(store.search(to="autre@z")) == []
    assert store.get("../secrets") is None


def test_the_newest_mail_comes_first(tmp_path: Path) -> None:
    store = Store(tmp_path)
    kept = [store.keep(MAIL, ["b@y.example"]) for _ in range(3)]
    assert [mail.id for mail in store.search()] == kept[::-1]


def test_addresses_become_links_and_the_rest_stays_text() -> None:
    assert linked("<b> http://localhost/a.") == '&lt;b&gt; <a href="http://localhost/a">http://localhost/a</a>.'


def test_an_unknown_log_is_told_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "nats.log").write_text("prêt\n")
    assert next(follow(tmp_path, "nats")) == ("nats", "prêt")
    with pytest.raises(LaunchError, match=r"Il y a.*nats"):
        next(follow(tmp_path, "natz"))


def test_the_provider_of_identities_is_told_to_identity_alone(settings: StackSettings) -> None:
    chosen = settings.model_copy(
        update={"oidc_issuer": "https://proconnect.example", "oidc_client_id": "iel", "oidc_client_secret": "secret"}
    )
    told = {p.name: p.env for p in Processes(chosen, Credentials.generate(), "postgresql://admin@127.0.0.1:1/postgres").services()}
    assert {name: value for name, value in told["identity"].items() if "OIDC" in name} == {
        "IEL_OIDC_ISSUER": "https://proconnect.example",
        "IEL_OIDC_CLIENT_ID": "iel",
        "IEL_OIDC_CLIENT_SECRET": "secret",
    }
    assert all("IEL_OIDC_CLIENT_SECRET" not in env for name, env in told.items() if name != "identity")
