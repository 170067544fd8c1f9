from __future__ import annotations

import contextlib
import gzip
import hashlib
import socket
import struct
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpcore
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.fetch import Fetcher, FetchError, Page, Validators, join, sha256, validators_of
from scraper.host import Limits
from scraper.manners import Manners
from scraper.page import is_challenge
from scraper.wire import ForbiddenAddress, Wire

PAGE = b"<html><div id='modgov'>" + b"agenda " * 2000 + b"</div></html>"


def refused(host, url, kind):
    with pytest.raises(FetchError) as caught:
        host.get(url)
    assert caught.value.kind == kind, caught.value
    assert str(caught.value).isprintable()
    return caught.value


def test_a_page_as_it_came(visit, make_answer):
    visit.server.answers = {
        "/mgAi.aspx?ID=1": make_answer(PAGE, Content_Type="text/html; charset=utf-8", ETag='"v1"', Server="IIS")
    }
    host = visit.host()
    page = host.get(f"{visit.server.url}/mgAi.aspx?ID=1#AI1")
    url = f"{visit.server.url}/mgAi.aspx?ID=1"
    headers = {"content-type": "text/html; charset=utf-8", "etag": '"v1"'}
    assert page == Page(url, url, 200, headers, PAGE, visit.clock.now)
    assert sha256(page) == hashlib.sha256(PAGE).hexdigest()
    assert host.requests == 2
    assert host.bytes == len(PAGE)


# --- conditional requests -----------------------------------------------------------------------------------------


def test_validators_of_one_answer_go_into_the_next_question(visit, make_answer):
    stamp = "Thu, 20 Nov 2025 10:00:00 GMT"
    visit.server.answers = {"/a": make_answer(PAGE, ETag='W/"v1"', Last_Modified=stamp)}
    host = visit.host()
    validators = validators_of(host.get(f"{visit.server.url}/a"))
    assert validators == Validators('W/"v1"', stamp)
    visit.server.answers["/a"] = b'HTTP/1.1 304 Not Modified\r\nETag: W/"v1"\r\n\r\n'
    host.begin_poll()
    page = host.get(f"{visit.server.url}/a", validators=validators)
    assert (page.not_modified, page.body, page.status) == (True, b"", 304)
    asked = visit.server.log[-1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('W/"v1"', stamp)


def test_a_304_that_nobody_asked_for_is_no_page(visit):
    visit.server.answers = {"/a": b"HTTP/1.1 304 Not Modified\r\n\r\n"}
    refused(visit.host(), f"{visit.server.url}/a", "status")


def test_validators_that_cannot_be_sent_are_left_out(visit, make_answer):
    visit.server.answers = {"/a": make_answer(b"a")}
    assert visit.host().get(f"{visit.server.url}/a", validators=Validators('"\xe9\r\nX: 1"', "")).body == b"a"
    assert "if-none-match" not in visit.server.log[-1].headers


# --- what an answer refuses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, "blocked"),
        (403, "blocked"),
        (404, "gone"),
        (410, "gone"),
        (429, "throttled"),
        (503, "throttled"),
        (400, "status"),
        (407, "status"),
        (418, "status"),
        (500, "status"),
        (502, "status"),
        (504, "status"),
    ],
)
def test_statuses(visit, make_answer, status, kind):
    visit.server.answers = {"/a": make_answer(PAGE, status=status)}
    error = refused(visit.host(), f"{visit.server.url}/a", kind)
    assert error.status == status
    assert str(status) in str(error)
    assert visit.server.paths == ["/a"]  # a status is an answer: it is not asked for again


CHALLENGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>cf</body></html>"
INCAPSULA = (
    b'<html><head><META NAME="robots"></head><body><iframe src="/_Incapsula_Resource?CWUDNSAI=9">'
    b"Request unsuccessful. Incapsula incident ID: 1</iframe></body></html>"
)


@pytest.mark.parametrize("body", [CHALLENGE, INCAPSULA])
@pytest.mark.parametrize("status", [200, 403, 503])
def test_a_challenge_page_is_a_block_whatever_its_status(visit, make_answer, body, status):
    visit.server.answers = {"/a": make_answer(body, status=status, content_type="text/html")}
    host = visit.host()
    error = refused(host, f"{visit.server.url}/a", "blocked")
    assert "asks for a browser" in str(error)
    assert host.left_until is None
    assert visit.server.paths == ["/a"]


