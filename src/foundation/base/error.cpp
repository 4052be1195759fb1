#include "base/error.h"

#include <stdexcept>

namespace csauth {

std::string_view name_of(FieldCode code) {
    switch (code) {
        case FieldCode::required: return "required";
        case FieldCode::wrong_type: return "wrong_type";
        case FieldCode::invalid: return "invalid";
        case FieldCode::too_short: return "too_short";
        case FieldCode::too_long: return "too_long";
        case FieldCode::mismatch: return "mismatch";
        case FieldCode::taken: return "taken";
        case FieldCode::reserved: return "reserved";
        case FieldCode::common_password: return "common_password";
        case FieldCode::predictable_password: return "predictable_password";
        case FieldCode::resembles_account: return "resembles_account";
        case FieldCode::incorrect: return "incorrect";
        case FieldCode::read_only: return "read_only";
    }
    throw std::logic_error("a FieldCode without a name");
}

}  // namespace csauth
