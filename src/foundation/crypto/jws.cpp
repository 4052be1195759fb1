#include "crypto/jws.h"

#include <array>
#include <utility>

#include "base/encoding.h"
#include "json/object.h"

namespace csauth::crypto {
namespace {

constexpr json::Limits kHeaderLimits{.bytes = 512, .depth = 2, .members = 8};

// Parameters that would change what is verified, or with what (RFC 7515 section 4.1, RFC 7797, RFC 7516).
constexpr std::array<std::string_view, 11> kRefusedParameters{"crit", "jku",      "jwk", "x5u", "x5c", "x5t",
                                                              "b64",  "x5t#S256", "zip", "cty", "enc"};

/// The content of the header.
struct Header {
    const Key* key = nullptr;  ///< nullptr: it names no key of the ring, or has a refused parameter
    std::string type;          ///< empty if it has none
};

Header read_header(std::string_view encoded, const KeyRing& ring) {
    // A token of our own begins with a header that we wrote. Comparing it takes 10 ns, reading it 2 µs.
    if (const Key* key = ring.find_by_header(encoded)) return {key, std::string{kJwsType}};

    const auto text = decode_base64url(encoded);
    if (!text) return {};
    const auto header = json::Object::parse(*text, kHeaderLimits);
    if (!header || header->string("alg") != "HS256") return {};
    for (const auto name : kRefusedParameters)
        if (header->kind(name) != json::Kind::missing) return {};
    if (header->kind("typ") != json::Kind::missing && !header->string("typ")) return {};
    const auto key_id = header->string("kid");
    return {key_id ? ring.find(*key_id) : nullptr, std::string{header->string("typ").value_or("")}};
}

}  // namespace

std::string sign_jws(std::string_view payload, const KeyRing& ring) {
    const Key& key = ring.active();
    std::string token = key.jws_header + '.' + base64url(payload);
    const Sha256Digest tag = key.hmac.tag(token);
    return token.append(".").append(base64url(as_text(tag)));
}

std::optional<std::string> SignedJws::payload() const {
    auto decoded = decode_base64url(encoded_payload);
    return decoded && !decoded->empty() ? std::move(decoded) : std::nullopt;
}

std::optional<VerifiedJws> verify_jws(std::string_view token, const KeyRing& ring) {
    auto checked = check_signature(token, ring);
    auto payload = checked ? checked->payload() : std::nullopt;
    if (!payload) return std::nullopt;
    return VerifiedJws{std::move(checked->type), std::move(*payload)};
}

std::optional<SignedJws> check_signature(std::string_view token, const KeyRing& ring) {
    if (token.size() > kLongestJws) return std::nullopt;
    const auto first_dot = token.find('.');
    const auto second_dot = token.rfind('.');
    if (first_dot == std::string_view::npos || token.find('.', first_dot + 1) != second_dot)
        return std::nullopt;

    auto [key, type] = read_header(token.substr(0, first_dot), ring);
    if (key == nullptr) return std::nullopt;

    const auto tag = decode_base64url(token.substr(second_dot + 1));
    const Sha256Digest expected = key->hmac.tag(token.substr(0, second_dot));
    if (!tag || !equal_in_constant_time(*tag, as_text(expected))) return std::nullopt;

    return SignedJws{std::move(type), token.substr(first_dot + 1, second_dot - first_dot - 1), expected};
}

}  // namespace csauth::crypto
