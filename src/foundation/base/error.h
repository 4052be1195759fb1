#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace csauth {

/// Every refusal that a caller can get. http::problem gives each its status and its wording;
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

/// The code's stable name, as clients see it: "too_short".
std::string_view name_of(FieldCode code);

/// What a value type says of text that it does not accept.
struct Complaint {
    FieldCode code;
    std::string detail;  ///< one sentence for a person
};

/// A complaint about one member of what the caller sent. `field` is the name of the member, the names of
/// nested members joined by "/", or empty for the whole. Names have neither "/" nor "~" in them.
struct FieldError {
    std::string field;
    FieldCode code;
    std::string detail;
};

/// A refusal. `detail` is for the client; what only the operator may know goes to the log.
struct Error {
    ErrorCode code;
    std::string detail = {};
    std::vector<FieldError> fields = {};
    std::optional<std::chrono::seconds> retry_after = {};
    std::optional<TimePoint> until = {};  ///< when the refusal ends; `detail` has it as rfc3339_seconds()
};

/// Returns a `validation_failed` that is about one member.
Error invalid_field(std::string_view field, FieldCode code, std::string detail);

}  // namespace csauth
