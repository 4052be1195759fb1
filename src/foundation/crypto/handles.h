#pragma once

#include <openssl/evp.h>

#include <memory>

namespace csauth::crypto {

/// Frees an OpenSSL object with the function that belongs to its type.
template <auto Free>
struct Freed {
    template <class Object>
    void operator()(Object* object) const {
        Free(object);
    }
};

using MacPtr = std::unique_ptr<EVP_MAC, Freed<EVP_MAC_free>>;
using CipherContextPtr = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;

}  // namespace csauth::crypto
