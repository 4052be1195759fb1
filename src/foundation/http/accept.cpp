#include "http/accept.h"

#include <algorithm>

#include "base/encoding.h"

namespace csauth::http {
namespace {

/// Takes the text before the next separator off `text`, without the white space around it.
std::string_view take(std::string_view& text, char separator) {
    const auto end = std::min(text.find(separator), text.size());
    const auto taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return trimmed(taken);
}

/// Returns true for the weights of RFC 9110, section 12.4.2 that are above 0: "1", "0.5", "0.001".
bool is_above_zero(std::string_view weight) {
    constexpr std::size_t longest = 5;  // three digits after the point
    if (weight.empty() || weight.size() > longest) return false;
    const char whole = weight.front();
    auto digits = weight.substr(1);
    if (!digits.empty() && digits.front() != '.') return false;
    if (!digits.empty()) digits.remove_prefix(1);
    const auto all_are = [&](char least, char most) {
        return std::all_of(digits.begin(), digits.end(), [&](char c) { return c >= least && c <= most; });
    };
    if (whole == '1') return all_are('0', '0');
    return whole == '0' && all_are('0', '9') && !all_are('0', '0');
}

}  // namespace

bool asks_for_plain_json(std::string_view accept) {
    bool names_json = false;
    while (!accept.empty()) {
        auto range = take(accept, ',');
        const auto type = take(range, ';');
        bool is_wanted = true;
        while (!range.empty()) {
            auto parameter = take(range, ';');
            if (equals_ignoring_case(take(parameter, '='), "q"))
                is_wanted = is_above_zero(trimmed(parameter));
        }
        if (!is_wanted) continue;
        if (equals_ignoring_case(type, "application/problem+json")) return false;
        if (equals_ignoring_case(type, "application/json")) names_json = true;
    }
    return names_json;
}

}  // namespace csauth::http
