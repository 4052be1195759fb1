#!/usr/bin/python3
"""Reads answers as strictly as RFC 9112 is written.

    status_lines.py PORT    reads "METHOD PATH [BODY]" lines, sends each as JSON, and prints its status, or what is wrong

A status line is HTTP-version SP status-code SP [reason-phrase] CRLF (section 4). A header line is a token, a colon and a value,
without white space before the colon and without a bare CR or LF (section 5)."""

import re
import socket
import sys

STATUS = re.compile(rb"HTTP/1\.1 ([1-5][0-9]{2}) ([\t \x21-\x7e\x80-\xff]+)\r\n")
HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x21-\x7e\x80-\xff]([\t \x21-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?[ \t]*\r\n")


def answer_of(port, method, path, body):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        connection.sendall((head + "\r\n" + body).encode())
        received = b""
        while b"\r\n\r\n" not in received:
            part = connection.recv(65536)
            if not part:
                break
            received += part
        return received.partition(b"\r\n\r\n")[0] + b"\r\n"


def verdict(head):
    status = STATUS.match(head)
    if not status:
        return "bad status line: " + repr(head.split(b"\n")[0])
    rest = head[status.end() :]
    while rest:
        header = HEADER.match(rest)
        if not header:
            return "bad header: " + repr(rest.split(b"\n")[0])
        rest = rest[header.end() :]
    return status.group(1).decode()


for line in sys.stdin:
    method, path, *body = line.rstrip("\n").split(" ", 2)
    print(verdict(answer_of(int(sys.argv[1]), method, path, body[0] if body else "")))
