"""A child that is a whole Dask cluster on loopback: it says its address, and ends when its input does."""

import sys

from distributed import LocalCluster


def main(workers: int) -> None:
    """Run scheduler and workers, each a process of its own."""
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", scheduler_port=0, dashboard_address=None
    ) as cluster:
        sys.stdout.write(f"{cluster.scheduler_address}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]))
