"""Who may ask the workbench, what every answer carries, and peers that are slow."""

import json
import socket
import threading

import pytest
import uvicorn
from starlette.testclient import TestClient

from corridor_net.workbench import protocol
from corridor_net.workbench.answers import Workbench
from corridor_net.workbench.app import application
from corridor_net.workbench.guard import HEADERS, host_of
from corridor_net.workbench.questions import MOST_TEXT

from .conftest import Here

PATIENCE = 60
JSON = {"content-type": "application/json"}


class Broken:
    """Answers that fail in the application itself."""

    async def ask(self, name, body):
        raise ZeroDivisionError


@pytest.fixture(scope="module")
def client(shipped):
    app = application(Here(Workbench(shipped)), hosts=("testserver", "127.0.0.1"))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


# headers


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/", {}, 200),
        ("GET", "/web/workbench.js", {}, 200),
        ("GET", "/api/network", {}, 200),
        ("GET", "/openapi.json", {}, 200),
        ("GET", "/nowhere", {}, 404),
        ("GET", "/api/answer", {}, 405),
        ("GET", "/", {"headers": {"host": "evil.example"}}, 400),
        ("GET", "/api/network", {"headers": {"sec-fetch-site": "cross-site"}}, 403),
        ("GET", "/api/network", {"params": {"as_of": "soon"}}, 422),
        ("POST", "/api/answer", {"content": b"{", "headers": JSON}, 400),
        ("POST", "/api/answer", {"content": b"{}"}, 415),
        ("POST", "/api/parse", {"content": b" " * (MOST_TEXT + 200_000), "headers": JSON}, 413),
    ],
)
def test_every_answer_has_the_headers_that_keep_a_page_safe(client, method, path, options, status):
    response = client.request(method, path, **options)
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert response.headers["cache-control"] in ("no-store", "private, no-cache")


def test_an_answer_to_a_fault_of_the_application_has_them_too():
    with TestClient(application(Broken(), hosts=("testserver",)), raise_server_exceptions=False) as client:
        response = client.post("/api/answer", content=b"{}", headers=JSON)
    assert response.status_code == 500
    assert response.json()["errors"]
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


def test_the_network_is_sent_once_and_asked_about_then(client):
    first = client.get("/api/network")
    again = client.get("/api/network", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert {name: again.headers.get(name) for name in HEADERS} == HEADERS
    assert client.get("/api/network", params={"cargo": "dry_20"}).headers["etag"] != first.headers["etag"]


def test_who_takes_no_gzip_gets_the_plain_text(client):
    plain = client.get("/api/network", headers={"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in plain.headers
    packed = client.get("/api/network", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.json() == packed.json()


# hosts


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("localhost", ("localhost", "")),
        ("LOCALHOST:8650", ("localhost", "8650")),
        ("localhost.:8650", ("localhost", "8650")),
        ("[::1]:8650", ("::1", "8650")),
        ("[::1]", ("::1", "")),
        ("127.0.0.1:80", ("127.0.0.1", "80")),
        ("", None),
        ("localhost:", None),
        ("localhost:x", None),
        ("localhost:99999", None),
        ("localhost:80:80", None),
        ("evil@localhost", None),
        ("localhost/evil", None),
        ("localhost evil", None),
        ("localhost\n", None),
        ("[::1", None),
        ("::1", None),
    ],
)
def test_a_host_is_parsed(header, expected):
    assert host_of(header) == expected


def test_two_hosts_are_none(client):
    assert client.get("/", headers=[("host", "testserver"), ("host", "evil.example")]).status_code == 400


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://testserver", 200),
        ("http://TESTSERVER:80", 200),
        ("http://testserver:81", 403),
        ("http://evil.example", 403),
        ("http://evil.example//testserver", 403),
        ("http://testserver/x", 403),
        ("http://evil@testserver", 403),
        ("null", 403),
        ("file://", 403),
        ("http://[::1", 403),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_only_pages_of_the_server_itself_ask_it(client, origin, status, method):
    options = {"content": json.dumps({"text": "scenario: x\ntitle: y\n"}), "headers": {**JSON, "origin": origin}}
    path = "/api/parse" if method == "POST" else "/openapi.json"
    assert (
        client.request(method, path, **(options if method == "POST" else {"headers": {"origin": origin}})).status_code
        == status
    )


# slow peers


@pytest.fixture
def server(shipped, monkeypatch):
    """A real server that has little patience; gives its port."""
    monkeypatch.setattr(protocol, "REQUEST_SECONDS", 0.3)
    monkeypatch.setattr(protocol, "TAKING_SECONDS", 0.3)
    monkeypatch.setattr(protocol, "LOOK_SECONDS", 0.05)
    listener = socket.create_server(("127.0.0.1", 0))
    app = application(Here(Workbench(shipped)), hosts=("127.0.0.1",), body_seconds=0.3)
    config = uvicorn.Config(app, http=protocol.BoundedProtocol, log_level="critical", lifespan="off")
    made = uvicorn.Server(config)
    aside = threading.Thread(target=made.run, args=([listener],))
    aside.start()
    yield listener.getsockname()[1]
    made.should_exit = True
    aside.join()


def connected(port):
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def everything(peer):
    """All that comes until the connection is closed, which must happen."""
    parts = []
    try:
        while part := peer.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


HEAD = b"POST /api/parse HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


def test_a_connection_that_asks_nothing_is_closed(server):
    with connected(server) as peer:
        assert everything(peer) == b""


def test_headers_that_do_not_end_are_cut(server):
    with connected(server) as peer:
        peer.sendall(HEAD)
        assert everything(peer) == b""


def test_a_request_of_two_lengths_is_refused_and_what_hides_in_it_is_not_answered(server):
    hidden = b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with connected(server) as peer:
        peer.sendall(HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden)
        answer = everything(peer)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"in two ways how long it is" in answer
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_body_that_does_not_come_is_given_up(server):
    with connected(server) as peer:
        peer.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
        told = everything(peer)
    assert told.startswith(b"HTTP/1.1 408 ")
    assert b"content-security-policy" in told


def test_a_body_without_end_is_cut(server):
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    with connected(server) as peer:
        peer.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(10_000):
                peer.sendall(chunk)
        except (BrokenPipeError, ConnectionResetError):
            return
    raise AssertionError("650 MB were taken")


def test_what_is_no_http_is_refused_with_the_headers(server):
    with connected(server) as peer:
        peer.sendall(b"NONSENSE\r\n\r\n")
        told = everything(peer)
    assert told.startswith(b"HTTP/1.1 400 ")
    assert b"content-security-policy" in told


def test_a_peer_that_does_not_take_its_answer_is_cut(server):
    with connected(server) as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        ask = b"GET /api/network HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        refused = None
        while refused is None:
            try:
                peer.sendall(ask)
            except (BrokenPipeError, ConnectionResetError) as error:
                refused = error
