#include "users/directory.h"

#include <stdexcept>

#include "text/unicode.h"
#include "users/email.h"

namespace csauth::users {

std::string_view name_of(Status status) {
    switch (status) {
        case Status::active: return "active";
        case Status::unverified: return "unverified";
        case Status::banned: return "banned";
    }
    throw std::logic_error("a Status without a name");
}

std::optional<Status> status_named(std::string_view name) {
    for (const Status status : {Status::active, Status::unverified, Status::banned})
        if (name_of(status) == name) return status;
    return std::nullopt;
}

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
