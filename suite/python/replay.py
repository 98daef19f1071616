"""A wire that sends each request twice and hands back the second answer: so an SDK, as it is,
meets the refusal of a nonce that was used already."""

import http.client
import socket
import threading


class Replay:
    """`with Replay("127.0.0.1:9470") as wire:` and the SDK's endpoint is `wire.endpoint`."""

    def __init__(self, endpoint):
        host, port = endpoint.rsplit(":", 1)
        self.upstream = (host, int(port))
        self.statuses = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = "127.0.0.1:%d" % self.listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def _serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return  # closed: the check is over
            with client:
                request = read_request(client)
                if not request:
                    continue
                self._send(request)
                client.sendall(self._send(request))

    def _send(self, request):
        with socket.create_connection(self.upstream, timeout=30) as server:
            server.sendall(request)
            answer = http.client.HTTPResponse(server)
            answer.begin()
            body = answer.read()
            self.statuses.append(answer.status)
            head = (
                f"HTTP/1.1 {answer.status} {answer.reason}\r\n"
                f"Content-Type: {answer.getheader('Content-Type')}\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            )
            return head.encode() + body


def read_request(client):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = client.recv(65536)
        if not piece:
            return b""
        data += piece
    head, body = data.split(b"\r\n\r\n", 1)
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += client.recv(65536)
    return head + b"\r\n\r\n" + body
