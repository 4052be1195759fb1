#pragma once

#include <string>

namespace csauth::db {

struct Address;

/// Returns a sentence for the administrator about a connection that can't be opened. It names the socket or
/// the host and port, the account, the reason, and what to do. It never contains the password. `code` and
/// `message` are those of the driver.
std::string connection_problem(const Address& address, int code, const std::string& message);

/// Returns such a sentence about an open connection that broke.
std::string broken_connection(const Address& address, int code);

/// Returns the meaning of a temporary error of the server, such as a full disk.
std::string temporary_problem(int code);

}  // namespace csauth::db
