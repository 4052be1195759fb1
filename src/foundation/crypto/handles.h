#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include <memory>
#include <stdexcept>
#include <string>

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
using MacContextPtr = std::unique_ptr<EVP_MAC_CTX, Freed<EVP_MAC_CTX_free>>;
using CipherContextPtr = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;
using SslContextPtr = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Freed<SSL_free>>;

/// A breakdown of the library: no result may be used, nothing may be issued.
class Failure : public std::runtime_error {
public:
    explicit Failure(const std::string& what)
        : std::runtime_error{what + ": OpenSSL error " + std::to_string(ERR_peek_last_error())} {
        ERR_clear_error();
    }
};

/// Throws Failure unless `succeeded`.
inline void require(bool succeeded, const char* what) {
    if (!succeeded) throw Failure{what};
}

}  // namespace csauth::crypto
