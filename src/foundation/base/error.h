#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace csauth {

/// Every refusal that a client can get. http::problem has the status, the title and the remedy of each code;
/// docs/use/errors.md is generated from there.
enum class ErrorCode {
    bad_request,
    malformed_json,
    length_mismatch,
    one_time_token_invalid,
    link_superseded,
    authentication_required,
    invalid_credentials,
    invalid_token,
    token_expired,
    session_ended,
    account_banned,
    email_unverified,
    permission_denied,
    cross_site_request,
    forged_identity,
    not_found,
    method_not_allowed,
    email_taken,
    username_taken,
    role_taken,
    role_in_use,
    last_role_manager,
    limit_reached,
    body_too_large,
    unsupported_media_type,
    misdirected_request,
    validation_failed,
    too_many_requests,
    headers_too_large,
    internal_error,
    service_unavailable,
};

/// What can be wrong with one member of a request.
enum class FieldCode {
    required,
    wrong_type,
    invalid,
    too_short,
    too_long,
    mismatch,
    taken,
    reserved,
    common_password,
    predictable_password,
    resembles_account,
    incorrect,
    read_only,
};

inline constexpr FieldCode kLastFieldCode = FieldCode::read_only;

/// Returns the stable name of the code, as clients see it: "too_short".
std::string_view name_of(FieldCode code);

/// Why the `parse` function of a value type refused a text.
struct Complaint {
    FieldCode code;
    std::string detail;  ///< one sentence for a person
};

/// A complaint about one member of a request. `field` is the name of the member. The names of nested members
/// are joined by "/". An empty `field` means the whole body. Names contain neither "/" nor "~".
struct FieldError {
    std::string field;
    FieldCode code;
    std::string detail;
};

/// A refusal. The client sees all of it; details for the operator alone go to the log.
struct Error {
    ErrorCode code;
    std::string detail = {};              ///< for a person; empty: the title of the code (http::ProblemKind)
    std::vector<FieldError> fields = {};  ///< the members of the request that are at fault, if it is a member
    std::optional<std::chrono::seconds> retry_after = {};  ///< how long to wait before another try
    std::optional<TimePoint> until = {};  ///< when the refusal ends; `detail` names it as rfc3339_seconds()
};

/// Returns a `validation_failed` about one member. The error and its field have the same `detail`.
Error invalid_field(std::string_view field, FieldCode code, std::string detail);

}  // namespace csauth
