#!/usr/bin/python3
"""Prints which secrets the memory of a process holds, a name a line.

  memory_scan.py PID NAME=FILE…

FILE holds a secret on its first line. The scan looks for that text; if the text is base64url, also for the bytes
that it stands for. Status 2: the process can't be read. Status 3: it runs under AddressSanitizer, whose shadow
memory is too large to read.
"""

import base64
import binascii
import re
import sys

LARGEST_MAPPING = 1 << 40
CHUNK = 1 << 20
LONGEST_SECRET = 128


def needles(path):
    """Returns the forms in which a secret may be in memory."""
    with open(path, "rb") as file:
        text = file.readline().strip()
    found = [text]
    try:
        found.append(base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        pass
    return [needle for needle in found if len(needle) >= 16]


def main():
    pid, secrets = sys.argv[1], dict(argument.split("=", 1) for argument in sys.argv[2:])
    wanted = {name: needles(path) for name, path in secrets.items()}
    found = set()
    try:
        with open(f"/proc/{pid}/maps", encoding="ascii", errors="replace") as maps:
            lines = maps.readlines()
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            for line in lines:
                match = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line)
                start, end = int(match[1], 16), int(match[2], 16)
                if end - start > LARGEST_MAPPING:
                    return 3
                if not match[3].startswith("r"):
                    continue
                tail = b""
                for at in range(start, end, CHUNK):
                    try:
                        memory.seek(at)
                        part = memory.read(min(CHUNK, end - at))
                    except OSError:
                        break  # such as [vvar]
                    seen = tail + part
                    found.update(name for name, forms in wanted.items() if any(form in seen for form in forms))
                    tail = seen[-LONGEST_SECRET:]
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(sorted(found)))
    return 0


sys.exit(main())
