#!/usr/bin/python3
"""Layouts of protected sites, and requests that try to choose their own identity in each of them.

    site_layouts.py config NGINX_DIR WORK PORT SITE_PORT SIGN_IN_PAGE   prints the servers for nginx
    site_layouts.py attack PORT COOKIE USER                             sends the requests; one line for each failure

A layout is where the parts of a site's configuration are: the check, the line that names the visitor, what nginx ships for
the backend (such as `include fastcgi_params`), and the directive that passes the request on. The last line that `attack`
prints says how many requests it sent.
"""

import base64
import http.client
import itertools
import os
import sys

FORGED = "mallory"  # a name that no honest request brings

# Backend: what a site usually includes for it, and how the request is passed on.
BACKENDS = {
    "proxy": ("proxy_set_header Host $host;", "proxy_pass http://127.0.0.1:{site_port};"),
    "php": (
        "include /etc/nginx/fastcgi_params;",
        "fastcgi_param SCRIPT_FILENAME {work}/www/echo.php; fastcgi_pass unix:{work}/php.sock;",
    ),
    "phpconf": (
        "include /etc/nginx/fastcgi.conf;",
        "fastcgi_param SCRIPT_FILENAME {work}/www/echo.php; fastcgi_pass unix:{work}/php.sock;",
    ),
    "cgi": (
        "include /etc/nginx/fastcgi_params;",
        "fastcgi_param SCRIPT_FILENAME {work}/www/echo.cgi; fastcgi_pass unix:{work}/cgi.sock;",
    ),
    "uwsgi": ("include /etc/nginx/uwsgi_params;", "uwsgi_pass unix:{work}/uwsgi.sock;"),
    "scgi": ("include /etc/nginx/scgi_params;", "scgi_pass unix:{work}/scgi.sock;"),
}
SERVERS = {
    "layouts.localhost": "",
    "underscores.localhost": "underscores_in_headers on; ignore_invalid_headers off;",
}
ORDERS = ("before", "after")  # whether the usual include comes before our line or after it
AREAS = ("protected", "public")

# Layout: its locations, and whether the site hears of its visitor there.
LAYOUTS = {
    "direct": ("location /{name}/ {{ {open} {lines} {pass} }}", True),
    "nested": (
        "location /{name}/ {{ {open} {line} {pass} location ~ ^/{name}/n {{ {again} {usual} {pass} }} }}",
        False,
    ),
    "nestedline": (
        "location /{name}/ {{ {open} {line} {pass} location ~ ^/{name}/n {{ {again} {identity} {pass} }} }}",
        True,
    ),
    "inherited": ("location /{name}/ {{ {open} {lines} {pass} location ~ ^/{name}/n {{ {again} {bare_pass} }} }}", True),
    "named": (
        "location /{name}/ {{ {open} {line} try_files /nowhere @{name}; }} location @{name} {{ {usual} {pass} }}",
        False,
    ),
    "namedline": (
        "location /{name}/ {{ {open} {line} try_files /nowhere @{name}; }} location @{name} {{ {identity} {pass} }}",
        True,
    ),
    "errorpage": (
        "location /{name}/ {{ {open} {line} root {work}/nowhere; error_page 404 = @{name}; }} "
        "location @{name} {{ {usual} {pass} }}",
        False,
    ),
    "cached": ("location /{name}/ {{ set $csauth_check_cache csauth; {open} {lines} {pass} }}", True),
    "cachednested": (
        "location /{name}/ {{ {open} {line} {pass} "
        "location ~ ^/{name}/n {{ set $csauth_check_cache csauth; {again} {identity} {pass} }} }}",
        True,
    ),
    "rewrite": (
        "location /{name}/ {{ {open} {line} rewrite ^ /{name}-inner/n last; }} "
        "location /{name}-inner/ {{ internal; {usual} {pass} }}",
        False,
    ),
    "rewriteline": (
        "location /{name}/ {{ rewrite ^ /{name}-inner/n last; }} "
        "location /{name}-inner/ {{ internal; {open} {lines} {pass} }}",
        True,
    ),
}


def all_layouts():
    for backend, order, area, layout in itertools.product(BACKENDS, ORDERS, AREAS, LAYOUTS):
        yield f"{backend}-{layout}-{area}-{order}", backend, order, area, layout


def in_order(order, usual, line):
    return f"{usual} {line}" if order == "before" else f"{line} {usual}"


