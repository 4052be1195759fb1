-- Forward authentication for HAProxy 2.6 and later: asks CollabSphere Auth before each request. docs/use/protecting.md
-- shows how to use it. URL: the address of the check, such as http://127.0.0.1:8080/auth/forward/any.
--
-- Afterwards these variables are set:
--   txn.csauth_status    204: the visitor may go on; otherwise the status to answer with
--   txn.csauth_location  for 302: the sign-in page
--   txn.csauth_cookie    a renewed cookie for the browser, if there is one
-- For 204, the request has the headers that say who the visitor is.

local identity = {
    "remote-user", "remote-id", "remote-name", "remote-email", "remote-email-verified", "remote-groups",
    "remote-permissions", "x-auth-session",
}
-- Headers of the connection, and of a body that the check does not need.
local kept_back = { ["connection"] = true, ["content-length"] = true, ["transfer-encoding"] = true, ["expect"] = true }

local function first(headers, name)
    local values = headers and headers[name]
    return values and (values[0] or values[1])
end

core.register_action("csauth", { "http-req" }, function(txn, url)
    local asked = {}
    for name, values in pairs(txn.http:req_get_headers()) do
        if not kept_back[name] then
            asked[name] = {}
            for _, value in pairs(values) do table.insert(asked[name], value) end
        end
    end
    asked["x-forwarded-method"] = { txn.sf:method() }
    asked["x-forwarded-proto"] = { txn.f:ssl_fc() == 1 and "https" or "http" }
    asked["x-forwarded-host"] = { txn.sf:req_fhdr("host") }
    asked["x-forwarded-uri"] = { txn.sf:pathq() }

    local answer = core.httpclient():get({ url = url, headers = asked, timeout = 5000 })
    local status = answer and answer.status or 0
    txn:set_var("txn.csauth_status", status == 0 and 503 or status)
    if status == 302 then
        txn:set_var("txn.csauth_location", first(answer.headers, "location"))
    elseif status == 204 then
        for _, name in ipairs(identity) do
            txn.http:req_del_header(name)
            local value = first(answer.headers, name)
            if value then txn.http:req_set_header(name, value) end
        end
        local cookie = first(answer.headers, "set-cookie")
        if cookie then txn:set_var("txn.csauth_cookie", cookie) end
    end
end, 1)
