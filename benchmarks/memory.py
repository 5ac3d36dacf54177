"""
Whether memory stays flat while a crawl goes on: 20,000 new pages, and what the process holds after each thousand.

    python benchmarks/memory.py [--pages 20000] [--hosts 200] [--size 20]

An outlet of made pages on loopback in a process of its own, `lateedition crawl --once` in another, without delay.
Prints resident memory by pages done, how much of it is the process's own, and how that grew over the second half.
"""

import argparse
import asyncio
import multiprocessing
import platform
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from pages import Press

HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n"
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def outlet(hosts: int, each: int, size: int, ports, count) -> None:
    """Serve hosts 127.8.0.1 and on, each with a feed of its pages; every page is another text."""
    press = Press()
    bodies = [press.page() for _ in range(40)]
    frames = [one.split(b"<article>", 1)[1].rsplit(b"</article>", 1) for one in bodies]
    padding = b"<!--" + b"x" * size * 1000 + b"-->"

    def page(host: int, number: int) -> bytes:
        story, _ = frames[(host * each + number) % len(frames)]
        chance = random.Random(host * each + number)
        own = "".join(
            f"<p>{' '.join(press._words[chance.randrange(9000)] for _ in range(40))}.</p>" for _ in range(3)
        )
        title = f"Story {number} of house {host}"
        return (
            f"<html lang=en><head><title>{title}</title><meta property='og:type' content='article'></head>"
            f"<body><article><h1>{title}</h1>{own}".encode()
            + story[:4000]
            + b"</article>"
            + padding
            + b"</body></html>"
        )

    def feed(base: str) -> bytes:
        items = "".join(
            f"<item><title>Story {one}</title><link>{base}/2026/11/24/story-number-{one}</link></item>"
            for one in range(each)
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()

    async def talk(reader, writer):
        host = int(writer.get_extra_info("sockname")[0].rpartition(".")[2])
        while head := await reader.readuntil(b"\r\n\r\n"):
            lines = head.decode().split("\r\n")
            path = lines[0].split(" ")[1]
            name = next(line for line in lines if line.startswith("Host:")).partition(":")[2].strip()
            if path == "/feed.xml":
                body = feed(f"http://{name}")
            elif path.startswith("/2026/"):
                body = page(host, int(path.rpartition("-")[2]))
                count.value += 1
            else:
                writer.write(MISSING)
                continue
            writer.write(HEAD.format(len(body)).encode() + body)
            await writer.drain()

    async def quietly(reader, writer):
        try:
            await talk(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def serve():
        first = await asyncio.start_server(quietly, "127.8.0.1", 0)
        port = first.sockets[0].getsockname()[1]
        for host in range(2, hosts + 1):
            await asyncio.start_server(quietly, f"127.8.0.{host}", port)
        ports.put(port)
        await asyncio.sleep(1e9)

    asyncio.run(serve())


def resident(pid: int) -> tuple[float, float]:
    """Return the resident memory of a process in MB, and how much of it is its own and no file's."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    values = {name: value for name, _, value in (line.partition(":") for line in lines)}
    return tuple(int(values[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon"))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=20000)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--size", type=int, default=20, help="KB that each page has besides its story")
    asked = parser.parse_args()
    ports, count = multiprocessing.Queue(), multiprocessing.Value("q", 0, lock=False)
    each = asked.pages // asked.hosts
    server = multiprocessing.Process(
        target=outlet, args=(asked.hosts, each, asked.size, ports, count), daemon=True
    )
    server.start()
    port = ports.get()
    print(
        f"{platform.machine()}, Python {platform.python_version()}, {asked.pages} pages of {asked.hosts} hosts"
    )
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        (home / "lateedition.toml").write_text(
            'allowed_private_networks = ["127.8.0.0/16"]\n[politeness]\ndelay = 0\nconcurrency_per_host = 4\n'
        )
        command = [sys.executable, "-m", "lateedition", "--home", str(home)]
        wanted = home / "list.txt"
        wanted.write_text(
            "".join(f"http://127.8.0.{one}:{port}/feed.xml\n" for one in range(1, asked.hosts + 1))
        )
        subprocess.run([*command, "watch", "--file", str(wanted)], check=True, capture_output=True)
        watched = subprocess.Popen([*command, "crawl", "--once"], stderr=subprocess.PIPE, text=True)
        seen: list[tuple[int, float]] = []
        ends: list[float] = []
        began, step = time.monotonic(), max(asked.pages // 20, 1)
        print(f"{'pages':>8} {'seconds':>8} {'MB':>8} {'of them its own':>16}")
        while watched.poll() is None:
            try:
                held, own = resident(watched.pid)
            except (KeyError, OSError):
                break
            if count.value >= len(seen) * step + step:
                seen.append((count.value, own))
                took = time.monotonic() - began
                print(f"{count.value:>8} {took:>8.0f} {held:>8.1f} {own:>16.1f}", flush=True)
            elif count.value >= asked.pages:
                ends.append(own)
            time.sleep(0.2)
        print(watched.stderr.read().strip().splitlines()[-1] if watched.stderr else "")
    server.terminate()
    half = [memory for _, memory in seen[len(seen) // 2 :]]
    if half:
        print(f"its own, second half: {half[0]:.1f} MB to {half[-1]:.1f} MB, at most {max(half):.1f} MB")
    if ends:
        print(f"after the last page: at most {max(ends):.1f} MB, at the end {ends[-1]:.1f} MB")


if __name__ == "__main__":
    main()
