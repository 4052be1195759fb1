#!/usr/bin/python3
"""A mail server that takes everything, as fast as Python can, and forgets it.

    swallowing_relay.py PORT_FILE CONNECTIONS_FILE

Each connection that carried a mail is a line in CONNECTIONS_FILE.
"""
import asyncio
import os
import sys

port_file, connections_file = sys.argv[1:]


async def talk(reader, writer):
    mails = 0
    writer.write(b"220 ready\r\n")
    try:
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                writer.write(b"250-ready\r\n250 PIPELINING\r\n")
            elif word == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                mails += 1
                writer.write(b"250 taken\r\n")
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 ok\r\n")
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    writer.close()
    if mails:
        with open(connections_file, "a", encoding="ascii") as file:
            file.write(f"{mails}\n")


async def serve():
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    with open(port_file + ".new", "w", encoding="ascii") as file:
        file.write(f"{server.sockets[0].getsockname()[1]}\n")
    os.rename(port_file + ".new", port_file)
    await server.serve_forever()


asyncio.run(serve())
