#!/usr/bin/python3
"""Has many callers trade one refresh token at the same moment, round after round.

    race_refresh.py PORT TOKEN ROUNDS CALLERS

Each round's callers must all get tokens of one generation, the next one. Prints the last token."""

import base64
import concurrent.futures
import http.client
import json
import sys
import threading

port, token, rounds, callers = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
start = threading.Barrier(callers)
connections = threading.local()


def counter_of(refresh):
    claims = refresh.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["ctr"]


def trade(refresh):
    if not hasattr(connections, "one"):
        connections.one = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    start.wait()
    connections.one.request("POST", "/api/token/refresh/", json.dumps({"refresh": refresh}), {"Content-Type": "application/json"})
    answer = connections.one.getresponse()
    body = answer.read()
    return answer.status, body.decode()


with concurrent.futures.ThreadPoolExecutor(callers) as pool:
    for number in range(rounds):
        before = counter_of(token)
        answers = list(pool.map(trade, [token] * callers))
        bad = [answer for answer in answers if answer[0] != 200]
        if bad:
            sys.exit(f"round {number}: {len(bad)} of {callers} were refused, such as {bad[0]}")
        generations = {counter_of(json.loads(body)["refresh"]) for _, body in answers}
        if generations != {before + 1}:
            sys.exit(f"round {number}: generations {generations} came of {before}")
        token = json.loads(answers[-1][1])["refresh"]
print(token)
