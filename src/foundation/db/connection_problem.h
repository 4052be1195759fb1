#pragma once

#include <string>

namespace csauth::db {

struct Address;

/// Returns the sentence that an administrator needs when a connection to the server can't be opened: the
/// socket or host and port, the account, the reason, and what to do. It never holds the password.
/// `code`, `message`: what the driver said.
std::string connection_problem(const Address& address, int code, const std::string& message);

/// Returns the same for an open connection that broke.
std::string broken_connection(const Address& address, int code);

/// Returns what an error of the server means that a later try may not meet, such as a full disk.
std::string temporary_problem(int code);

}  // namespace csauth::db
