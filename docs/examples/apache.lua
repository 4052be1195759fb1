-- Forward authentication for Apache 2.4 with mod_lua and LuaSocket (Debian: lua-socket): asks CollabSphere Auth before each
-- request. docs/use/protecting.md shows how to use it.

local http = require("socket.http")

-- The address of the check. A location that asks for more has a script of its own with another address.
local check = os.getenv("CSAUTH_CHECK") or "http://127.0.0.1:8080/auth/forward/any"

local identity = {
    "remote-user", "remote-id", "remote-name", "remote-email", "remote-email-verified", "remote-groups",
    "remote-permissions", "x-auth-session",
}
-- Headers of the connection, and of a body that the check does not need.
local kept_back = { ["connection"] = true, ["content-length"] = true, ["transfer-encoding"] = true, ["expect"] = true }

function csauth(r)
    local asked = {}
    for name, value in pairs(r:headers_in_table()) do
        if not kept_back[name:lower()] then asked[name] = value end
    end
    asked["X-Forwarded-Method"] = r.method
    asked["X-Forwarded-Proto"] = r.is_https and "https" or "http"
    asked["X-Forwarded-Host"] = r.headers_in["Host"]
    asked["X-Forwarded-Uri"] = r.unparsed_uri

    http.TIMEOUT = 5
    local _, status, headers = http.request({ url = check, headers = asked, redirect = false })
    if status == 204 then
        for _, name in ipairs(identity) do r.headers_in[name] = headers[name] or "" end
        r.user = headers["remote-user"]
        if headers["set-cookie"] then r.err_headers_out["Set-Cookie"] = headers["set-cookie"] end
        return apache2.DECLINED -- OK would keep the script of an inner <Location> from being asked
    end
    if status == 302 then r.err_headers_out["Location"] = headers["location"] end
    if status == 401 or status == 403 or status == 302 then return status end
    r.err_headers_out["Retry-After"] = "2"
    return 503
end
