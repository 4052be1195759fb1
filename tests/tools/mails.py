#!/usr/bin/python3
"""Prints the mails of a Maildir to one address, oldest first, as one JSON object a line."""
import email
import email.policy
import json
import os
import re
import sys

box, address = sys.argv[1:]
found = []
folder = os.path.join(box, "new")
for name in os.listdir(folder) if os.path.isdir(folder) else []:
    path = os.path.join(folder, name)
    with open(path, "rb") as file:
        raw = file.read()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    if message["To"].strip("<> ") != address:
        continue
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    link = re.search(r"https?://\S+#\S+", text)
    found.append((os.stat(path).st_mtime_ns, {
        "subject": message["Subject"], "from": message["From"], "text": text, "html": html,
        "link": link.group(0) if link else None, "id": message["Message-ID"],
        "headers": [key for key, _ in message.items()]}))
for _, mail in sorted(found, key=lambda pair: pair[0]):
    print(json.dumps(mail))