def test_a_council_may_write_about_challenges():
    page = b"<div id='modgov'><title>Just a moment</title> _Incapsula_Resource Access Denied</div>"
    assert not is_challenge({}, page)
    assert is_challenge({"cf-mitigated": "challenge"}, b"")


# --- redirects and hosts ------------------------------------------------------------------------------------------


def test_a_redirect_on_the_same_host_is_followed(visit, make_answer):
    visit.server.answers = {
        "/a": make_answer(status=302, location="(X(1)S(fkn0))/b c.aspx"),
        "/(X(1)S(fkn0))/b%20c.aspx": make_answer(b"b"),
    }
    page = visit.host().get(f"{visit.server.url}/a")
    assert page.url == f"{visit.server.url}/a"
    assert page.final_url == f"{visit.server.url}/(X(1)S(fkn0))/b%20c.aspx"


def test_a_cookie_is_given_back_to_the_host_that_set_it(visit, make_answer):
    visit.server.answers = {
        "/a": make_answer(status=302, location="/b", set_cookie="ASP.NET_SessionId=1; path=/; HttpOnly"),
        "/b": make_answer(b"b"),
    }
    visit.host().get(f"{visit.server.url}/a")
    assert visit.server.log[-1].headers["cookie"] == "ASP.NET_SessionId=1"


@pytest.mark.parametrize("cookie", ["a=\xd2\x87", "a=\x01", "=", ";;;"])
def test_a_cookie_that_cannot_be_given_back_does_no_harm(visit, make_answer, cookie):
    with_cookie = make_answer(b"a", set_cookie="COOKIE").replace(b"COOKIE", cookie.encode("latin-1"))
    visit.server.answers = {"/a": with_cookie, "/b": make_answer(b"b")}
    host = visit.host()
    for path in ("/a", "/b"):
        with contextlib.suppress(FetchError):
            host.get(visit.server.url + path)
    assert host.get(f"{visit.server.url}/b").body == b"b"


@pytest.mark.parametrize(
    "location",
    [
        "http://elsewhere.invalid/",
        "//elsewhere.invalid/",
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://user:pw@127.0.0.1/",
        "http://[",
        "/a",
    ],
)
def test_a_redirect_elsewhere_is_not_followed(visit, make_answer, location):
    visit.server.answers = {"/a": make_answer(status=302, location=location)}
    refused(visit.host(), f"{visit.server.url}/a", "redirect")
    assert visit.server.paths == ["/a"]


@pytest.mark.parametrize("status", [404, 500])
def test_where_many_addresses_lead_to_is_asked_once_in_a_poll(visit, make_answer, status):
    visit.server.answers = {
        "/a": make_answer(status=302, Location="/mgError.aspx"),
        "/b": make_answer(status=302, Location="/mgError.aspx"),
        "/mgError.aspx": make_answer(b"gone", status=status),
    }
    host = visit.host()
    kind = refused(host, f"{visit.server.url}/a", "gone" if status == 404 else "status").kind
    refused(host, f"{visit.server.url}/b", kind)
    refused(host, f"{visit.server.url}/mgError.aspx", kind)
    assert visit.server.paths == ["/a", "/mgError.aspx", "/b"]


def test_redirects_end(visit, make_answer):
    for n in range(40):
        visit.server.answers[f"/{n}"] = make_answer(status=301, location=f"/{n + 1}")
    visit.server.answers |= {
        "/x": make_answer(status=302, location="/y"),
        "/y": make_answer(status=302, location="/x"),
    }
    host = visit.host()
    refused(host, f"{visit.server.url}/0", "redirect")
    assert len(visit.server.paths) == 6
    refused(host, f"{visit.server.url}/x", "redirect")
    assert len(visit.server.paths) == 8


def test_only_the_hosts_of_the_source_are_read(visit, make_answer):
    visit.server.answers = {"/a": make_answer(b"a")}
    name = f"localhost:{visit.server.port}"
    host = visit.host()
    refused(host, f"http://{name}/a", "forbidden address")
    visit.fetcher.host(f"http://{name}", Manners(0, 0))
    visit.fetcher.host(visit.server.url, Manners(0, 0), allowed_hosts=frozenset({name.upper()}))
    host.begin_poll()
    # allowed now; but only the name in base_url may lead into a private network
    refused(host, f"http://{name}/a", "forbidden address")
    assert visit.server.log == []


