"""Who is trusted over https: read with the first such address, so that nothing before it says whether it was."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import certifi
import pytest

from scraper import wire
from scraper.fetch import Fetcher, FetchError
from scraper.manners import Manners

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl, to make a certificate")


class _Council(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/a" else 404)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"words")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    made = tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", str(tmp_path / "key.pem"), "-out", str(made)),
        ],
        check=True,
        capture_output=True,
    )
    return made


@pytest.fixture
def council(certificate: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Council)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    wire._trusted.cache_clear()
    yield
    wire._trusted.cache_clear()


def page(base: str) -> bytes:
    with Fetcher("clerk@example.org", lambda: datetime.now(UTC), stop=threading.Event()) as fetcher:
        return fetcher.host(base, Manners(0, 0)).get(f"{base}/a").body


def test_a_certificate_that_nobody_vouches_for_is_refused(council: str) -> None:
    with pytest.raises(FetchError, match="certificate verify failed"):
        page(council)


def test_a_certificate_that_is_vouched_for_is_taken(
    council: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certifi, "where", lambda: str(certificate))
    assert page(council) == b"words"


def test_a_certificate_for_another_name_is_refused(
    council: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certifi, "where", lambda: str(certificate))
    with pytest.raises(FetchError, match="certificate verify failed"):
        page(council.replace("localhost", "127.0.0.1"))
