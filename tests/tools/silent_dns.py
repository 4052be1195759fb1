#!/usr/bin/python3
"""A name server that never answers: notes each question's name, one a line, in a file.

    silent_dns.py ADDRESS FILE
"""
import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((sys.argv[1], 53))
with open(sys.argv[2], "a", encoding="ascii", buffering=1) as asked:
    asked.write("ready\n")
    while True:
        question, _ = server.recvfrom(4096)
        labels, at = [], 12  # after the header (RFC 1035 section 4.1.2)
        while at < len(question) and question[at]:
            labels.append(question[at + 1:at + 1 + question[at]].decode("ascii", "replace"))
            at += 1 + question[at]
        asked.write(".".join(labels) + "\n")
