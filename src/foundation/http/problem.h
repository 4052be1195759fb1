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

/// The same members for clients of the Django service, as `application/json`. Beside them, each field that
/// `error` names is a member with its complaints, as Django REST framework has it: {"email": ["…"]}. Those
/// about the body as a whole are in `non_field_errors`. A field with the name of a member of the document is
/// left out. The `code` of a refused token is `token_not_valid`; its `type` still says why it was refused.
Response drf_problem(const Error& error, std::string_view request_id);

}  // namespace csauth::http
