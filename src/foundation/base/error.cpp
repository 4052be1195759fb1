#include "base/error.h"

#include "base/enum_names.h"

namespace csauth {
namespace {

constexpr EnumNames kFieldCodeNames{std::to_array<NameOf<FieldCode>>({
    {FieldCode::required, "required"},
    {FieldCode::wrong_type, "wrong_type"},
    {FieldCode::invalid, "invalid"},
    {FieldCode::too_short, "too_short"},
    {FieldCode::too_long, "too_long"},
    {FieldCode::mismatch, "mismatch"},
    {FieldCode::taken, "taken"},
    {FieldCode::reserved, "reserved"},
    {FieldCode::common_password, "common_password"},
    {FieldCode::predictable_password, "predictable_password"},
    {FieldCode::resembles_account, "resembles_account"},
    {FieldCode::incorrect, "incorrect"},
    {FieldCode::read_only, "read_only"},
})};

}  // namespace

std::string_view name_of(FieldCode code) { return kFieldCodeNames.of(code); }

Error invalid_field(std::string_view field, FieldCode code, std::string detail) {
    Error error{.code = ErrorCode::validation_failed, .detail = detail};
    error.fields.push_back({std::string{field}, code, std::move(detail)});
    return error;
}

}  // namespace csauth