def config(nginx, work, port, site_port, sign_in_page):
    def rendered(name, backend, order, area, layout):
        usual, handed_on = BACKENDS[backend]
        handed_on = handed_on.format(work=work, site_port=site_port)
        is_protected = area == "protected"
        line = f'include "{nginx}/csauth_{"require" if is_protected else "no_identity"}.conf";'
        repeated = f'include "{nginx}/csauth_{"identity" if is_protected else "no_identity"}.conf";'
        say = "set $csauth_require any;" if is_protected else ""
        return LAYOUTS[layout][0].format_map(
            {
                "name": name,
                "work": work,
                "open": say,
                "again": say,
                "line": line,
                "usual": usual,
                "lines": in_order(order, usual, line),
                "identity": in_order(order, usual, repeated),
                "pass": handed_on,
                "bare_pass": handed_on.split(";")[-2] + ";",
            }
        )

    print(f'fastcgi_cache_path "{work}/cache" levels=1 keys_zone=csauth:1m max_size=8m inactive=10s use_temp_path=off;')
    for server, extra in SERVERS.items():
        print(f'server {{ listen 127.0.0.1:{port}; server_name {server}; {extra}')
        print(f'    set $csauth_sign_in_page {sign_in_page}; include "{nginx}/csauth_protect.conf";')
        for layout in all_layouts():
            print("    " + rendered(*layout))
        print("    location /grpc/ { set $csauth_require any; " + f'include "{nginx}/csauth_require.conf"; ' + "grpc_pass grpc://127.0.0.1:1; }")
        print("}")
    print(f"server {{ listen 127.0.0.1:{port}; server_name control.localhost; underscores_in_headers on;")
    for backend, (usual, handed_on) in BACKENDS.items():
        print(f"    location /{backend}/ {{ {usual} {handed_on.format(work=work, site_port=site_port)} }}")
    print("}")


NAMES = ("Remote-User", "Remote-Id", "Remote-Name", "Remote-Email", "Remote-Email-Verified", "Remote-Groups", "Remote-Permissions", "X-Auth-Session")
BASIC = "Basic " + base64.b64encode(f"{FORGED}:x".encode()).decode()


def forgeries():
    for name in NAMES:
        yield name, [(name, FORGED)]
    yield "lower case", [("remote-user", FORGED)]
    yield "underscore", [("Remote_User", FORGED)]
    yield "upper case and underscore", [("REMOTE_USER", FORGED)]
    yield "underscore of a session", [("X_Auth_Session", FORGED)]
    yield "full stop", [("Remote.User", FORGED)]
    for name in NAMES:
        if name.startswith("Remote-"):
            yield "X-" + name, [("X-" + name, FORGED)]
    yield "Basic", [("Authorization", BASIC)]
    yield "basic in lower case", [("authorization", BASIC.replace("Basic", "basic"))]
    yield "twice", [("Remote-User", "someone"), ("Remote-User", FORGED)]
    yield "empty first", [("Remote-User", ""), ("Remote-User", FORGED)]


def ask(connection, host, path, headers):
    connection.putrequest("GET", path, skip_host=True)
    connection.putheader("Host", host)
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    return answer.status, answer.read().decode(errors="replace")


def is_unseen(what, area, layout):
    """Whether only the rule in server {} sees the request, and can't see this: before version 1.23 nginx shows it the first of two
    headers of one name, and it can't name a header with a full stop, which nginx drops unless it is told otherwise."""
    is_unchecked = area == "public" or layout == "rewrite"
    if what == "full stop":
        return is_unchecked or layout.startswith("cached")
    return what == "empty first" and is_unchecked and layout in ("nested", "named", "errorpage", "rewrite")


def attack(port, cookie, user):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    sent = 0

    def request(host, path, headers):
        nonlocal sent
        sent += 1
        return ask(connection, host, path, [("Cookie", cookie), *headers])

    for backend in BACKENDS:  # the attack would be seen: a site without protection takes it
        for attempt in ([("Remote-User", FORGED)], [("Remote_User", FORGED)]):
            status, body = request("control.localhost", f"/{backend}/n", attempt)
            if status != 200 or FORGED not in body:
                print(f"control {backend} {attempt}: {status} {body[:200]}")
    for backend in ("php", "cgi"):
        status, body = request("control.localhost", f"/{backend}/n", [("Authorization", BASIC)])
        if FORGED not in body:
            print(f"control {backend} Basic: {status} {body[:200]}")

    for host in SERVERS:
        for name, backend, order, area, layout in all_layouts():
            path = f"/{name}/n"
            status, body = request(host, path, [])
            hears = LAYOUTS[layout][1]
            if status != 200:
                print(f"{host}{path}: an honest visitor gets {status} {body[:200]}")
            elif hears and area == "protected" and user not in body:
                print(f"{host}{path}: the site does not hear of its visitor: {body[:300]}")
            elif area == "public" and user in body.replace(cookie, ""):
                print(f"{host}{path}: the site hears of a visitor where nobody need be signed in")
            for what, headers in forgeries():
                if is_unseen(what, area, layout):
                    continue
                status, body = request(host, path, headers)
                if FORGED in body or status not in (200, 403):
                    print(f"{host}{path} with {what}: {status} {body[:300]}")
        for what, headers in forgeries():
            if what != "full stop" and request(host, "/grpc/n", headers)[0] not in (403,):
                if what not in ("underscore", "upper case and underscore", "underscore of a session") or host == "underscores.localhost":
                    print(f"{host}/grpc/ with {what} is not refused")
    print(f"{sent} requests")


if sys.argv[1] == "config":
    config(*sys.argv[2:7])
else:
    attack(int(sys.argv[2]), sys.argv[3], sys.argv[4])
