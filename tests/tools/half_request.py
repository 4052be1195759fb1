#!/usr/bin/python3
"""Opens COUNT connections to a FastCGI socket that send half a request and then nothing; waits until all are closed.
Says "begun" behind the first thousand."""
import socket
import sys

path, count = sys.argv[1], int(sys.argv[2])
begin = bytes([1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
connections = []
for _ in range(count):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    connection.sendall(begin)
    connection.settimeout(60)
    connections.append(connection)
    if len(connections) == min(count, 1000):
        print("begun", flush=True)
for connection in connections:
    try:
        connection.recv(1)
    except OSError:
        pass
