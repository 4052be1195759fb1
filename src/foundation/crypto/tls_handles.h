#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "crypto/handles.h"

namespace csauth::crypto {

using SslContextPtr = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Freed<SSL_free>>;

}  // namespace csauth::crypto
