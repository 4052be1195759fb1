#include "users/profile.h"

#include <algorithm>

#include "base/encoding.h"

namespace csauth::users {

std::string preferred_language(std::string_view accept_language) {
    constexpr std::size_t longest_primary_tag = 3;  // ISO 639
    const auto tag = trimmed(accept_language.substr(0, accept_language.find_first_of(",;-")));
    const bool is_tag = tag.size() >= 2 && tag.size() <= longest_primary_tag &&
                        std::all_of(tag.begin(), tag.end(),
                                    [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
    return is_tag ? ascii_lower(tag) : "en";
}

}  // namespace csauth::users
