#include "db/connection_problem.h"

#include <cctype>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "db/database.h"

namespace csauth::db {
namespace {

/// Returns the socket or host and port: "/run/mysqld/mysqld.sock", "db.example.com:3306".
std::string place_of(const Address& address) {
    return address.socket.empty() ? address.host + ":" + std::to_string(address.port) : address.socket;
}

/// Returns the errno in "Can't connect to server on 'db' (111)" and "…, system error: 110", or 0 if there is
/// none.
int errno_in(std::string_view message) {
    if (message.ends_with(')')) message.remove_suffix(1);
    auto begin = message.size();
    while (begin > 0 && std::isdigit(static_cast<unsigned char>(message[begin - 1])) != 0)
        --begin;
    int number = 0;
    std::from_chars(message.data() + begin, message.data() + message.size(), number);
    return number;
}

/// Returns the account that the server's message names, or the configured user if it names none. For "Access
/// denied for user 'csauth'@'localhost' (…)" that is "csauth@localhost".
std::string account_in(const std::string& message, const Address& address) {
    const auto begin = message.find('\'');
    const auto between = message.find("'@'", begin == std::string::npos ? 0 : begin + 1);
    if (begin == std::string::npos || between == std::string::npos) return address.user;
    const auto end = message.find('\'', between + 3);
    if (end == std::string::npos) return address.user;
    return message.substr(begin + 1, between - begin - 1) + "@" +
           message.substr(between + 3, end - between - 3);
}

std::string why_unreachable(const Address& address, int code, const std::string& message) {
    const bool by_socket = !address.socket.empty();
    const int number = errno_in(message);
    // A host that refuses the connection leaves the driver with EINPROGRESS.
    const std::string reason = number == 0             ? "error " + std::to_string(code)
                               : number == EINPROGRESS ? "nothing answers there"
                                                       : std::generic_category().message(number);
    if (by_socket && number == EACCES)
        return reason + ": let the user of csauthd search the directory and write to the socket";
    if (by_socket) return reason + "; is MariaDB running? The path is database.socket";
    return reason + "; is MariaDB running, and does it listen there (database.host, database.port)?";
}

std::string why_refused(const Address& address, int code, const std::string& message) {
    const std::string account = account_in(message, address);
    const std::string password =
        address.password_from.empty() ? "the file with its password is not set" : address.password_from;
    switch (code) {
        case 1044:
            return "MariaDB gives " + account + " no right to the database '" + address.database +
                   "': run csauthctl migrate, or csauthctl grants as the administrator of the database";
        case 1045: return "MariaDB refuses the password of " + account + " (" + password + ")";
        case 1698:
            return "MariaDB does not take a password for " + account +
                   ": run as the system user of that name, or give the account a password";
        case 1049:
            return "there is no database '" + address.database +
                   "' (database.name): make it, then run csauthctl migrate";
        case 1040:
        case 1203:
        case 1226:
            return "MariaDB has too many connections: raise its max_connections "
                   "(docs/operate/installing.md), or lower server.api_workers";
        case 1129:
            return "MariaDB has blocked this host after many connection errors: run mariadb-admin "
                   "flush-hosts";
        case 1130: return "MariaDB has no account for this host: make " + address.user + "@HOST";
        case 1862:
        case 1820: return "the password of " + account + " has expired: set another";
        case 3118:
        case 4151: return "the account " + account + " is locked: run ALTER USER ... ACCOUNT UNLOCK";
        case 1251:
        case 2059:
        case 2061: return "MariaDB wants a way to sign in that this client does not know: " + message;
        case 1047: return "this node of the cluster is not ready for queries";
        case 1053: return "MariaDB is shutting down";
        default: return {};
    }
}

}  // namespace

std::string connection_problem(const Address& address, int code, const std::string& message) {
    const std::string what = "cannot connect to " + place_of(address) + " as " + address.user + ": ";
    if (const auto refused = why_refused(address, code, message); !refused.empty()) return what + refused;
    switch (code) {
        case 2002:
        case 2003:
        case 2012:
        case 2013: return what + why_unreachable(address, code, message);
        case 2005: return what + "there is no such host: set database.host";
        case 2006: return what + "the server closed the connection at once; look into its log";
        case 2026:
            return what + message + "; " +
                   (address.tls_ca.empty()
                        ? "the server wants TLS: set database.tls_ca"
                        : "look at database.tls_ca = " + address.tls_ca +
                              ", and whether the server has TLS and a certificate for database.host");
        default: return what + "error " + std::to_string(code) + ": " + message;
    }
}

std::string broken_connection(const Address& address, int code) {
    const std::string what = "the connection to " + place_of(address) + " as " + address.user;
    switch (code) {
        case 1290:
        case 1836: return what + " has become read-only: a failover may be under way";
        case 1053: return what + " ended: the server is shutting down";
        case 1047: return what + " is of no use: this node of the cluster is not ready for queries";
        case 4031: return what + " was closed by the server because it was idle";
        case 2013: return what + " broke, or the server did not answer within database.query_timeout";
        default: return what + " broke (error " + std::to_string(code) + "); has the server been restarted?";
    }
}

std::string temporary_problem(int code) {
    const auto named = [&](const char* what) {
        return "database: " + std::string{what} + " (error " + std::to_string(code) + ")";
    };
    switch (code) {
        case 1021: return named("the disk is full");
        case 1030: return named("the storage engine failed; look into the server's log");
        case 1114: return named("a table is full; look at the disk");
        case 1205: return named("a lock was not granted in time");
        case 1317: return named("the statement was interrupted");
        case 1969:
        case 3024: return named("the statement took longer than database.query_timeout");
        default: return "database: error " + std::to_string(code);
    }
}

}  // namespace csauth::db
