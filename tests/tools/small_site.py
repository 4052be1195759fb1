#!/usr/bin/python3
"""A site behind nginx, which shows what it was told of its visitor.

    small_site.py PORT_FILE

Answers every request with its headers as one JSON object. Writes the port that it listens on to PORT_FILE."""

import http.server
import json
import os
import sys


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"path": self.path, "headers": {name.lower(): value for name, value in self.headers.items()}}).encode()
        self.send_response(403 if self.path.endswith("/forbidden-by-the-site") else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
with open(sys.argv[1] + ".new", "w") as port_file:
    port_file.write(str(server.server_address[1]))
os.rename(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()
