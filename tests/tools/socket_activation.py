#!/usr/bin/python3
"""Starts a program as systemd would: listening sockets from descriptor 3 on, and a socket for its notices.

    socket_activation.py RUN_DIR PROGRAM

Prints each notice as it comes, and at the end "exit STATUS".
"""
import os
import socket
import sys

run_dir, program = sys.argv[1:]
names = ["edge", "api", "hash"]
listeners = []
for name in names:
    path = f"{run_dir}/{name}.sock"
    if os.path.exists(path):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o660)
    listener.listen(128)
    listeners.append(listener)
notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notices.bind("\0" + f"{run_dir}/notify"[-100:])
notices.settimeout(0.2)

# Out of the way of the places that they are to have.
fds = [os.dup2(listener.fileno(), 50 + i) for i, listener in enumerate(listeners)]
pid = os.fork()
if pid == 0:
    for i, fd in enumerate(fds):
        os.dup2(fd, 3 + i, inheritable=True)
    environment = dict(os.environ, LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(names)),
                       LISTEN_FDNAMES=":".join(names), NOTIFY_SOCKET="@" + f"{run_dir}/notify"[-100:])
    os.execve(program, [program], environment)
while True:
    try:
        for line in notices.recv(4096).decode().splitlines():
            print(line, flush=True)
    except TimeoutError:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            print(f"exit {os.waitstatus_to_exitcode(status)}", flush=True)
            break