def test_a_private_address_is_read_only_where_the_operator_named_it(visit, make_answer):
    visit.server.answers = {"/a": make_answer(b"a")}
    base = f"http://localhost:{visit.server.port}"
    with Fetcher("you@example.org", visit.clock, stop=visit.stop) as fetcher:
        error = refused(fetcher.host(base, Manners(0, 0), private=False), f"{base}/a", "forbidden address")
        assert "private network" in str(error)
        assert visit.server.log == []
    assert visit.fetcher.host(base, Manners(0, 0)).get(f"{base}/a").body == b"a"


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "172.16.0.1",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
        "255.255.255.255",
    ],
)
def test_addresses_inside_somebodys_network(address):
    with pytest.raises(ForbiddenAddress):
        Wire(threading.Event()).connect_tcp(address, 80)


@pytest.mark.parametrize(
    "base", ["ftp://example.org", "example.org", "http://u:p@example.org", "http://", "http://h:x"]
)
def test_a_base_url_that_is_none_is_told_in_one_line(visit, base):
    with pytest.raises(ValueError, match="is not a web address; write it like"):
        visit.fetcher.host(base, Manners())


# --- caps ---------------------------------------------------------------------------------------------------------


def test_a_body_over_the_cap_is_not_read_to_its_end(visit):
    sent = []

    def thirty_megabytes(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(480):
            connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            sent.append(0x10000)

    visit.server.answers = {"/a": thirty_megabytes}
    refused(visit.host(), f"{visit.server.url}/a", "too large")
    assert sum(sent) < 20_000_000


def test_a_body_that_announces_too_much_is_not_read_at_all(visit):
    visit.server.answers = {"/a": b"HTTP/1.1 200 OK\r\nContent-Length: 31457280\r\n\r\n"}
    refused(visit.host(), f"{visit.server.url}/a", "too large")


def test_documents_have_a_cap_of_their_own(visit, make_answer):
    visit.server.answers = {"/d.pdf": make_answer(b"x" * 300_000), "/e.pdf": make_answer(b"x" * 300_000)}
    host = visit.host()
    assert len(host.get(f"{visit.server.url}/d.pdf", document=True).body) == 300_000
    with pytest.raises(FetchError, match="more than 299,999 bytes"):
        host.get(f"{visit.server.url}/e.pdf", document=True, max_bytes=299_999)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_is_stopped_at_the_cap(visit, make_answer, encoding):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31 if encoding == "gzip" else 15)
    bomb = b"".join(packer.compress(b" " * 1_000_000) for _ in range(100)) + packer.flush()
    visit.server.answers = {"/a": make_answer(bomb, content_encoding=encoding)}
    refused(visit.host(), f"{visit.server.url}/a", "too large")


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE[:100]) + gzip.compress(PAGE[100:])),
        ("gzip", gzip.compress(PAGE) + b"\0\0"),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", bare_deflate(PAGE)),
        ("identity", PAGE),
    ],
)
def test_compressed_bodies_are_unpacked_and_the_connection_is_kept(visit, make_answer, encoding, body):
    visit.server.answers = {"/a": make_answer(body, content_encoding=encoding), "/b": make_answer(b"b")}
    host = visit.host()
    assert host.get(f"{visit.server.url}/a").body == PAGE
    assert host.bytes == len(body)
    assert host.get(f"{visit.server.url}/b").body == b"b"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", PAGE), ("gzip", gzip.compress(PAGE)[:-20]), ("br", PAGE), ("gzip, gzip", PAGE), ("deflate", b"xx")],
)
def test_a_body_that_is_not_what_its_header_says_is_no_page(visit, make_answer, encoding, body):
    visit.server.answers = {"/a": make_answer(body, content_encoding=encoding)}
    refused(visit.host(), f"{visit.server.url}/a", "unreachable")


# --- time ---------------------------------------------------------------------------------------------------------


