#!/usr/bin/python3
"""A mail server that delivers everything into one Maildir and prints each mail's subject and link.

    mail_sink.py MAILDIR PORT_FILE [PORT]

Listens on 127.0.0.1, on PORT or on one that is free, and writes the port's number to PORT_FILE.
"""
import asyncio
import email
import email.policy
import os
import re
import signal
import socket
import sys

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP


class Sink(Mailbox):
    def handle_message(self, message):
        super().handle_message(message)
        parsed = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
        body = parsed.get_body(("plain",))
        link = re.search(r"https?://\S+#\S+", body.get_content()) if body else None
        line = f"mail to {parsed['To']}: {parsed['Subject']}"
        print(line + (f"\n  {link.group(0)}" if link else ""), flush=True)


async def serve(maildir, port_file, port):
    loop = asyncio.get_running_loop()
    listener = socket.create_server(("127.0.0.1", port))
    handler = Sink(maildir)
    server = await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True), sock=listener)
    with open(port_file + ".new", "w", encoding="ascii") as file:
        file.write(f"{listener.getsockname()[1]}\n")
    os.rename(port_file + ".new", port_file)
    stop = loop.create_future()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: stop.done() or stop.set_result(None))
    await stop
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 0))
