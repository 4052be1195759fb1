#!/usr/bin/python3
"""Asks csauthd without an nginx between, for a node that has none of its own.

    fcgi_get.py SOCKET PATH TOKEN [STATUS]

Prints the status of the answer. With STATUS it asks again and again until that comes, and prints the milliseconds
that took."""

import socket
import struct
import sys
import time


def record(kind, content):
    return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content


def pair(name, value):
    def length(text):
        return struct.pack(">B", len(text)) if len(text) < 128 else struct.pack(">I", len(text) | 0x80000000)

    name, value = name.encode(), value.encode()
    return length(name) + length(value) + name + value


def ask(path, token):
    parameters = {
        "FCGI_ROLE": "RESPONDER", "REQUEST_METHOD": "GET", "REQUEST_URI": path, "DOCUMENT_URI": path.split("?")[0],
        "QUERY_STRING": path.partition("?")[2], "CONTENT_LENGTH": "", "REMOTE_ADDR": "127.0.0.1", "REQUEST_SCHEME": "http",
        "CSAUTH_HOST": "localhost", "HTTP_AUTHORIZATION": "Bearer " + token, "CSAUTH_END": "1",
    }
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        connection.connect(sys.argv[1])
        content = b"".join(pair(name, value) for name, value in parameters.items())
        connection.sendall(record(1, struct.pack(">HB5x", 1, 0)) + record(4, content) + record(4, b"") + record(5, b""))
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    return int(answer.partition(b"Status: ")[2][:3] or 0)


begin = time.monotonic()
status = ask(sys.argv[2], sys.argv[3])
if len(sys.argv) > 4:
    while status != int(sys.argv[4]) and time.monotonic() < begin + 20:
        status = ask(sys.argv[2], sys.argv[3])
    print(round((time.monotonic() - begin) * 1000) if status == int(sys.argv[4]) else f"never: {status}")
else:
    print(status)
