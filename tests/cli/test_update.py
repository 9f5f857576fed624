"""`exward update`: from a file, and from a server on the loopback interface."""

import json
import ssl
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from exward.cli.fetching import fetch
from exward.cli.main import main
from exward.model.errors import ExwardError, UsageError

# A certificate for 127.0.0.1 and its key, made for these tests and trusted by nothing else.
PEM = Path(__file__).parent / "loopback.pem"
CATALOGUE = json.dumps(
    {
        "catalogVersion": "x",
        "vulnerabilities": [{"cveID": "CVE-2022-21978", "dateAdded": "2026-11-01"}],
    }
)


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/x")
            self.end_headers()
            return
        self.send_response(404 if self.path == "/none" else 200)
        self.end_headers()
        self.wfile.write(b"x" * 5000 if self.path == "/large" else CATALOGUE.encode())

    def log_message(self, format, *args):
        pass


@contextmanager
def serving():
    server = HTTPServer(("127.0.0.1", 0), Answers)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def trusting():
    return ssl.create_default_context(cafile=str(PEM))


def test_a_file_is_fetched():
    with serving() as base:
        assert fetch(f"{base}/x", 1000, trusting()) == CATALOGUE.encode()


@pytest.mark.parametrize(
    ("path", "context", "error"),
    [
        ("/large", trusting, "larger than"), ("/none", trusting, "cannot be fetched"),
        ("/away", trusting, "only https"), ("/x", lambda: None, "cannot be fetched"),
    ],
)  # fmt: skip
def test_what_is_not_as_it_should_be_is_refused(path, context, error):
    with serving() as base, pytest.raises(ExwardError, match=error):
        fetch(f"{base}{path}", 1000, context())


@pytest.mark.parametrize("url", ["http://127.0.0.1/x", "file:///etc/passwd", "ftp://x/y"])
def test_only_https_is_fetched(url):
    with pytest.raises(UsageError, match="only https"):
        fetch(url, 1000)


def test_an_update_is_kept_and_counts(tmp_path, capsys):
    source, kept = tmp_path / "kev.json", tmp_path / "facts"
    source.write_text(CATALOGUE)
    args = ["update", "--from", str(source), "--facts", str(kept)]
    assert main(args) == 0
    assert "CVE-2022-21978: known to be exploited since 2026-11-01" in capsys.readouterr().out
    assert sorted(one.name for one in kept.iterdir()) == ["cves.json"]
    assert main(args) == 0
    assert capsys.readouterr().out == "nothing new\n"
    main(["posture", "--sample", "--facts", str(kept), "--format", "jsonl"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    row = next(one for one in lines if one.get("check") == "cve-2022-21978")
    assert (row["exploited"], row["severity"]) == (True, "critical")


@pytest.mark.parametrize("data", ["", "{}", "x" * 100])
def test_what_is_no_update_is_refused_and_nothing_is_written(tmp_path, data, capsys):
    source, kept = tmp_path / "x", tmp_path / "facts"
    source.write_text(data)
    assert main(["update", "--from", str(source), "--facts", str(kept)]) == 3
    assert "known are: " in capsys.readouterr().err
    assert not kept.exists()
