#pragma once

#include <stdexcept>
#include <string>

namespace csauth::crypto {

/// A breakdown of OpenSSL: no result may be used, and nothing may be issued. The message ends with the error
/// that OpenSSL reports, which is taken from its queue.
class Failure : public std::runtime_error {
public:
    explicit Failure(const std::string& what);
};

/// Throws Failure unless `succeeded`.
void require(bool succeeded, const char* what);

}  // namespace csauth::crypto
