#include "crypto/jws.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "json/object.h"
#include "json/writer.h"

namespace csauth::crypto {
namespace {

constexpr json::Limits kHeaderLimits{.bytes = 512, .depth = 2, .members = 8};

// Parameters that would change what is verified, or with what (RFC 7515 section 4.1, RFC 7797, RFC 7516).
constexpr std::array<std::string_view, 11> kRefusedParameters{"crit", "jku",      "jwk", "x5u", "x5c", "x5t",
                                                              "b64",  "x5t#S256", "zip", "cty", "enc"};

}  // namespace

std::string sign_jws(std::string_view payload, const KeyRing& ring) {
    const Key& key = ring.active();
    json::Writer header;
    header.begin_object().member("alg", "HS256").member("typ", "JWT").member("kid", key.id).end_object();
    std::string token = base64url(header.text()) + '.' + base64url(payload);
    const Sha256Digest tag = key.hmac.tag(token);
    return token += '.' + base64url(as_text(tag));
}

std::optional<VerifiedJws> verify_jws(std::string_view token, const KeyRing& ring) {
    if (token.size() > kLongestJws || std::count(token.begin(), token.end(), '.') != 2) return std::nullopt;
    const auto first_dot = token.find('.');
    const auto second_dot = token.find('.', first_dot + 1);

    const auto header_text = decode_base64url(token.substr(0, first_dot));
    if (!header_text) return std::nullopt;
    const auto header = json::Object::parse(*header_text, kHeaderLimits);
    if (!header || header->string("alg") != "HS256") return std::nullopt;
    for (const auto name : kRefusedParameters)
        if (header->kind(name) != json::Kind::missing) return std::nullopt;
    if (header->kind("typ") != json::Kind::missing && !header->string("typ")) return std::nullopt;

    const auto key_id = header->string("kid");
    const Key* key = key_id ? ring.find(*key_id) : nullptr;
    if (key == nullptr) return std::nullopt;

    const auto tag = decode_base64url(token.substr(second_dot + 1));
    const Sha256Digest expected = key->hmac.tag(token.substr(0, second_dot));
    if (!tag || !equal_in_constant_time(*tag, as_text(expected))) return std::nullopt;

    auto payload = decode_base64url(token.substr(first_dot + 1, second_dot - first_dot - 1));
    if (!payload || payload->empty()) return std::nullopt;
    return VerifiedJws{std::string{header->string("typ").value_or("")}, std::move(*payload)};
}

}  // namespace csauth::crypto
