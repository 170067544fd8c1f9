"""The command and the server: what they say when they cannot serve, and how they end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path

import httpx
import pytest


def _command(*args: str, cwd: Path) -> subprocess.Popen[str]:
    program = Path(sysconfig.get_path("scripts")) / "councilwatch"
    begin = [str(program)] if program.exists() else [sys.executable, "-c", "from councilwatch.cli import main; main()"]
    env = dict(os.environ) | {"PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(
        [*begin, "web", *args], cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env
    )


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_a_database_without_a_config_and_ends_cleanly(
    history: Path, tmp_path: Path, ending: signal.Signals
) -> None:
    process = _command("--database", str(history), "--port", "0", cwd=tmp_path)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line + (process.stderr.read() if process.stderr else "")
        for path in ("/", "/history/items.json", "/late"):
            assert httpx.get(found[0] + path, timeout=20).status_code == 200
    finally:
        process.send_signal(ending)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 0 and err == "" and out == ""


def test_what_cannot_be_served_is_one_line(history: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        (tmp_path / "text.db").write_text("not a database at all, but long enough to be looked at as one would be")
        for args, told in (
            (["--database", str(tmp_path / "none.db")], "there is no database here yet"),
            (["--database", str(tmp_path / "text.db")], "is not a database"),
            (["--database", str(history), "--port", port], "cannot serve at 127.0.0.1"),
            ([], "councilwatch.toml"),
        ):
            process = _command(*args, cwd=tmp_path)
            out, err = process.communicate(timeout=30)
            assert process.returncode == 2 and out == ""
            assert told in err and len(err.splitlines()) == 1


def test_the_port_is_on_this_machine_only(history: Path, tmp_path: Path) -> None:
    process = _command("--help", cwd=tmp_path)
    out, _ = process.communicate(timeout=30)
    assert "127.0.0.1" in out and process.returncode == 0
