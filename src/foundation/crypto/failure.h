#pragma once

#include <stdexcept>
#include <string>

namespace csauth::crypto {

/// OpenSSL failed: no result may be used, and nothing may be issued. The message ends with the number of its
/// last error. The constructor clears OpenSSL's error queue.
class Failure : public std::runtime_error {
public:
    explicit Failure(const std::string& what);
};

/// Throws Failure unless `succeeded`.
void require(bool succeeded, const char* what);

}  // namespace csauth::crypto
