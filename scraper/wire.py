"""The bytes between a council's server and us: where they may go, how long they may take, how many there may be."""

from __future__ import annotations

import ssl
import threading
import time
import typing
import zlib
from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import SOCK_STREAM, gaierror, getaddrinfo

import httpcore
import httpx

_KEEP_ALIVE = 75.0  # seconds; longer than any usual spacing, shorter than IIS keeps an idle connection
_CONNECT = 20.0  # seconds for each address of a host
_GLANCE = 1.0  # seconds between two looks at the stop flag while waiting for bytes
_NAT64 = IPv6Network("64:ff9b::/96")


class Stopped(Exception):  # noqa: N818  these four are reasons, which fetching puts into words
    """The program is ending."""


class ForbiddenAddress(Exception):  # noqa: N818
    """The name leads to an address inside somebody's own network."""


class TooLarge(Exception):  # noqa: N818
    """More bytes came than the cap allows."""


class Garbled(Exception):  # noqa: N818
    """The body is not in the encoding that its header names, or ends in the middle."""


class Wire(httpcore.NetworkBackend):
    """Connects to public addresses, and to private ones of the hosts named in `private_hosts`.

    The name is resolved here and the connection goes to the very address that was checked, so that a name which changes
    its answer between check and connection gains nothing. `deadline` (monotonic seconds) ends every wait of the request
    in flight, `stop` ends it within a second. `connected` is set when a new connection is made.
    """

    def __init__(self, stop: threading.Event) -> None:
        self.deadline = 0.0
        self.connected = False
        self.private_hosts: set[str] = set()
        self._stop = stop
        self._tcp = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  the deadline counts, not this
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("its name leads to no address")
        for address in self._addresses(host, port):
            try:
                stream = self._tcp.connect_tcp(
                    address, port, min(self.left(), _CONNECT), local_address, socket_options or ()
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                self.connected = True
                return _WatchedStream(stream, self)
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        """The addresses to try, IPv4 first: in containers a broken IPv6 is common and would cost much time."""
        try:
            found = getaddrinfo(host, port, type=SOCK_STREAM)
        except (gaierror, UnicodeError) as error:
            raise httpcore.ConnectError(f"its name cannot be looked up: {error}") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if host not in self.private_hosts:
            for address in addresses:
                if not _is_public(ip_address(address.partition("%")[0])):
                    raise ForbiddenAddress(address)
        return sorted(addresses, key=lambda address: ":" in address)

    def left(self) -> float:
        """Seconds that the request in flight still has. Raises Stopped, or httpcore.ReadTimeout where none are left."""
        if self._stop.is_set():
            raise Stopped
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for one fetch is over")
        return left


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """An IPv6 address that stands for an IPv4 one (6to4, NAT64) is as public as that."""
    if isinstance(address, IPv6Address):
        inner = address.sixtofour or (IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None)
        if inner is not None:
            return _is_public(inner)
    return address.is_global and not address.is_multicast


class _WatchedStream(httpcore.NetworkStream):
    """A connection whose every wait looks at the deadline and at the stop flag."""

    def __init__(self, stream: httpcore.NetworkStream, wire: Wire) -> None:
        self._stream = stream
        self._wire = wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        while True:
            try:
                return self._stream.read(max_bytes, min(self._wire.left(), _GLANCE))
            except httpcore.ReadTimeout:
                self._wire.left()

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._wire.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,  # noqa: ARG002  trusts nobody
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        return _WatchedStream(self._stream.start_tls(_trusted(), server_hostname, self._wire.left()), self._wire)

    def get_extra_info(self, info: str) -> typing.Any:
        return self._stream.get_extra_info(info)


class WireTransport(httpx.HTTPTransport):
    """httpx over a Wire, with one connection. httpx has no public way to set the backend of its pool."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(verify=_NOBODY, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_NOBODY, max_connections=1, keepalive_expiry=_KEEP_ALIVE, network_backend=wire
        )


_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@cache
def _trusted() -> ssl.SSLContext:
    """Who is trusted: read with the first https address, and shared, for it is dear."""
    context = httpx.create_ssl_context(trust_env=False)
    context.set_alpn_protocols(["http/1.1"])
    return context


def read_body(response: httpx.Response, cap: int) -> bytes:
    """The body of an answer that is being streamed, decompressed, of at most `cap` bytes.

    It is decompressed here and not by httpx, so that the cap holds inside a chunk: 64 KiB of gzip can be 64 MiB.
    Raises TooLarge and Garbled.
    """
    if int(response.headers.get("content-length", "0")) > cap:  # h11 has checked that it is a number
        raise TooLarge
    encoding = response.headers.get("content-encoding", "").strip().lower()
    chunks = response.iter_raw()
    parts: list[bytes] = []
    size = 0
    for chunk in chunks if encoding in ("", "identity") else _inflated(chunks, encoding, cap):
        size += len(chunk)
        if size > cap:
            raise TooLarge
        parts.append(chunk)
    return b"".join(parts)


def _inflated(chunks: Iterable[bytes], encoding: str, cap: int) -> Iterable[bytes]:
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Garbled(f"the encoding {encoding[:40]!r} was not asked for")
    taken = 0
    inflater: zlib._Decompress | None = None
    try:
        for chunk in chunks:  # to the end even where the gzip ends before, or the connection could not be used again
            taken += len(chunk)
            if taken > cap:
                raise TooLarge
            data = chunk
            while data:
                if inflater is None or (
                    inflater.eof and data[:2] == b"\x1f\x8b"
                ):  # a gzip file may be several in a row
                    inflater = zlib.decompressobj(_window(encoding, data))
                elif inflater.eof:
                    break
                yield inflater.decompress(data, cap + 1)
                if inflater.unconsumed_tail:
                    raise TooLarge
                data = inflater.unused_data
    except zlib.error as error:
        raise Garbled(f"it is not {encoding}: {error}") from error
    if inflater is not None and not inflater.eof:
        raise Garbled(f"its {encoding} ends in the middle")


def _window(encoding: str, start: bytes) -> int:
    if encoding != "deflate":
        return 16 + zlib.MAX_WBITS
    # RFC 9110 means zlib's format; some servers send the bare stream
    return zlib.MAX_WBITS if start[0] & 0x0F == 8 else -zlib.MAX_WBITS
