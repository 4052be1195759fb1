#pragma once

#include "base/error.h"
#include "http/message.h"

namespace csauth::handlers {

/// The path of forward authentication, which has refusals of its own.
inline constexpr std::string_view kVerifyPath = "/auth/verify";

/// A refusal that nginx' auth_request understands: 401 where signing in helps, 403 for everything else, and
/// why in X-Auth-Reason. Never another status: that would be a broken page, or everybody signed out.
http::Response verify_refusal(const Error& error);

}  // namespace csauth::handlers
