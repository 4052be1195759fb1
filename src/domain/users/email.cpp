#include "users/email.h"

#include <idn2.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "base/encoding.h"
#include "text/unicode.h"

namespace csauth::users {
namespace {

Complaint invalid(std::string detail) { return {FieldCode::invalid, std::move(detail)}; }

bool is_ascii_alphanumeric(char32_t c) {
    return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9');
}

/// Returns true for `atext` of RFC 5322, and for letters, marks and digits of other scripts. Returns false
/// for invisible ones: two addresses that look alike would be two mailboxes.
bool may_stand_in_local_part(char32_t c) {
    if (c < 0x80)
        return is_ascii_alphanumeric(c) ||
               std::u32string_view{U"!#$%&'*+-/=?^_`{|}~"}.find(c) != std::u32string_view::npos;
    return (text::is_letter(c) || text::is_mark(c) || text::is_number(c)) && !text::is_ignorable(c);
}

bool is_dot_atom(std::u32string_view local) {
    if (local.empty() || local.front() == U'.' || local.back() == U'.') return false;
    if (local.find(U"..") != std::u32string_view::npos) return false;
    return std::all_of(local.begin(), local.end(),
                       [](char32_t c) { return c == U'.' || may_stand_in_local_part(c); });
}

/// Returns the domain as A-labels in lower case, or nullopt if it is no host name. libidn2 accepts other
/// texts as well, so the labels are checked here.
std::optional<std::string> ascii_domain(const std::string& domain) {
    char* converted = nullptr;
    if (idn2_to_ascii_8z(domain.c_str(), &converted, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
        return std::nullopt;
    const std::unique_ptr<char, decltype(&idn2_free)> owner{converted, &idn2_free};
    const std::string ascii = ascii_lower(converted);
    if (ascii.size() > kLongestDomain) return std::nullopt;

    std::string_view rest = ascii;
    std::size_t labels = 0;
    for (;;) {
        const auto label = rest.substr(0, rest.find('.'));
        ++labels;
        const bool good = !label.empty() && label.size() <= 63 && label.front() != '-' &&
                          label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
                              return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                          });
        if (!good) return std::nullopt;
        if (label.size() == rest.size()) {
            // RFC 3696 section 2: a top level domain is never all digits, so this is no address of a host.
            const bool numeric =
                std::all_of(label.begin(), label.end(), [](char c) { return c >= '0' && c <= '9'; });
            return labels >= 2 && !numeric ? std::optional{ascii} : std::nullopt;
        }
        rest.remove_prefix(label.size() + 1);
    }
}

/// Returns the domain as U-labels, for showing; as A-labels if an address with
/// a local part of `local` bytes would be too long.
std::string shown_domain(const std::string& ascii, std::size_t local) {
    char* converted = nullptr;
    if (idn2_to_unicode_8z8z(ascii.c_str(), &converted, 0) != IDN2_OK) return ascii;
    const std::unique_ptr<char, decltype(&idn2_free)> owner{converted, &idn2_free};
    std::string domain = converted;
    return local + 1 + domain.size() <= kLongestEmail ? domain : ascii;
}

}  // namespace

Result<Email, Complaint> Email::parse(std::string_view given) {
    if (given.size() > kLongestEmailGiven) return Complaint{FieldCode::too_long, "The address is too long."};
    const auto composed = text::identifier(given);
    if (!composed || composed->find('\0') != std::string::npos) return invalid("This is not UTF-8 text.");
    if (composed->empty()) return Complaint{FieldCode::too_short, "This may not be empty."};
    if (composed->size() > kLongestEmail) return Complaint{FieldCode::too_long, "The address is too long."};
    const auto at = composed->rfind('@');
    if (at == std::string::npos) return invalid("An address has an @.");

    const std::string local = composed->substr(0, at);
    const std::string domain = composed->substr(at + 1);
    if (local.size() > kLongestLocalPart)
        return Complaint{FieldCode::too_long, "The part before the @ is too long."};
    const auto local_points = text::code_points(local);
    if (!local_points || !is_dot_atom(*local_points))
        return invalid("The part before the @ is not acceptable.");
    const auto ascii = ascii_domain(domain);
    if (!ascii) return invalid("The part after the @ is not a domain name.");
    if (local.size() + 1 + ascii->size() > kLongestEmail)
        return Complaint{FieldCode::too_long, "The address is too long."};
    const auto folded = text::nfkc_casefold(local);
    const auto folded_points = folded ? text::code_points(*folded) : std::nullopt;
    if (!folded_points || !is_dot_atom(*folded_points))
        return invalid("The part before the @ is not acceptable.");
    return Email{local + '@' + shown_domain(*ascii, local.size()), *folded + '@' + *ascii};
}

}  // namespace csauth::users
