#!/usr/bin/python3
"""A mail server that misbehaves as it is told, and checks what comes over the wire.

    faulty_relay.py DIRECTORY MASTER_PID_FILE

Writes its port to DIRECTORY/port. Each message that it has taken responsibility for is a line in DIRECTORY/taken: the
recipient and the Message-ID. What breaks the rules of the wire is a line in DIRECTORY/violations.

DIRECTORY/step names a step (banner, EHLO, MAIL, RCPT, DATA, body, dot, taken): at the next of these the mailer, a child of
the master, is killed; then the file is gone. The step and the recipient whose mail it was (any that was due) are a line in
DIRECTORY/killed. The first part of a recipient's name says what happens the first time:

    later-   451 at RCPT            never-  550 at RCPT, always       full-   452 behind the final dot
    spam-    554 behind the final dot, always                         lost-   taken, but the connection closes without a word
    hang-    silence at RCPT        drip-   a reply that never gets done
"""
import os
import re
import signal
import socket
import sys
import threading
import time

directory, master_pid_file = sys.argv[1:]
seen = set()
lock = threading.Lock()


def path(name):
    return os.path.join(directory, name)


def note(name, line):
    with lock, open(path(name), "a", encoding="utf-8") as file:
        file.write(line + "\n")


def mailers():
    master = open(master_pid_file, encoding="ascii").read().strip()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            stat = open(f"/proc/{pid}/stat", encoding="ascii").read()
        except OSError:
            continue
        if "(csauthd:mailer)" in stat and stat.rsplit(") ", 1)[1].split()[1] == master:
            yield int(pid)


class Talk:
    def __init__(self, connection):
        self.connection = connection
        self.pending = b""
        self.recipient = ""

    def reach(self, step):
        """Kills the mailer when it was asked for at this step."""
        try:
            wanted = open(path("step"), encoding="ascii").read().strip()
        except FileNotFoundError:
            return
        if wanted != step:
            return
        note("killed", f"{step} {self.recipient}")
        os.remove(path("step"))
        for pid in mailers():
            os.kill(pid, signal.SIGKILL)

    def say(self, text):
        self.connection.sendall(text.encode() + b"\r\n")

    def line(self):
        while b"\n" not in self.pending:
            received = self.connection.recv(65536)
            if not received:
                raise ConnectionError
            self.pending += received
        line, self.pending = self.pending.split(b"\n", 1)
        if not line.endswith(b"\r") or b"\r" in line[:-1] or b"\0" in line or len(line) > 999:
            note("violations", repr(line))
        return line[:-1]

    def first_time(self, what):
        """Whether this recipient meets that fate now for the first time."""
        if not self.recipient.startswith(what + "-") or (what, self.recipient) in seen:
            return False
        seen.add((what, self.recipient))
        return True

    def message(self):
        lines = []
        while (line := self.line()) != b".":
            if not lines:
                self.reach("body")
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"\r\n".join(lines)

    def serve(self):
        self.reach("banner")
        self.say("220 faulty")
        while True:
            line = self.line().decode("utf-8", "surrogateescape")
            word = line.split(" ")[0].upper()
            self.reach(word)
            if word == "QUIT":
                self.say("221 bye")
                return
            if word == "EHLO":
                self.say("250-faulty\r\n250 8BITMIME")
            elif word == "RCPT":
                self.recipient = re.search(r"<(.*)>", line).group(1)
                if self.first_time("later"):
                    self.say("451 4.7.1 greylisted")
                elif self.recipient.startswith("never-"):
                    self.say("550 5.1.1 nobody here")
                elif self.first_time("hang"):
                    time.sleep(5)
                    return
                elif self.first_time("drip"):
                    for _ in range(50):
                        self.connection.sendall(b"2")
                        time.sleep(0.1)
                    return
                else:
                    self.say("250 ok")
            elif word == "DATA":
                if self.first_time("early"):  # an answer before there is a mail, which is refused in the end
                    self.say("354 go on\r\n250 early")
                    self.message()
                    self.say("554 5.7.1 we think not")
                    continue
                self.say("354 go on")
                if not self.take(self.message()):
                    return
            else:
                self.say("250 ok")

    def take(self, message):
        """False when the connection is to be closed."""
        if self.first_time("full"):
            self.say("452 4.3.1 full")
            return True
        if self.recipient.startswith("spam-"):
            self.say("554 5.7.1 we think not")
            return True
        note("taken", f"{self.recipient} {re.search(rb'Message-ID: (<.*>)', message).group(1).decode()}")
        self.reach("dot")
        if self.first_time("lost"):
            return False
        self.say("250 taken")
        self.reach("taken")
        return True


def serve(connection):
    with connection:
        try:
            Talk(connection).serve()
        except (OSError, ConnectionError):
            pass


listener = socket.create_server(("127.0.0.1", 0))
with open(path("port.new"), "w", encoding="ascii") as port_file:
    port_file.write(f"{listener.getsockname()[1]}\n")
os.rename(path("port.new"), path("port"))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
