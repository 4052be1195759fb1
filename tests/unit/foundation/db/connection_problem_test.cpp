#include "db/connection_problem.h"

#include <boost/test/unit_test.hpp>

#include "db/database.h"

using namespace csauth;

namespace {

struct Fixture {
    db::Address address;

    Fixture() {
        address.socket = "/run/mysqld/mysqld.sock";
        address.database = "csauth";
        address.user = "csauth";
        address.password = Secret{std::string_view{"hunter2"}};
        address.password_from = "database.password_file = /etc/csauth/db_password";
    }

    void check(int code, const std::string& message, const std::vector<std::string>& wanted) const {
        const std::string text = db::connection_problem(address, code, message);
        BOOST_TEST(text.starts_with("cannot connect to "), text);
        BOOST_TEST(text.find("hunter2") == std::string::npos);
        for (const auto& part : wanted)
            BOOST_TEST(text.find(part) != std::string::npos, part << " is not in: " << text);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(connection_problem)

BOOST_FIXTURE_TEST_CASE(socket_problem_names_socket_account_and_reason, Fixture) {
    const std::string missing = "Can't connect to local server through socket '/run/mysqld/mysqld.sock' (2)";
    check(2002, missing,
          {"/run/mysqld/mysqld.sock as csauth: No such file or directory", "is MariaDB running?",
           "database.socket"});
    check(2002, "Can't connect to local server through socket '/run/mysqld/mysqld.sock' (13)",
          {"Permission denied", "write to the socket"});
    check(2013,
          "Lost connection to server at 'handshake: reading initial communication packet', system error: 110",
          {"as csauth: Connection timed out"});
    check(2006, "Server has gone away", {"closed the connection"});
}

BOOST_FIXTURE_TEST_CASE(tcp_problem_names_host_and_port, Fixture) {
    address.socket.clear();
    address.host = "db.example.com";
    address.port = 3307;
    for (const int code : {2002, 2003})
        check(code, "Can't connect to server on 'db.example.com' (111)",
              {"db.example.com:3307 as csauth: Connection refused", "database.host", "database.port"});
    check(2002, "Can't connect to server on 'db.example.com' (115)", {"as csauth: nothing answers there"});
    check(2005, "Unknown server host 'db.example.com' (-2)", {"no such host", "database.host"});
    check(2026, "TLS/SSL error: certificate verify failed", {"certificate verify failed", "wants TLS"});
    address.tls_ca = "/etc/ssl/db.pem";
    check(2026, "TLS/SSL error: certificate verify failed",
          {"certificate verify failed", "database.tls_ca = /etc/ssl/db.pem"});
}

BOOST_FIXTURE_TEST_CASE(refusal_names_account_key_and_way_out, Fixture) {
    check(1045, "Access denied for user 'csauth'@'localhost' (using password: YES)",
          {"refuses the password of csauth@localhost (database.password_file = /etc/csauth/db_password)"});
    check(1044, "Access denied for user 'csauth'@'10.0.0.%' to database 'csauth'",
          {"csauth@10.0.0.%", "'csauth'", "csauthctl migrate"});
    check(1049, "Unknown database 'csauth'", {"no database 'csauth'", "database.name"});
    check(1040, "Too many connections", {"too many connections", "max_connections"});
    check(1203, "User csauth already has more than 'max_user_connections' active connections",
          {"too many connections"});
    check(1226, "User 'csauth' has exceeded the 'max_user_connections' resource (current value: 2)",
          {"too many connections"});
    check(1129, "Host 'web1' is blocked", {"flush-hosts"});
    check(1130, "Host 'web1' is not allowed to connect", {"csauth@HOST"});
    check(1698, "Access denied for user 'csauth'@'localhost'",
          {"csauth@localhost", "give the account a password"});
    check(4151, "Access denied, this account is locked", {"locked"});
    check(1862, "Your password has expired", {"expired"});
    check(2059, "Authentication plugin 'dialog' cannot be loaded", {"'dialog'"});
}

BOOST_FIXTURE_TEST_CASE(unknown_code_keeps_number_and_message, Fixture) {
    check(1999, "Something new", {"error 1999: Something new"});
    check(1045, "Access denied", {"refuses the password of csauth ("});  // no account in the message
    check(1045, "Access denied for user 'csauth'@'local", {"refuses the password of csauth ("});
}

BOOST_FIXTURE_TEST_CASE(broken_connection_says_why, Fixture) {
    for (const int code : {1047, 1053, 1290, 1836, 1927, 2006, 2013, 4031}) {
        const auto text = db::broken_connection(address, code);
        BOOST_TEST(text.starts_with("the connection to /run/mysqld/mysqld.sock as csauth "), text);
    }
    for (const int code : {1021, 1030, 1114, 1205, 1317, 1969, 3024})
        BOOST_TEST(db::temporary_problem(code).find("(error " + std::to_string(code) + ")") !=
                   std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
