#!/usr/bin/python3
"""Compares the answers for addresses that have an account with those for addresses that have none: what they say, and
how long they take.

    known_and_unknown.py BASE_URL JSON_FILE

For each route 1,000 tries of each kind, taken in turn, over one connection. Fails when the answers differ. The times are
told as medians, their ratio, and the probability that so large a difference of the two distributions comes by chance
(Kolmogorov and Smirnov).
"""
import http.client
import json
import math
import sys
import time
import urllib.parse

base, json_file = sys.argv[1:3]
TRIES = 1000
host = urllib.parse.urlsplit(base).netloc
connection = http.client.HTTPConnection(host, timeout=60)


def post(path, body):
    text = json.dumps(body)
    began = time.perf_counter()
    connection.request("POST", path, text, {"Content-Type": "application/json"})
    response = connection.getresponse()
    content = response.read()
    took = time.perf_counter() - began
    answer = json.loads(content) if content else {}
    answer.pop("instance", None)
    headers = sorted((k, v) for k, v in response.getheaders() if k not in ("Date", "X-Request-ID", "Connection"))
    return took, (response.status, json.dumps(answer, sort_keys=True), json.dumps(headers))


def median(values):
    return sorted(values)[len(values) // 2]


def chance(a, b):
    """The p-value of the two-sample test of Kolmogorov and Smirnov."""
    a, b = sorted(a), sorted(b)
    i = j = 0
    distance = 0.0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            i += 1
        else:
            j += 1
        distance = max(distance, abs(i / len(a) - j / len(b)))
    size = math.sqrt(len(a) * len(b) / (len(a) + len(b)))
    x = (size + 0.12 + 0.11 / size) * distance
    return min(1.0, max(0.0, 2 * sum((-1) ** (k - 1) * math.exp(-2 * k * k * x * x) for k in range(1, 101))))


known = [f"bench-known-{number}@example.com" for number in range(20)]
for number, address in enumerate(known):
    status = post("/api/register/", {"email": address, "username": f"bench-{number}", "password": "correct horse battery"})[1][0]
    assert status == 201, status

routes = {
    "/api/login/": lambda address: {"email": address, "password": "not the password"},
    "/api/password/forgot/": lambda address: {"email": address},
    "/api/resend-verification/": lambda address: {"email": address},
}
results = {}
print(f"{'route':28} {'known, ms':>10} {'unknown, ms':>12} {'ratio':>7} {'p':>7}")
for path, body in routes.items():
    times = {True: [], False: []}
    answers = set()
    for attempt in range(TRIES):
        order = (True, False) if attempt % 2 else (False, True)
        for is_known in order:
            address = known[attempt % len(known)] if is_known else f"bench-nobody-{attempt % len(known)}@example.com"
            took, answer = post(path, body(address))
            times[is_known].append(took)
            answers.add(answer)
    if len(answers) != 1:
        print(f"the answers of {path} differ:\n" + "\n".join(map(str, answers)))
        sys.exit(1)
    medians = {kind: median(values) * 1000 for kind, values in times.items()}
    p = chance(times[True], times[False])
    print(f"{path:28} {medians[True]:10.3f} {medians[False]:12.3f} {medians[True] / medians[False]:7.3f} {p:7.3f}")
    results[path] = {"known_ms": medians[True], "unknown_ms": medians[False], "p": p, "tries": TRIES}
with open(json_file, "w", encoding="ascii") as file:
    json.dump({"known_and_unknown": results}, file)
