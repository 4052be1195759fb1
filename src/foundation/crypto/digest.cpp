#include "crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include <string>

#include "crypto/failure.h"
#include "crypto/handles.h"

namespace csauth::crypto {

Sha256Digest sha256(std::string_view data) {
    Sha256Digest digest;
    require(EVP_Digest(data.data(), data.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1,
            "SHA-256");
    return digest;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void HmacSha256::FreeContext::operator()(evp_mac_ctx_st* context) const { EVP_MAC_CTX_free(context); }

HmacSha256::HmacSha256(std::span<const std::uint8_t> key) {
    const MacPtr mac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
    require(mac != nullptr, "HMAC");
    context_.reset(EVP_MAC_CTX_new(mac.get()));
    require(context_ != nullptr, "HMAC");
    std::string digest = "SHA256";
    const std::array params{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), digest.size()),
        OSSL_PARAM_construct_end()};
    require(EVP_MAC_init(context_.get(), key.data(), key.size(), params.data()) == 1, "HMAC key");
}

Sha256Digest HmacSha256::tag(std::string_view data) const {
    Sha256Digest tag;
    std::size_t size = 0;
    // Without a key this starts again under the key that was set before.
    require(EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1, "HMAC");
    require(
        EVP_MAC_update(context_.get(), reinterpret_cast<const unsigned char*>(data.data()), data.size()) == 1,
        "HMAC");
    require(EVP_MAC_final(context_.get(), tag.data(), &size, tag.size()) == 1 && size == tag.size(), "HMAC");
    return tag;
}

}  // namespace csauth::crypto
