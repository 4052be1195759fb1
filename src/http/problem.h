#pragma once

#include <span>
#include <string_view>

#include "base/error.h"
#include "http/message.h"

namespace csauth::http {

/// What a code means to a client.
struct ProblemKind {
    ErrorCode code;
    int status;
    std::string_view name;    ///< stable; the last part of the problem's type URI
    std::string_view title;   ///< the same for every occurrence
    std::string_view remedy;  ///< what the caller can do about it; for the documentation
};

const ProblemKind& kind_of(ErrorCode code);

/// All of them, for the documentation.
std::span<const ProblemKind> all_problem_kinds();

/// The document of RFC 9457, with the headers that belong to its status.
Response problem(const Error& error, std::string_view request_id);

}  // namespace csauth::http
