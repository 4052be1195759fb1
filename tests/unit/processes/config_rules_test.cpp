#include "config_rules.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "data.h"

using namespace csauth;

namespace {

struct Fixture {
    tests::TemporaryDirectory directory;

    static Environment nothing() {
        return [](const std::string&) { return std::optional<std::string>{}; };
    }
    /// What is wrong with these lines, as "section.key: text", a line each.
    std::string faults(const std::string& text) {
        const auto file = directory.write("csauth.ini", text, std::filesystem::perms::owner_all);
        const auto config = load_config(file, nothing(), {});
        std::string all;
        if (!config)
            for (const auto& problem : config.error())
                all += problem.where + ": " + problem.text + "\n";
        return all;
    }
    static std::string lines(const std::string& key, const std::string& value) {
        const auto dot = key.find('.');
        return "[" + key.substr(0, dot) + "]\n" + key.substr(dot + 1) + " = " + value + "\n";
    }
};

/// A value that can't work, and words of the sentence that must say so.
struct Fault {
    std::string key;
    std::string value;
    std::string says;
    std::string others = {};  ///< more lines of the configuration
};

const Fault kFaults[] = {
    {"server.run_dir", "run/csauth", "no absolute path"},
    {"server.run_dir", "/" + std::string(95, 'r'), "too long for the path of a socket"},
    {"server.nginx_user", "", "empty"},
    {"server.nginx_user", "www data", "a space"},
    {"server.socket_group", "www data", "a space"},
    {"server.node_name", "one\ttwo", "control character"},
    {"server.edge_workers", "0", "a number from 1 to 200"},
    {"server.api_workers", "201", "a number from 1 to 200"},
    {"server.hash_workers", "all", "a number"},
    {"server.edge_backlog", "0", "a number"},
    {"server.api_backlog", "65536", "a number"},
    {"server.hash_backlog", "1.5", "a number"},
    {"server.request_deadline", "0", "a time such as"},
    {"server.request_deadline", "61m", "longer than 60m"},
    {"server.drain_timeout", "1 h", "a time such as"},
    {"server.drain_timeout", "2h", "longer than 60m"},
    {"server.streams", "0", "a number"},
    {"server.max_requests", "", "a number"},
    {"server.proxy_key_file", "/nowhere/key", "can't be read"},
    {"server.proxy_key_file", "nowhere", "no absolute path"},
    {"site.name", "", "empty"},
    {"site.name", "\"Example\"", "in quotes"},
    {"site.name",
     "Ex\xff"
     "ample",
     "not UTF-8"},
    {"site.name", std::string(101, 'x'), "longer than 100 bytes"},
    {"site.url", "auth.example.com", "begins with https://"},
    {"site.url", "ftp://auth.example.com", "begins with https://"},
    {"site.url", "https://", "no host"},
    {"site.url", "https://auth.example.com/", "ends with a slash: write https://auth.example.com"},
    {"site.url", "https://example.com/auth", "has a path"},
    {"site.url", "https://example.com?x", "has a path"},
    {"site.url", "https://boss@example.com", "has a user"},
    {"site.url", "https://auth.example.com:443", "usual port: write https://auth.example.com"},
    {"site.url", "https://auth.example.com:99999", "no host"},
    {"site.url", "https://Auth.example.com", "capital letters: write https://auth.example.com"},
    {"site.url",
     "https://b\xc3\xbc"
     "cher.example",
     "no host"},
    {"site.url", "https://auth example.com", "no host"},
    {"site.url", "http://auth.example.com", "without TLS"},
    {"site.url", "http://192.0.2.7:8080", "without TLS"},
    {"site.verify_url", "{url}/verify/", "{token} is missing"},
    {"site.verify_url", "/verify/#token={token}", "no whole address"},
    {"site.verify_url", "verify/#token={token}", "no whole address"},
    {"site.code_url", "/verify-code/", "no whole address"},
    {"site.code_url", "http://app.example.com/code", "without TLS"},
    {"site.cors_origins", "https://app.example.com/", "is not an origin: write https://app.example.com"},
    {"site.cors_origins", "https://app.example.com, *", "'*' is not an origin"},
    {"site.cors_origins", "null", "is not an origin"},
    {"site.cors_origins", "app.example.com", "is not an origin"},
    {"site.cors_origins", "HTTPS://app.example.com", "is not an origin"},
    {"site.cors_origins", "https://APP.example.com", "is not an origin"},
    {"site.cors_origins", "https://*.example.com", "is not an origin"},
    {"site.cors_origins", "https://app.example.com:443", "is not an origin"},
    {"site.cors_origins", "http://a.example:80", "is not an origin"},
    {"site.cors_origins", "https://a.example:", "is not an origin"},
    {"site.cors_origins", "https://a.example:0", "is not an origin"},
    {"site.cors_origins", "https://a.example:99999", "is not an origin"},
    {"site.cors_origins", "https://u@a.example", "is not an origin"},
    {"site.cors_origins", "ftp://a.example", "is not an origin"},
    {"site.cors_origins", "https://[::1", "is not an origin"},
    {"site.cors_origins", "https://a..b", "is not an origin"},
    {"site.cors_origins", "https://a.example?x", "is not an origin"},
    {"site.cors_origins", "https://a-.example", "is not an origin"},
    {"site.cors_origins", "http://app.example.com", "is without TLS", "[site]\ncors_credentials = on\n"},
    {"site.cors_credentials", "yes", "on or off"},
    {"site.reset_url", "app.example.com/#{token}", "no whole address"},
    {"site.reset_url", "http://app.example.com/#{token}", "without TLS"},
    {"site.email_change_url", "{url}change/#{token}", "a slash is missing"},
    {"site.email_change_url", "https:///change/#{token}", "names no host"},
    {"site.email_revert_url", "{url}/#{token}{code}", "a brace"},
    {"site.invitation_url", "{url}/in vitation/#{token}", "a space"},
    {"site.invitation_url", "{url}/#{token}" + std::string(1000, 'x'), "longer than 1000 bytes"},
    {"site.cookie_domain", "localhost", "is not the domain"},
    {"site.cookie_domain", ".example.com", "begins with a dot", "[site]\nurl = https://auth.example.com\n"},
    {"site.cookie_domain", "Example.com", "capital letters", "[site]\nurl = https://auth.example.com\n"},
    {"site.cookie_domain", "ample.com", "is not the domain", "[site]\nurl = https://auth.example.com\n"},
    {"site.cookie_domain", "2.7", "IP address", "[site]\nurl = https://192.0.2.7\n"},
    {"site.return_hosts", "https://wiki.example.com", "has a scheme: write wiki.example.com"},
    {"site.return_hosts", "https://wiki.example.com/", "has a scheme: write wiki.example.com"},
    {"site.return_hosts", "app.example.com, wiki.example.com/", "'wiki.example.com/' has a path"},
    {"site.return_hosts", "wiki.example.com/start", "has a path"},
    {"site.return_hosts", "*.example.com", "has a *"},
    {"site.return_hosts", "wiki.example.com app.example.com", "no host"},
    {"site.return_hosts", "wiki.example.com:0", "no host"},
    {"site.return_hosts", "Wiki.example.com", "capital letters"},
    {"site.return_hosts", "wiki.example.com:443", "usual port"},
    {"database.socket", "mysqld.sock", "no absolute path"},
    {"database.socket", "/" + std::string(107, 's'), "too long for the path of a socket"},
    {"database.host", "", "no name of a host"},
    {"database.host", "db:3307", "has a port"},
    {"database.host", "tcp://db", "has a scheme"},
    {"database.host", "db example", "no name of a host"},
    {"database.port", "0", "a number"},
    {"database.name", "", "empty"},
    {"database.name", "cs`auth", "can't be such a name"},
    {"database.user", "csauth@localhost", "can't be such a name"},
    {"database.user", "", "empty"},
    {"database.password_file", "/nowhere/password", "can't be read"},
    {"database.keeper_user", "csauth", "is database.user"},
    {"database.keeper_user", "the keeper", "can't be such a name"},
    {"database.keeper_password_file", "/nowhere", "keeper_password_file"},
    {"database.migrate_user", "mig'rate", "can't be such a name"},
    {"database.migrate_password_file", "/nowhere", "migrate_user: it is missing"},
    {"database.tls_ca", "/nowhere.pem", "can't be read"},
    {"database.tls_ca", "/etc/passwd", "holds no certificate"},
    {"database.connect_timeout", "2m", "longer than 1m"},
    {"database.query_timeout", "2h", "longer than 60m"},
    {"keys.dir", "keys", "no absolute path"},
    {"keys.dir", "", "no absolute path"},
    {"avatars.dir", "avatars", "no absolute path"},
    {"tokens.issuer", "", "empty"},
    {"tokens.issuer", "the issuer", "a space"},
    {"tokens.audience", "", "empty"},
    {"tokens.access_lifetime", "31d", "longer than tokens.idle_lifetime"},
    {"tokens.idle_lifetime", "1m", "access_lifetime: it is longer"},
    {"tokens.session_lifetime", "11y", "a time such as"},
    {"tokens.rotation", "sometimes", "one of on, off, compatible"},
    {"tokens.strict_refresh", "on", "it needs tokens.rotation = on", "[tokens]\nrotation = off\n"},
    {"tokens.strict_refresh", "yes", "on or off"},
    {"tokens.on_stale", "deny", "one of allow, refuse"},
    {"tokens.unverified_audiences", "news letter", "no name of an audience"},
    {"passwords.memory_kib", "7", "a number from 8"},
    {"passwords.passes", "0", "a number from 1 to 16"},
    {"passwords.pepper_file", "/nowhere", "can't be read"},
    {"mail.host", "smtp://relay", "has a scheme"},
    {"mail.host", "relay:25", "has a port"},
    {"mail.port", "0", "a number"},
    {"mail.tls", "ssl", "one of starttls"},
    {"mail.tls", "implicit", "mail.port = 465"},
    {"mail.port", "465", "mail.tls = implicit"},
    {"mail.ca_file", "/nowhere.pem", "can't be read"},
    {"mail.user", "relay", "mail.password_file"},
    {"mail.password_file", "/nowhere", "mail.user: it is missing"},
    {"mail.allow_plaintext_login", "1", "on or off"},
    {"mail.from", "no-reply", "no address"},
    {"mail.from", "Example <no-reply@example.com>", "no address"},
    {"mail.from_name",
     "Ex\x01"
     "ample",
     "control character"},
    {"mail.reply_to", "help", "no address"},
    {"mail.helo_name", "a b", "no name of a host"},
    {"mail.helo_name", "", "no name of a host"},
    {"mail.helo_name", "[nonsense]", "no name of a host"},
    {"mail.templates", "mail/templates", "no absolute path"},
    {"mail.first_retry", "5h", "longer than 240m"},
    {"mail.timeout", "2h", "longer than 60m"},
    {"mail.rate", "-1", "a number"},
    {"limits.enabled", "no", "on or off"},
    {"audit.retention", "forever", "a time such as"},
    {"push.key_file", "/nowhere", "can't be read"},
    {"log.file", "csauthd.log", "no absolute path"},
    {"log.level", "verbose", "one of debug"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(config_rules)

BOOST_FIXTURE_TEST_CASE(value_that_can_not_work_is_refused_by_name, Fixture) {
    for (const auto& [key, value, says, others] : kFaults) {
        const auto all = faults(others + lines(key, value));
        BOOST_TEST(all.find(says) != std::string::npos,
                   key << " = " << value << " should say '" << says << "', not: " << all);
        const bool has_place = all.find("csauth.ini:") != std::string::npos ||
                               all.starts_with(key.substr(0, key.find('.') + 1));  // another key is missing
        BOOST_TEST(has_place, key << " = " << value << ": " << all);
    }
}

BOOST_AUTO_TEST_CASE(every_key_has_a_fault_in_the_table) {
    std::set<std::string> covered;
    for (const auto& fault : kFaults)
        covered.insert(fault.key);
    for (const auto& key : config_keys())
        BOOST_TEST(covered.contains(key), key);
}

BOOST_FIXTURE_TEST_CASE(value_that_works_is_taken, Fixture) {
    BOOST_TEST(faults("").empty());
    const std::pair<std::string, std::string> good[] = {
        {"site.url", "https://auth.example.com"},
        {"site.url", "https://auth.example.com:8443"},
        {"site.url", "https://xn--bcher-kva.example"},
        {"site.url", "https://[2001:db8::1]"},
        {"site.url", "http://localhost:8080"},
        {"site.url", "http://auth.localhost"},
        {"site.url", "http://127.0.0.1:8080"},
        {"site.url", "http://[::1]:8080"},
        {"site.name",
         "B\xc3\xbc"
         "cher & \"Co\" GmbH"},
        {"site.verify_url", "https://app.example.com/verify?token={token}"},
        {"site.verify_url", "http://localhost:5173/verify/{token}"},
        {"site.return_hosts", "wiki.example.com, app.example.com:8443, [::1]:3000,"},
        {"site.cors_origins",
         "https://app.example.com, http://localhost:3000, https://[2001:db8::1]:65535, http://a.b"},
        {"database.host", "10.0.0.5"},
        {"database.host", "::1"},
        {"database.name", "csauth-2"},
        {"mail.host", "relay.example.com"},
        {"mail.helo_name", "[192.0.2.7]"},
        {"mail.helo_name", "[IPv6:2001:db8::7]"},
        {"mail.from",
         "no-reply@b\xc3\xbc"
         "cher.example"},
        {"tokens.unverified_audiences", "newsletter, billing_2"},
        {"server.run_dir", "/" + std::string(94, 'r')},
        {"server.request_deadline", "60m"},
        {"mail.first_retry", "4h"},
        {"database.connect_timeout", "1m"},
    };
    for (const auto& [key, value] : good)
        BOOST_TEST(faults(lines(key, value)).empty(),
                   key << " = " << value << ": " << faults(lines(key, value)));
    BOOST_TEST(faults("[site]\nurl = https://auth.example.com\ncookie_domain = example.com\n").empty());
    BOOST_TEST(faults("[mail]\nport = 465\ntls = implicit\n").empty());
}

BOOST_FIXTURE_TEST_CASE(secret_with_hidden_characters_is_refused, Fixture) {
    const std::tuple<const char*, std::string, const char*> files[] = {
        {"windows", "hunter2\r\n", "CRLF"},
        {"cr", "hunter2\r", "CRLF"},
        {"bom",
         "\xEF\xBB\xBF"
         "hunter2\n",
         "byte order mark"},
        {"utf16", std::string{"h\0u\0n\0", 6}, "NUL"},
        {"no-line", "\nhunter2\n", "empty first line"},
        {"empty", "", "is empty"}};
    for (const char* key : {"database.password_file", "push.key_file", "server.proxy_key_file"})
        for (const auto& [name, content, says] : files) {
            const auto path = directory.write(name, content, std::filesystem::perms::owner_all);
            const auto all = faults(lines(key, path));
            BOOST_TEST(all.find(says) != std::string::npos, key << ", " << name << ": " << all);
            BOOST_TEST(all.find(path) != std::string::npos, all);
            BOOST_TEST(all.find("hunter2") == std::string::npos, all);
        }
    // Every stored hash was made with the pepper as it is.
    for (const auto& [name, content, says] : files)
        if (const auto all = faults(lines("passwords.pepper_file", directory.path() / name));
            content.empty() || content.front() == '\n')
            BOOST_TEST(all.find(says) != std::string::npos, name << ": " << all);
        else
            BOOST_TEST(all.empty(), name << ": " << all);
    BOOST_TEST(
        faults(lines("push.key_file", directory.write("good", "hunter2", std::filesystem::perms::owner_all)))
            .empty());
    BOOST_TEST(faults(lines("push.key_file", directory.write("two", "hunter2 \nmore\r\n"))).empty());
    BOOST_TEST(faults(lines("push.key_file", directory.path().string())).find("is no file") !=
               std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(file_itself_may_come_from_windows, Fixture) {
    BOOST_TEST(faults("\xEF\xBB\xBF"
                      "[site]\r\nurl = https://auth.example.com\r\n")
                   .empty());
    const auto config = load_config(directory.path(), nothing(), {});
    BOOST_REQUIRE(!config);
    BOOST_TEST(config.error().front().text.find("can't be read") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(doubtful_value_is_a_warning, Fixture) {
    Config config;
    BOOST_TEST(doubts(config).empty());
    config.database.host = "db.example.com";
    config.mail.tls = "none";
    config.mail.host = "relay.example.com";
    config.limits.enabled = false;
    std::string all;
    for (const auto& doubt : doubts(config))
        all += doubt.where + " ";
    BOOST_TEST(all == "database.tls_ca mail.tls limits.enabled ");
    BOOST_TEST(broken_rules(config).empty());
}

BOOST_AUTO_TEST_SUITE_END()
