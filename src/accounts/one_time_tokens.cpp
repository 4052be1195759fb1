#include "accounts/one_time_tokens.h"

#include <stdexcept>

#include "base/encoding.h"
#include "crypto/digest.h"

namespace csauth::accounts {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kTokenCharacters = 43;

}  // namespace

std::string_view name_of(Purpose purpose) {
    switch (purpose) {
        case Purpose::verify_email: return "verify_email";
    }
    throw std::logic_error("a Purpose without a name");
}

Secret make_one_time_token(Random& random) {
    return Secret{std::string_view{base64url(as_text(random.bytes<kTokenBytes>()))}};
}

TokenHash hash_of(std::string_view token) { return crypto::sha256(token); }

Result<PresentedToken, Complaint> PresentedToken::parse(std::string_view given) {
    if (given.size() != kTokenCharacters || !decode_base64url(given))
        return Complaint{FieldCode::invalid, "This is not a token from one of our mails."};
    return PresentedToken{hash_of(given)};
}

}  // namespace csauth::accounts
