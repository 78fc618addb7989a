"""A process of its own for one peer: reads tasks from its parent as lines of JSON, does them, and answers with times, memory and figures.

So memory is that of the peer alone, and the peers can hold their data side by side and be asked in turn.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


class FailedError(Exception):
    """A peer could not do what it was asked."""


class Worker:
    """The parent's end. Use as a context manager; the process ends with it."""

    def __init__(self, peer: str) -> None:
        self.peer = peer
        paths = os.pathsep.join([str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": paths, "PYTHONWARNINGS": "ignore"}
        command = [sys.executable, "-m", "bench.worker", peer]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env=environment,
        )

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_: object) -> None:
        # At the end of its input the process ends by itself, and takes its files away.
        try:
            self.process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()

    def do(self, task: str, **arguments: Any) -> dict[str, Any]:
        """Do a task of ``TASKS``: what it returns, with ``seconds`` it took and the process' ``peak`` in bytes. Raises ``FailedError``."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"task": task, **arguments}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise FailedError(f"{self.peer}: the process ended ({self.process.wait()}; killed for memory when -9)")
        answer: dict[str, Any] = json.loads(line)
        if "failed" in answer:
            raise FailedError(f"{self.peer}: {answer['failed']}")
        return answer


def once(peer: str, task: str, **arguments: Any) -> dict[str, Any]:
    """A task in a process of its own that ends after it."""
    with Worker(peer) as worker:
        return worker.do(task, **arguments)


def peak() -> int:
    """The most memory this process has held, in bytes. Of the process itself: what its parent held before the start does not count."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


class Held:
    """What this process has prepared."""

    def __init__(self, peer: str) -> None:
        from bench import peers

        self.module = peers.peer(peer)
        getattr(self.module, "ready", lambda: None)()
        self.prepared: Any = None
        self.log: Any = None

    def prepare(self, log: str) -> dict[str, Any]:
        from bench.logs import from_json

        self.log = from_json(log)
        self.prepared = self.module.prepare(self.log)
        return {}

    def answer(self, log: str, question: str) -> dict[str, Any]:
        """From a file not seen before to an answer."""
        self.prepare(log)
        self.module.ASK[question](self.prepared, self.log.choices["all cases"])
        return {}

    def build(self, log: str) -> dict[str, Any]:
        from bench.logs import from_json

        found: dict[str, Any] = self.module.build(from_json(log))
        return found

    def ask(self, question: str, choice: str, times: int) -> dict[str, Any]:
        ask, chosen = self.module.ASK[question], self.log.choices[choice]
        taken = []
        for _ in range(times):
            begun = time.perf_counter()
            ask(self.prepared, chosen)
            taken.append(time.perf_counter() - begun)
        return {"taken": taken}

    def figures(self, question: str, choice: str) -> dict[str, Any]:
        return {"figures": self.module.figures(self.prepared, question, self.log.choices[choice])}

    def call(self, function: str, **arguments: Any) -> dict[str, Any]:
        """A further measurement of the peer's module."""
        found: dict[str, Any] = getattr(self.module, function)(**arguments) or {}
        return found


TASKS = ("prepare", "answer", "build", "ask", "figures", "call")


def _serve(peer: str) -> None:
    # Libraries print to the terminal; only answers may go to the parent.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    held = Held(peer)
    for line in sys.stdin:
        order = json.loads(line)
        task: Callable[..., dict[str, Any]] = getattr(held, order.pop("task"))
        begun = time.perf_counter()
        try:
            answer = task(**order)
            answer |= {"seconds": time.perf_counter() - begun, "peak": peak()}
        except Exception as error:
            answer = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    _serve(sys.argv[1])
