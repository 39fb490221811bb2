"""A scanner that speaks clamd's protocol over a real socket: INSTREAM in pieces, one verdict."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.desk.made_files import EICAR


class Conversation(socketserver.StreamRequestHandler):
    """Reads one command and answers as clamd does; what the server's `mood` says it does wrong."""

    def handle(self) -> None:
        assert self.rfile.readline() == b"nINSTREAM\n"
        stream = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            stream += self.rfile.read(length)
            if len(stream) > self.server.limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\n")
                return
        self.server.heard.append(stream)
        if self.server.mood == "silent":
            return
        if self.server.mood == "confused":
            self.wfile.write(b"stream: out of memory ERROR\n")
            return
        self.wfile.write(b"stream: Eicar-Signature FOUND\n" if EICAR.encode() in stream else b"stream: OK\n")


class TcpScanner(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


class Tcp6Scanner(TcpScanner):
    address_family = socket.AF_INET6


@contextmanager
def scanner(mood: str = "", *, path: Path | None = None, six: bool = False, limit: int = 1 << 30) -> Iterator:
    """Run a scanner; yields it with its `url` and the streams that it `heard`."""
    if path:
        server: socketserver.BaseServer = socketserver.ThreadingUnixStreamServer(str(path), Conversation)
        url = f"unix://{path}"
    else:
        server = Tcp6Scanner(("::1", 0), Conversation) if six else TcpScanner(("127.0.0.1", 0), Conversation)
        host = "[::1]" if six else "127.0.0.1"
        url = f"tcp://{host}:{server.server_address[1]}"
    server.mood, server.limit, server.heard, server.url = mood, limit, [], url
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
