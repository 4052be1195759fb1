#!/usr/bin/python3
"""What a service outside does with a token that was minted for it: verifies it itself.

    check_jwt.py TOKEN KEY_AS_BASE64URL AUDIENCE

Prints the claims. Fails where the token is not genuine, or not for that audience."""

import base64
import hashlib
import hmac
import json
import sys


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


token, key, audience = sys.argv[1], decode(sys.argv[2].strip()), sys.argv[3]
signed, _, signature = token.rpartition(".")
header, claims = (json.loads(decode(part)) for part in signed.split("."))
if header["alg"] != "HS256" or not hmac.compare_digest(hmac.digest(key, signed.encode(), hashlib.sha256), decode(signature)):
    sys.exit("it is not genuine")
if claims.get("aud") != audience:
    sys.exit("it is for somebody else")
print(json.dumps(claims))
