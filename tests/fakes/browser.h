#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "fakes/dispatching.h"

namespace csauth::fakes {

/// Sends requests as a browser does, for Ann, and reads the cookies of the answers.
struct Browser : Dispatching {
    users::User user = ann();

    /// `requirement`: what a location of a protected site asks for.
    http::Response call(const char* method, const std::string& path, http::Headers headers,
                        std::string body = "", handlers::Pool pool = handlers::Pool::api,
                        std::optional<std::string> requirement = {}) {
        http::Request request{.method = method, .path = path, .headers = std::move(headers), .id = "r1"};
        if (const auto at = path.find('?'); at != std::string::npos) {
            request.query = path.substr(at + 1);
            request.path = path.substr(0, at);
        }
        if (!body.empty()) request.content_type = "application/json";
        request.body = std::move(body);
        request.requirement = std::move(requirement);
        return handlers::dispatch(services, request, pool).response;
    }

    /// Returns the cookies that an answer sets: by name the value and the attributes.
    std::map<std::string, std::pair<std::string, std::string>> jar(const http::Response& response) {
        std::map<std::string, std::pair<std::string, std::string>> found;
        for (const auto& [name, value] : response.headers) {
            if (name != "Set-Cookie") continue;
            const auto equals = value.find('=');
            const auto end = value.find("; ");
            found[value.substr(0, equals)] = {value.substr(equals + 1, end - equals - 1),
                                              value.substr(end + 2)};
        }
        return found;
    }

    http::Response login(http::Headers headers = {{"x-session-mode", "cookie"}}) {
        return call("POST", "/api/login", std::move(headers),
                    R"({"email":"ann@example.com","password":"correct horse"})", handlers::Pool::hash);
    }

    /// Returns one of them as a request sends it.
    std::string cookie(const http::Response& signed_in, const std::string& name) {
        return name + "=" + jar(signed_in).at(name).first;
    }
};

}  // namespace csauth::fakes
