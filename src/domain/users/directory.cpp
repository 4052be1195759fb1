#include "users/directory.h"

#include "base/enum_names.h"
#include "text/unicode.h"
#include "users/email.h"

namespace csauth::users {
namespace {

constexpr EnumNames kStatusNames{std::to_array<NameOf<Status>>({
    {Status::active, "active"},
    {Status::unverified, "unverified"},
    {Status::banned, "banned"},
})};

}  // namespace

std::string_view name_of(Status status) { return kStatusNames.of(status); }

std::optional<Status> status_named(std::string_view name) { return kStatusNames.find(name); }

Result<SearchPrefix, Complaint> SearchPrefix::parse(std::string_view given) {
    if (given.empty()) return Complaint{FieldCode::too_short, "This may not be empty."};
    if (given.size() > kLongestEmail)
        return Complaint{FieldCode::too_long, "This is longer than any address."};
    if (const auto email = Email::parse(given)) return SearchPrefix{email->key()};
    const auto beginning = text::identifier(given);
    auto key = beginning ? text::nfkc_casefold(*beginning) : std::nullopt;
    if (!key || key->empty()) return Complaint{FieldCode::invalid, "This can't be the beginning of a name."};
    return SearchPrefix{std::move(*key)};
}

}  // namespace csauth::users
