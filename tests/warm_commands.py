"""A program that has loaded everything once and runs each command in a fork of itself.

`serve ADDRESS` waits at a socket; `ask ADDRESS WORDS` hands over its own folder, environment and
standard files and leaves with the code of the command. To a shell that is the command: a process of
its own with nothing left of any other, but without the half second in which Python loads it.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONG = 120
"""Seconds in which a busy machine loads the program."""


def ask(address: str, words: list[str]) -> int:
    """Have a command run, and give its code."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        told = {"words": words, "folder": str(Path.cwd()), "environment": dict(os.environ)}
        message = json.dumps(told).encode()
        socket.send_fds(line, [len(message).to_bytes(8, "big")], [0, 1, 2])
        line.sendall(message)
        answer = line.recv(4)
    return int.from_bytes(answer, "big") if answer else 255


def serve(address: str) -> None:
    """Run what is asked until this process is ended."""
    from importlib import import_module

    from controltotal.app.cli import main
    from controltotal.verbs.loading import FILES

    for file in FILES:
        import_module(f"controltotal.verbs.{file}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        while True:
            line, _ = door.accept()
            size, files, _, _ = socket.recv_fds(line, 8, 3)
            if os.fork() == 0:
                break
            for one in files:
                os.close(one)
            line.close()
        told = _whole(line, int.from_bytes(size, "big"))
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child:  # this one tells with which code the command left
        _, status = os.waitpid(child, 0)
        line.sendall((os.waitstatus_to_exitcode(status) & 0xFF).to_bytes(4, "big"))
        os._exit(0)
    line.close()
    for number, one in enumerate(files):
        os.dup2(one, number)
        os.close(one)
    os.chdir(told["folder"])
    os.environ.clear()
    os.environ.update(told["environment"])
    sys.argv = ["controltotal", *told["words"]]
    main()


def _whole(line: socket.socket, size: int) -> dict[str, object]:
    """A message of so many bytes."""
    found = b""
    while len(found) < size:
        found += line.recv(size - len(found))
    return json.loads(found)  # type: ignore[no-any-return]


@contextmanager
def warm(folder: Path) -> Iterator[str]:
    """A program that waits, as the words of a shell that run a command with it."""
    address = folder / "door"
    begin = [sys.executable, __file__]
    process = subprocess.Popen(
        [*begin, "serve", str(address)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"NO_COLOR": "1"},
    )
    try:
        until = time.monotonic() + LONG
        while not address.exists():
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the program that waits for commands did not start")
            time.sleep(0.05)
        yield f"{begin[0]} -S -E {begin[1]} ask {address}"
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    if sys.argv[1] == "ask":
        sys.exit(ask(sys.argv[2], sys.argv[3:]))
    serve(sys.argv[2])