def trickle(start: bytes, drop: bytes):
    def send(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(drop)
            time.sleep(0.02)

    return send


@pytest.mark.parametrize(
    "reply",
    [
        lambda connection: connection.recv(1),  # it hangs
        trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n", b"x"),
        trickle(b"HTTP/1.1 200 OK\r\n", b"X"),
        trickle(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
)
def test_what_hangs_or_drips_ends_at_the_deadline(visit, reply):
    visit.server.answers = {"/a": reply}
    limits = Limits(seconds_per_fetch=0.4)
    with Fetcher("you@example.org", visit.clock, stop=visit.stop, limits=limits) as fetcher:
        error = refused(fetcher.host(visit.server.url, Manners(0, 0)), f"{visit.server.url}/a", "timeout")
    assert "0.4 seconds" in str(error)


def test_a_host_that_hangs_twice_has_its_peace(visit):
    visit.server.answers = {f"/{n}": lambda connection: connection.recv(1) for n in range(3)}
    limits = Limits(seconds_per_fetch=0.2)
    with Fetcher("you@example.org", visit.clock, stop=visit.stop, limits=limits) as fetcher:
        host = fetcher.host(visit.server.url, Manners(0, 0))
        for n, kind in enumerate(["timeout", "timeout", "left alone"]):
            refused(host, f"{visit.server.url}/{n}", kind)


def test_a_request_that_hangs_ends_when_the_program_does(visit):
    reached = threading.Event()

    def hang(connection: socket.socket) -> None:
        reached.set()
        connection.recv(1)

    visit.server.answers = {"/a": hang}
    with (
        Fetcher("you@example.org", visit.clock, stop=visit.stop) as fetcher,
        ThreadPoolExecutor(1) as thread,
    ):
        host = fetcher.host(visit.server.url, Manners(0, 0))
        refusal = thread.submit(refused, host, f"{visit.server.url}/a", "stopped")
        assert reached.wait(30)
        visit.stop.set()
        refusal.result(timeout=30)


# --- broken connections -------------------------------------------------------------------------------------------


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_only_a_kept_alive_connection_that_breaks_is_followed_by_another(visit, make_answer):
    visit.server.answers = {"/a": reset, "/b": reset, "/c": make_answer(b"c")}
    host = visit.host()
    refused(host, f"{visit.server.url}/a", "unreachable")  # on the connection that brought robots.txt
    refused(host, f"{visit.server.url}/b", "unreachable")
    refused(host, f"{visit.server.url}/b", "unreachable")
    assert host.get(f"{visit.server.url}/c").body == b"c"
    assert visit.server.paths == ["/a", "/a", "/b", "/c"]


def test_a_kept_alive_connection_that_breaks_is_tried_once_more(visit):
    answered = []

    def one_connection_for_two(connection: socket.socket) -> None:
        answered.append(1)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na")
        connection.recv(4096)  # the next request, on the same connection, is not answered
        reset(connection)

    visit.server.answers = {"/a": one_connection_for_two, "/b": one_connection_for_two}
    host = visit.host()
    assert host.get(f"{visit.server.url}/a").body == b"a"
    assert host.get(f"{visit.server.url}/b").body == b"a"
    assert len(answered) == 2


def test_a_page_that_breaks_off_is_no_page(visit):
    def break_off(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n" + PAGE[:5000])
        connection.shutdown(socket.SHUT_RDWR)

    visit.server.answers = {"/a": break_off}
    error = refused(visit.host(), f"{visit.server.url}/a", "unreachable")
    assert "broke off" in str(error)
    assert visit.server.paths == ["/a"]


def test_no_server_and_no_name(visit):
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    for base in (f"http://127.0.0.1:{port}", "http://council.invalid"):
        host = visit.fetcher.host(base, Manners())
        error = refused(host, f"{base}/a", "unreachable")
        assert "robots.txt" in str(error)


def test_a_server_that_speaks_no_tls_is_unreachable_over_https(visit):
    base = visit.server.url.replace("http:", "https:")
    refused(visit.fetcher.host(base, Manners(0, 0)), f"{base}/a", "unreachable")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=400),
        st.builds(
            lambda status, name, value, body: b"HTTP/1.1 %d X\r\n%s: %s\r\n\r\n%s" % (status, name, value, body),
            st.integers(100, 999),
            st.sampled_from(
                [
                    b"Content-Length",
                    b"Transfer-Encoding",
                    b"Content-Encoding",
                    b"Location",
                    b"Retry-After",
                    b"Set-Cookie",
                    b"Date",
                    b"ETag",
                    b"Content-Type",
                    b"Connection",
                ]
            ),
            st.one_of(st.binary(max_size=60), st.sampled_from([b"9" * 5000, b"gzip", b"chunked", b"-1", b"http://["])),
            st.binary(max_size=200),
        ),
    )
)
def test_whatever_a_server_sends_ends_in_a_page_or_a_refusal(visit, raw):
    def send(connection: socket.socket) -> None:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_RDWR)

    visit.server.answers = {"/a": send}
    host = visit.host()
    visit.clock.move(days=40)
    host.begin_poll(again=True)
    try:
        page = host.get(f"{visit.server.url}/a")
    except FetchError as error:
        assert str(error).isprintable()
    else:
        assert len(page.body) <= 200_000


