#include "crypto/failure.h"

#include <openssl/err.h>

namespace csauth::crypto {

Failure::Failure(const std::string& what)
    : std::runtime_error{what + ": OpenSSL error " + std::to_string(ERR_peek_last_error())} {
    ERR_clear_error();
}

void require(bool succeeded, const char* what) {
    if (!succeeded) throw Failure{what};
}

}  // namespace csauth::crypto
