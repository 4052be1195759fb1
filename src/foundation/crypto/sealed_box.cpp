#include "crypto/sealed_box.h"

#include <openssl/evp.h>

#include <array>

#include "base/encoding.h"
#include "crypto/failure.h"
#include "crypto/handles.h"

namespace csauth::crypto {
namespace {

constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;

const unsigned char* raw(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// Derives the key of the cipher, because a key of the ring may be longer than AES accepts.
Sha256Digest cipher_key(const Key& key) { return key.hmac.tag("csauth sealed box"); }

}  // namespace

// A box is: length of the key's id (1 byte), id, nonce, ciphertext, tag.
std::string seal(std::string_view plain, std::string_view context, const KeyRing& ring, Random& random) {
    const Key& key = ring.active();
    const auto nonce = random.bytes<kNonceSize>();
    const Sha256Digest secret = cipher_key(key);

    std::string cipher(plain.size(), '\0');
    std::string tag(kTagSize, '\0');
    int size = 0;
    const CipherContextPtr c{EVP_CIPHER_CTX_new()};
    require(c != nullptr, "AES-GCM");
    require(EVP_EncryptInit_ex(c.get(), EVP_aes_256_gcm(), nullptr, secret.data(), nonce.data()) == 1,
            "AES-GCM");
    require(EVP_EncryptUpdate(c.get(), nullptr, &size, raw(context), static_cast<int>(context.size())) == 1,
            "AES-GCM");
    require(EVP_EncryptUpdate(c.get(), raw(cipher), &size, raw(plain), static_cast<int>(plain.size())) == 1,
            "AES-GCM");
    require(EVP_EncryptFinal_ex(c.get(), raw(cipher) + size, &size) == 1, "AES-GCM");
    require(EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_GCM_GET_TAG, kTagSize, tag.data()) == 1, "AES-GCM");

    std::string box(1, static_cast<char>(key.id.size()));
    return box.append(key.id).append(as_text(nonce)).append(cipher).append(tag);
}

std::optional<Secret> open(std::string_view box, std::string_view context, const KeyRing& ring) {
    if (box.empty()) return std::nullopt;
    const std::size_t id_size = static_cast<unsigned char>(box[0]);
    if (box.size() < 1 + id_size + kNonceSize + kTagSize) return std::nullopt;
    const Key* key = ring.find(box.substr(1, id_size));
    if (key == nullptr) return std::nullopt;
    const auto nonce = box.substr(1 + id_size, kNonceSize);
    const auto tag = box.substr(box.size() - kTagSize);
    const auto cipher =
        box.substr(1 + id_size + kNonceSize, box.size() - 1 - id_size - kNonceSize - kTagSize);
    const Sha256Digest secret = cipher_key(*key);

    std::string plain(cipher.size(), '\0');
    std::string expected_tag{tag};
    int size = 0;
    const CipherContextPtr c{EVP_CIPHER_CTX_new()};
    require(c != nullptr, "AES-GCM");
    require(EVP_DecryptInit_ex(c.get(), EVP_aes_256_gcm(), nullptr, secret.data(), raw(nonce)) == 1,
            "AES-GCM");
    require(EVP_DecryptUpdate(c.get(), nullptr, &size, raw(context), static_cast<int>(context.size())) == 1,
            "AES-GCM");
    require(EVP_DecryptUpdate(c.get(), raw(plain), &size, raw(cipher), static_cast<int>(cipher.size())) == 1,
            "AES-GCM");
    require(EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_GCM_SET_TAG, kTagSize, expected_tag.data()) == 1,
            "AES-GCM");
    const bool genuine = EVP_DecryptFinal_ex(c.get(), raw(plain) + size, &size) == 1;
    Secret opened{std::string_view{plain}};
    wipe(plain);
    if (!genuine) return std::nullopt;
    return opened;
}

}  // namespace csauth::crypto
