#!/usr/bin/python3
"""Talks to the streamer's socket without an nginx between, as it should be and as nobody should.

    stream_client.py SOCKET broken             sends what is no FastCGI, in many ways; each connection must be closed
    stream_client.py SOCKET deaf PATH TOKEN    opens a stream and never reads; prints "cut" when it is cut
    stream_client.py SOCKET listen PATH TOKEN  opens a stream as it should be, and prints what comes
"""

import os
import random
import socket
import struct
import sys
import time


def record(kind, content, request=1, version=1):
    return struct.pack(">BBHHBx", version, kind, request, len(content), 0) + content


def pair(name, value):
    name, value = name.encode(), value.encode()
    return b"".join(struct.pack(">I", len(text) | 0x80000000) for text in (name, value)) + name + value


BEGIN = record(1, struct.pack(">HB5x", 1, 0))


def request(path, token):
    parameters = {
        "FCGI_ROLE": "RESPONDER", "REQUEST_METHOD": "GET", "REQUEST_URI": path, "DOCUMENT_URI": path.split("?")[0],
        "QUERY_STRING": path.partition("?")[2], "REMOTE_ADDR": "127.0.0.1", "REQUEST_SCHEME": "http",
        "CSAUTH_HOST": "localhost", "HTTP_AUTHORIZATION": "Bearer " + token, "CSAUTH_END": "1",
    }
    content = b"".join(pair(name, value) for name, value in parameters.items())
    return BEGIN + record(4, content) + record(4, b"") + record(5, b"")


def connect():
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(30)
    connection.connect(sys.argv[1])
    return connection


def is_closed(connection):
    try:
        while connection.recv(65536):
            pass
    except ConnectionError:
        pass
    return True


def broken():
    good = request("/api/presence/stream/", "no.to.ken")
    dice = random.Random(7)
    cases = [
        b"GET / HTTP/1.1\r\n\r\n", record(1, b"x"), BEGIN + BEGIN, BEGIN + record(5, b"x"), record(1, b"\0\2" + b"\0" * 6),
        BEGIN + record(4, b"\xff" * 8) + record(4, b""), BEGIN + record(2, b""), BEGIN + record(4, b"x" * 65535) + record(4, b"x" * 65535),
        b"\1\x63" * 4 * 20000, BEGIN + record(4, b"") + record(5, b""), record(99, b"", 0) * 9000, os.urandom(65536),
    ]
    cases += [good[:at] for at in range(1, len(good), 13)]
    for _ in range(300):
        changed = bytearray(good)
        for _ in range(dice.randint(1, 4)):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        cases.append(bytes(changed))
    connections = []
    for case in cases:
        connection = connect()
        try:
            connection.sendall(case)
        except ConnectionError:
            pass
        connections.append(connection)
    print(sum(is_closed(connection) for connection in connections), "of", len(cases))


def deaf():
    connection = connect()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.sendall(request(sys.argv[3], sys.argv[4]))
    print("listening", flush=True)
    while True:
        # Whether the other end has gone can be told without taking anything of what waits.
        try:
            connection.sendall(record(77, b"", 0))
        except ConnectionError:
            print("cut", flush=True)
            return
        except TimeoutError:
            pass
        time.sleep(0.2)


def listen():
    connection = connect()
    connection.settimeout(None)
    connection.sendall(request(sys.argv[3], sys.argv[4]))
    while bytes_read := connection.recv(65536):
        sys.stdout.buffer.write(bytes_read)  # with the heads of the records
        sys.stdout.flush()


{"broken": broken, "deaf": deaf, "listen": listen}[sys.argv[2]]()