# --- addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "joined"),
    [
        ("mgAi.aspx?ID=1#AI1", "https://h.gov.uk/moderngov/mgAi.aspx?ID=1#AI1"),
        ("/mgAi.aspx", "https://h.gov.uk/mgAi.aspx"),
        ("", "https://h.gov.uk/moderngov/ieList.aspx?CId=1"),
        ("?CId=2", "https://h.gov.uk/moderngov/ieList.aspx?CId=2"),
        (" documents/s1/A\r\n report £5.pdf ", "https://h.gov.uk/moderngov/documents/s1/A%20report%20%C2%A35.pdf"),
        (
            "documents/g1/100% and 5%20more.pdf?T=0",
            "https://h.gov.uk/moderngov/documents/g1/100%25%20and%205%20more.pdf?T=0",
        ),
        ("//www.h.gov.uk:443/x", "https://www.h.gov.uk/x"),
        ("HTTP://H.gov.uk", "http://h.gov.uk/"),
        ("mailto:someone@h.gov.uk", None),
        ("javascript:void(0)", None),
        ("https://user:secret@h.gov.uk/", None),
        ("https://good.gov.uk\\@evil.example/", None),
        ("http://h.gov.uk:port/", None),
        ("http://[::1", None),
    ],
)
def test_join(href, joined):
    assert join("https://h.gov.uk/moderngov/ieList.aspx?CId=1", href) == joined


ADDRESS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="htps:/.@[]%#?&=\\ \r\n\tab1é", max_size=60),
    st.builds(lambda a, b: f"http{a}//{b}", st.sampled_from([":", "s:", "", "S:"]), st.text(max_size=40)),
)


@settings(max_examples=100)
@given(ADDRESS, ADDRESS)
def test_join_never_raises_and_never_leaves_the_web(base, href):
    for start in (base, "https://h.gov.uk/a/b.aspx"):
        url = join(start, href)
        if url is not None:
            parts = urlsplit(url)
            assert parts.scheme in ("http", "https")
            assert parts.hostname
            assert parts.username is None
            assert url.isascii()
            assert url.isprintable()
            assert " " not in url
            assert join("https://h.gov.uk/a/b.aspx", url) == url


def test_a_refusal_is_one_line_whatever_is_in_it():
    error = FetchError("http://h/\x1b[31m", "status", "first\r\nsecond\x9b")
    assert str(error) == "http://h/\\x1b[31m: first\\r\\nsecond\\x9b"


def test_the_connection_goes_where_the_check_looked(visit, make_answer):
    """`localhost` is looked up once, and the connection is made to that very address, not to the name."""
    wire = Wire(threading.Event())
    wire.private_hosts.add("localhost")
    wire.deadline = time.monotonic() + 30
    stream = wire.connect_tcp("localhost", visit.server.port)
    assert isinstance(stream, httpcore.NetworkStream)
    assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
    stream.close()


def test_dates_in_pages_come_from_the_clock_passed_in(visit, make_answer):
    visit.server.answers = {"/a": make_answer(b"a")}
    visit.clock.now = datetime(2031, 1, 1, tzinfo=UTC)
    assert visit.host().get(f"{visit.server.url}/a").fetched_at == datetime(2031, 1, 1, tzinfo=UTC)
