#include "accounts/one_time_tokens.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/enum_names.h"
#include "crypto/digest.h"

namespace csauth::accounts {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kTokenCharacters = 43;
constexpr std::string_view kCodeAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
static_assert(kCodeAlphabet.size() == 32);

constexpr EnumNames kPurposeNames{std::to_array<NameOf<Purpose>>({
    {Purpose::verify_email, "verify_email"},
    {Purpose::reset_password, "reset_password"},
    {Purpose::change_email, "change_email"},
    {Purpose::revert_email, "revert_email"},
    {Purpose::invitation, "invitation"},
})};

}  // namespace

std::string_view name_of(Purpose purpose) { return kPurposeNames.of(purpose); }

Secret make_one_time_token(Random& random) {
    return Secret{std::string_view{base64url(as_text(random.bytes<kTokenBytes>()))}};
}

TokenHash hash_of(std::string_view token) { return crypto::sha256(token); }

Result<PresentedToken, Complaint> PresentedToken::parse(std::string_view given) {
    if (given.size() != kTokenCharacters || !decode_base64url(given))
        return Complaint{FieldCode::invalid, "This is not a token from one of our mails."};
    return PresentedToken{hash_of(given)};
}

Secret make_typed_code(Random& random) {
    std::array<char, kTypedCodeLength> code;
    for (char& c : code)
        c = kCodeAlphabet[random.below(static_cast<std::uint32_t>(kCodeAlphabet.size()))];
    return Secret{std::string_view{code.data(), code.size()}};
}

TokenHash tag_of_code(const crypto::Key& key, UserId user, std::string_view code) {
    return key.hmac.tag("csauth typed code:" + user.text() + ':' + std::string{code});
}

void add_beside_earlier(OneTimeTokens& tokens, const OneTimeToken& token) {
    tokens.add(token);
    tokens.drop_oldest(token.user, token.purpose, kMostLinks);
}

bool is_live(const OneTimeToken& token, const users::User& user, TimePoint now) {
    return token.user == user.id && !token.is_consumed && now < token.expires_at &&
           token.epoch == user.epoch && token.email_key == user.email_key;
}

bool has_live_link(OneTimeTokens& tokens, const users::User& user, Purpose purpose, TimePoint since,
                   TimePoint now) {
    const auto all = tokens.all_of(user.id);
    return std::any_of(all.begin(), all.end(), [&](const OneTimeToken& token) {
        return token.purpose == purpose && token.created_at > since && is_live(token, user, now);
    });
}

Result<TypedCode, Complaint> TypedCode::parse(std::string_view given) {
    std::string code;
    for (const char c : given) {
        if (c == ' ' || c == '-') continue;
        code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        if (code.size() > kTypedCodeLength) break;
    }
    const bool good = code.size() == kTypedCodeLength && std::all_of(code.begin(), code.end(), [](char c) {
                          return kCodeAlphabet.find(c) != std::string_view::npos;
                      });
    if (!good) return Complaint{FieldCode::invalid, "This is not a code from one of our mails."};
    return TypedCode{std::move(code)};
}

}  // namespace csauth::accounts
