#pragma once

#include <span>
#include <string_view>

#include "base/error.h"
#include "http/message.h"

namespace csauth::http {

/// What an error code means to a client.
struct ProblemKind {
    ErrorCode code;
    int status;
    std::string_view name;    ///< stable; the last part of the problem's type URI
    std::string_view title;   ///< the same for every occurrence
    std::string_view remedy;  ///< what the caller can do about it; for the documentation
};

/// Returns the entry of the code, which lives as long as the program.
const ProblemKind& kind_of(ErrorCode code);

/// Returns the entry of every code, for the documentation.
std::span<const ProblemKind> all_problem_kinds();

/// Returns the document of RFC 9457 with the status of the code. 401 has a `WWW-Authenticate`. 429 and 503
/// have a `Retry-After`, and so has every error with a `retry_after`.
Response problem(const Error& error, std::string_view request_id);

/// Returns the same members as `application/json`, for clients of the Django service.
///
/// In addition each field of `error` is a member with its complaints, like in Django REST framework:
/// {"email": ["…"]}. Complaints about the whole body are in `non_field_errors`. A field with the name of a
/// member of the document is left out. The `code` of a refused token is `token_not_valid`; its `type` still
/// tells why it was refused.
Response drf_problem(const Error& error, std::string_view request_id);

}  // namespace csauth::http
