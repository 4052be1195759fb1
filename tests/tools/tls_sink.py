#!/usr/bin/python3
"""A mail server that speaks TLS and wants a sign-in, and delivers into one Maildir.

    tls_sink.py MAILDIR PORT_FILE starttls|implicit CERTIFICATE KEY USER PASSWORD [MECHANISM]

Takes no mail without TLS and sign-in. MECHANISM: the only one that it offers.
"""
import asyncio
import os
import socket
import ssl
import sys

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP, AuthResult

maildir, port_file, mode, certificate, key, user, password = sys.argv[1:8]
excluded = [name for name in ("PLAIN", "LOGIN") if len(sys.argv) > 8 and name != sys.argv[8]]


def authenticate(_server, _session, _envelope, _mechanism, data):
    good = (data.login, data.password) == (user.encode(), password.encode())
    return AuthResult(success=good, handled=good)


def smtp(context):
    implicit = mode == "implicit"
    return SMTP(Mailbox(maildir), require_starttls=not implicit, tls_context=None if implicit else context,
                authenticator=authenticate, auth_required=True, auth_require_tls=not implicit,
                auth_exclude_mechanism=excluded)


async def serve():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))
    server = await asyncio.get_running_loop().create_server(
        lambda: smtp(context), sock=listener, ssl=context if mode == "implicit" else None)
    with open(port_file + ".new", "w", encoding="ascii") as file:
        file.write(f"{listener.getsockname()[1]}\n")
    os.rename(port_file + ".new", port_file)
    await server.serve_forever()


asyncio.run(serve())
