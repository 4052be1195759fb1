#pragma once

#include "accounts/mail_link.h"
#include "fakes/world.h"
#include "handlers/cookies.h"
#include "handlers/dispatch.h"
#include "http/return_address.h"
#include "json/object.h"
#include "sessions/device_list.h"
#include "sessions/program_key.h"
#include "sessions/session_list.h"
#include "streamer/event.h"

namespace csauth::fakes {

class Ready final : public handlers::Readiness {
public:
    bool is_ready() override { return ready; }
    bool ready = true;
};

/// The real handlers over fakes.
struct Dispatching : World {
    Ready ready;
    csauth::sessions::ProgramKey notifier_key{Secret{"the notifier's key"}};
    csauth::sessions::ProgramKey proxy_key{Secret{"the proxy's key"}};
    http::ReturnHosts return_hosts{.scheme = "https", .hosts = {"auth.example.com", "wiki.example.com"}};
    std::string site_name = "Example <Wiki>";
    handlers::cookies::Policy cookies{
        .origin = "https://auth.example.com", .domain = "example.com", .lifetime = kIdle};
    /// Says yes, and remembers what was asked for.
    struct Streams final : handlers::Streams {
        std::vector<streamer::Subscription> opened;
        Result<http::Response> open(streamer::Subscription subscription) override {
            opened.push_back(std::move(subscription));
            return http::Response{.status = 200, .content_type = "text/event-stream"};
        }
    } streams;
    handlers::Services services = handler_services(*this, ports(), request_parts(),
                                                   {.directory = directory,
                                                    .notifier_key = notifier_key,
                                                    .proxy_key = proxy_key,
                                                    .readiness = ready,
                                                    .streams = &streams,
                                                    .cookies = cookies,
                                                    .return_hosts = return_hosts,
                                                    .site_name = site_name});

    http::Response send(const char* method, std::string path, std::string body = "", std::string token = "",
                        handlers::Pool pool = handlers::Pool::api) {
        http::Request request{.method = method, .path = std::move(path), .id = "r1"};
        if (!body.empty()) request.content_type = "application/json";
        request.body = std::move(body);
        if (!token.empty()) request.headers["authorization"] = "Bearer " + token;
        return handlers::dispatch(services, request, pool).response;
    }
    static std::string code(const http::Response& response) {
        return std::string{json::Object::parse(response.body)->string("code").value_or("")};
    }
    static std::string header(const http::Response& response, std::string_view name) {
        for (const auto& [key, value] : response.headers)
            if (key == name) return value;
        return "";
    }
};

}  // namespace csauth::fakes
