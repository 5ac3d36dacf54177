"""
Extracts pages on the workers of a Dask cluster: the one home of Dask.

Pages travel to the workers as the archive holds them, and what they say comes back; nothing else of the home is
seen there, and a cluster that goes away has changed nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.metadata import version as installed_version
from typing import Any

from archive.errors import ArchiveError

__all__ = ["ClusterError", "on_cluster"]

#: Seconds in which scheduler and workers have to answer.
PATIENCE = 30
SCHEMES = ("tcp://", "tls://")
#: Pieces of work that travel together: one page takes about as long as one message.
TOGETHER = 8


class ClusterError(ArchiveError):
    """A cluster cannot be used; its text says why and what to do."""


def on_cluster(address: str, *, version: str) -> Callable[[int], AbstractContextManager[Callable[..., Any]]]:
    """
    Return what opens a cluster for `reprocess`.

    Args:
        address: of the scheduler, `tcp://…` or `tls://…`.
        version: of this software; workers of another one would find something else.

    Raises:
        ClusterError: Dask is not installed; on opening, nobody answers there, or not as one of ours.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        message = "--cluster: install `lateedition[cluster]` first."
        raise ClusterError(message) from error

    if not address.startswith(SCHEMES):
        message = (
            f"--cluster {address}: is no address of a Dask scheduler; say tcp://HOST:PORT or tls://HOST:PORT."
        )
        raise ClusterError(message)
    connect: Any = Client  # it has no types

    @contextmanager
    def spread(_many: int) -> Iterator[Callable[..., Any]]:
        try:
            client = connect(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            message = f"--cluster {address}: no Dask scheduler answers there ({error}); see that `dask scheduler` runs."
            raise ClusterError(message) from error
        try:
            _check(client, address, version)
            yield lambda work, things: _mapped(client, address, work, things)
        finally:
            client.close()

    return spread


def _check(client: Any, address: str, version: str) -> None:
    """See that workers are there, and that all of them run this version."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        found = client.run(installed_version, "lateedition", on_error="return")
    except (OSError, TimeoutError) as error:
        message = f"--cluster {address}: has no workers; start some with `dask worker {address}`."
        raise ClusterError(message) from error
    for worker, one in found.items():
        if one != version:
            has = "no lateedition" if isinstance(one, Exception) else f"lateedition {one}"
            message = f"--cluster {address}: worker {worker} has {has}; install lateedition {version} there."
            raise ClusterError(message)


def _mapped(client: Any, address: str, work: Callable[[Any], Any], things: Iterable[Any]) -> Iterator[Any]:
    """Yield the results in the order of the things; work that killed its workers is told in words."""
    given = list(things)
    for thing, future in zip(given, client.map(work, given, pure=False, batch_size=TOGETHER), strict=True):
        yield _result(thing, future, address)


def _result(thing: Any, future: Any, address: str) -> Any:
    from distributed import CancelledError, KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return f"{thing}: cost several workers of {address} their lives; what it shows was left as it was."
    except (CancelledError, OSError, TimeoutError) as error:
        message = (
            f"--cluster {address}: went away; nothing was written. See that it runs, and reprocess again."
        )
        raise ClusterError(message) from error
