#!/usr/bin/python3
"""Opens COUNT connections to a FastCGI socket, one after the other, each broken in a way of its own."""
import random
import socket
import struct
import sys

path, count = sys.argv[1], int(sys.argv[2])
generator = random.Random(1)


def record(kind, content, version=1, padding=0):
    return struct.pack("!BBHHBB", version, kind, 1, len(content), padding, 0) + content + b"\0" * padding


def pair(name, value):
    return bytes([len(name), len(value)]) + name + value


begin = record(1, struct.pack("!HB5x", 1, 0))
whole = begin + record(4, pair(b"REQUEST_METHOD", b"DELETE") + pair(b"REQUEST_URI", b"/api/me/") + pair(b"CSAUTH_END", b"1")) + record(4, b"")
shapes = [
    lambda: whole[:generator.randrange(len(whole))],
    lambda: bytes(generator.randrange(256) for _ in range(generator.randrange(200))),
    lambda: begin + record(4, b"\x7f\x7fxx"),
    lambda: begin + record(4, b"\xff\xff\xff\xff\xff\xff\xff\xff"),
    lambda: begin + record(2, b""),
    lambda: record(9, pair(b"FCGI_MAX_CONNS", b"")),
    lambda: begin + begin,
    lambda: whole + record(5, b"x" * 100),
    lambda: record(1, struct.pack("!HB5x", 3, 0)),
    lambda: b"GET / HTTP/1.1\r\n\r\n",
]
for number in range(count):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    try:
        connection.sendall(shapes[number % len(shapes)]())
        connection.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    connection.close()
