#include "base/secret.h"

#include <openssl/crypto.h>

namespace csauth {

void wipe(std::string& text) {
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

Secret::~Secret() {
    if (bytes_) OPENSSL_cleanse(bytes_.get(), size_);
}

}  // namespace csauth
