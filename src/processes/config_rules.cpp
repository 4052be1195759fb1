#include "config_rules.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/encoding.h"
#include "base/lists.h"
#include "host_names.h"
#include "users/email.h"

namespace csauth {
namespace {

using namespace std::chrono_literals;
using Problems = std::vector<ConfigProblem>;

constexpr std::size_t kLongestSocketPath = 107;  // sockaddr_un.sun_path
constexpr std::string_view kLongestSocketName = "/imager.sock";
constexpr std::size_t kLongestName = 100;  // bytes of the name of a person or a service
constexpr std::size_t kLongestDatabaseName = 64;
constexpr std::size_t kLongestAccountName = 80;
constexpr std::size_t kLongestLink = 1000;

std::string quoted(std::string_view text) { return "'" + std::string{text} + "'"; }

bool has_space(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\t'; });
}

class Rules {
public:
    explicit Rules(const Config& config) : config_{config} {}

    Problems broken() {
        check_server();
        check_site();
        check_database();
        check_tokens();
        check_mail();
        absolute("keys.dir", config_.keys.dir);
        absolute("avatars.dir", config_.avatars.dir);
        if (!config_.log.file.empty()) absolute("log.file", config_.log.file);
        return std::move(problems_);
    }

private:
    void complain(const char* key, std::string text) { problems_.push_back({key, std::move(text)}); }

    void absolute(const char* key, const std::string& path) {
        if (!path.starts_with('/'))
            complain(key, quoted(path) +
                              " is no absolute path: begin it with a slash, because the service "
                              "runs in another directory than you");
    }

    /// Checks the path of an optional file.
    void absolute_file(const char* key, const std::string& path) {
        if (!path.empty() && !path.starts_with("credential:")) absolute(key, path);
    }

    void socket_path(const char* key, const std::string& path, std::string_view name = {}) {
        absolute(key, path);
        if (path.size() + name.size() > kLongestSocketPath)
            complain(key, quoted(path) + " is too long for the path of a socket: choose one of at most " +
                              std::to_string(kLongestSocketPath - name.size()) + " bytes");
    }

    void not_empty(const char* key, const std::string& value) {
        if (value.empty()) complain(key, "it is empty: set it, or remove the line for the default");
    }

    void one_word(const char* key, const std::string& value) {
        not_empty(key, value);
        if (has_space(value)) complain(key, quoted(value) + " has a space in it: write one word");
    }

    void name(const char* key, const std::string& value) {
        not_empty(key, value);
        if (value.size() > kLongestName)
            complain(key, "it is longer than " + std::to_string(kLongestName) + " bytes: shorten it");
    }

    /// Checks the name of a server to connect to.
    void host(const char* key, const char* port_key, const std::string& value) {
        if (is_host_name(value) || is_ipv6(value)) return;
        if (value.find("://") != std::string::npos)
            complain(key, quoted(value) + " has a scheme: write the host alone");
        else if (host_and_port_of(value).is_valid && !host_and_port_of(value).port.empty())
            complain(key, quoted(value) + " has a port: write the host alone, and the port as " + port_key);
        else
            complain(key, quoted(value) + " is no name of a host: write one such as server.example.com");
    }

    void check_server() {
        const auto& server = config_.server;
        socket_path("server.run_dir", server.run_dir, kLongestSocketName);
        one_word("server.nginx_user", server.nginx_user);
        if (has_space(server.socket_group)) one_word("server.socket_group", server.socket_group);
        absolute_file("server.proxy_key_file", server.proxy_key_file);
        absolute_file("push.key_file", config_.push.key_file);
        absolute_file("passwords.pepper_file", config_.passwords.pepper_file);
        at_most("server.request_deadline", server.request_deadline, 1h);
        at_most("server.drain_timeout", server.drain_timeout, 1h);
    }

    void at_most(const char* key, std::chrono::seconds value, std::chrono::seconds most) {
        if (value > most)
            complain(key, "it is longer than " + std::to_string(most.count() / 60) + "m: shorten it");
    }

    /// Returns what is wrong with an address that must be only scheme, host and port.
    std::optional<std::string> fault_of_origin(std::string_view url) const {
        const auto scheme_end = url.find("://");
        const auto scheme = url.substr(0, scheme_end);
        if (scheme_end == std::string_view::npos || (scheme != "https" && scheme != "http"))
            return "an address that begins with https:// is expected, not " + quoted(url);
        const auto rest = url.substr(scheme_end + 3);
        const auto authority_end = rest.find_first_of("/?#");
        if (rest.find('@') != std::string_view::npos)
            return quoted(url) + " has a user in it: write scheme and host alone";
        const auto [host, port, is_valid] = host_and_port_of(rest.substr(0, authority_end));
        if (!is_valid)
            return quoted(rest.substr(0, authority_end)) +
                   " is no host: write one such as auth.example.com, a name with other letters as xn--…";
        const std::string origin{url.substr(0, scheme_end + 3 + std::min(authority_end, rest.size()))};
        if (authority_end != std::string_view::npos && rest.substr(authority_end) == "/")
            return quoted(url) + " ends with a slash: write " + origin;
        if (authority_end != std::string_view::npos)
            return quoted(url) + " has a path: the service needs a host of its own, write " + origin;
        if (ascii_lower(origin) != origin)
            return quoted(url) + " has capital letters: write " + ascii_lower(origin);
        if (port == (scheme == "https" ? "443" : "80"))
            return quoted(url) + " names the usual port: write " +
                   origin.substr(0, origin.size() - port.size() - 1);
        return std::nullopt;
    }

    /// Returns true for an origin whose pages an attacker on the network can change.
    static bool is_without_tls(std::string_view origin) {
        constexpr std::string_view http = "http://";
        return origin.starts_with(http) &&
               !is_this_machine(host_and_port_of(origin.substr(http.size())).host);
    }

    void check_cors_origins() {
        for (const auto& origin : split_written_list(config_.site.cors_origins)) {
            if (fault_of_origin(origin))
                complain(
                    "site.cors_origins",
                    quoted(origin) +
                        " is not an origin: write https://app.example.com, in lower case, without a path "
                        "and without the usual port");
            else if (config_.site.cors_credentials && is_without_tls(origin))
                complain("site.cors_origins",
                         quoted(origin) +
                             " is without TLS, so anybody on the way could act with our cookies: write "
                             "https:// or turn site.cors_credentials off");
        }
    }

    void check_site() {
        const auto& site = config_.site;
        name("site.name", site.name);
        if (const auto fault = fault_of_origin(site.url))
            complain("site.url", *fault);
        else if (is_without_tls(site.url))
            complain("site.url",
                     quoted(site.url) +
                         " is without TLS: browsers keep the Secure cookies only over https://, so "
                         "write https" +
                         site.url.substr(std::string_view{"http"}.size()));
        link("site.verify_url", site.verify_url);
        page("site.code_url", site.code_url);
        link("site.reset_url", site.reset_url);
        link("site.email_change_url", site.email_change_url);
        link("site.email_revert_url", site.email_revert_url);
        link("site.invitation_url", site.invitation_url);
        check_cookie_domain();
        check_return_hosts();
        check_cors_origins();
    }

    /// Checks the address of a link that carries a token.
    void link(const char* key, const std::string& link) {
        if (link.find("{token}") == std::string::npos)
            complain(key, "{token} is missing in " + quoted(link) + ": the link would lead nowhere");
        page(key, link);
    }

    /// Checks the address of a page that a mail names.
    void page(const char* key, const std::string& link) {
        constexpr std::string_view url = "{url}";
        std::string rest = link;
        for (const std::string_view known : {std::string_view{"{token}"}, url})
            if (const auto at = rest.find(known); at != std::string::npos) rest.erase(at, known.size());
        if (rest.find_first_of("{}") != std::string::npos)
            complain(key, quoted(link) +
                              " has a brace that belongs to neither one {url} nor one {token}: "
                              "write each once");
        if (has_space(link)) complain(key, quoted(link) + " has a space in it: write %20");
        if (link.size() > kLongestLink)
            complain(key, "it is longer than " + std::to_string(kLongestLink) + " bytes: shorten it");
        if (link.starts_with(url)) {
            if (!link.starts_with("{url}/"))
                complain(key, "a slash is missing after {url} in " + quoted(link));
            return;
        }
        const bool is_https = link.starts_with("https://");
        if (!is_https && !link.starts_with("http://")) {
            complain(key, quoted(link) +
                              " is no whole address: a mail can't be followed to it. Begin it with "
                              "{url}/ or https://");
            return;
        }
        const auto rest_of_link = std::string_view{link}.substr(link.find("://") + 3);
        const auto [host, port, is_valid] =
            host_and_port_of(rest_of_link.substr(0, rest_of_link.find_first_of("/?#")));
        if (!is_valid)
            complain(key, quoted(link) + " names no host: write https://app.example.com/…");
        else if (!is_https && !is_this_machine(host))
            complain(key, quoted(link) +
                              " is without TLS: anybody on the way could take the token. Write https://");
    }

    void check_cookie_domain() {
        const std::string& domain = config_.site.cookie_domain;
        if (domain.empty()) return;
        const auto scheme_end = config_.site.url.find("://");
        const std::string_view url = config_.site.url;
        const auto host =
            scheme_end == std::string_view::npos
                ? std::string_view{}
                : host_and_port_of(url.substr(scheme_end + 3, url.find('/', scheme_end + 3) - scheme_end - 3))
                      .host;
        if (domain.starts_with('.'))
            complain("site.cookie_domain", quoted(domain) + " begins with a dot: leave it out");
        else if (is_ipv4(host) || host.starts_with('['))
            complain("site.cookie_domain", "site.url has an IP address, which has no domain: leave it empty");
        else if (ascii_lower(domain) != domain)
            complain("site.cookie_domain",
                     quoted(domain) + " has capital letters: write " + ascii_lower(domain));
        else if (!is_host_name(domain) || !is_domain_of(domain, host))
            complain("site.cookie_domain", quoted(domain) + " is not the domain of site.url's host (" +
                                               std::string{host} + "), nor one above it: write such a one");
    }

    void check_return_hosts() {
        const bool is_https = config_.site.url.starts_with("https://");
        for (const auto& host : split_written_list(config_.site.return_hosts)) {
            const auto scheme_end = host.find("://");
            const auto bare = scheme_end == std::string::npos ? host : host.substr(scheme_end + 3);
            const auto authority =
                host_and_port_of(std::string_view{bare}.substr(0, bare.find_first_of("/?#")));
            const auto what = [&](const char* fault) {
                return quoted(host) + fault +
                       (authority.is_valid
                            ? std::string{": write "} + std::string{bare.substr(0, bare.find_first_of("/?#"))}
                            : std::string{": write hosts with commas between, such as wiki.example.com"});
            };
            if (scheme_end != std::string::npos)
                complain("site.return_hosts", what(" has a scheme"));
            else if (bare.find_first_of("/?#") != std::string::npos)
                complain("site.return_hosts", what(" has a path"));
            else if (bare.find('*') != std::string::npos)
                complain("site.return_hosts",
                         quoted(host) + " has a *: name each host, because any other could be a stranger's");
            else if (!authority.is_valid)
                complain("site.return_hosts", what(" is no host"));
            else if (ascii_lower(host) != host)
                complain("site.return_hosts",
                         quoted(host) + " has capital letters: write " + ascii_lower(host));
            else if (authority.port == (is_https ? "443" : "80"))
                complain("site.return_hosts", quoted(host) +
                                                  " names the usual port, which browsers leave out: write " +
                                                  std::string{authority.host});
        }
    }

    void database_name(const char* key, const std::string& value, std::size_t longest) {
        not_empty(key, value);
        if (value.size() > longest || value.find_first_of("`'\"\\/@ ") != std::string::npos)
            complain(key, quoted(value) +
                              " can't be such a name: use letters, digits, _ and - alone, at most " +
                              std::to_string(longest));
    }

    void check_database() {
        const auto& database = config_.database;
        if (database.socket.empty())
            host("database.host", "database.port", database.host);
        else
            socket_path("database.socket", database.socket);
        database_name("database.name", database.name, kLongestDatabaseName);
        database_name("database.user", database.user, kLongestAccountName);
        if (!database.keeper_user.empty())
            database_name("database.keeper_user", database.keeper_user, kLongestAccountName);
        if (!database.migrate_user.empty())
            database_name("database.migrate_user", database.migrate_user, kLongestAccountName);
        if (!database.keeper_user.empty() && database.keeper_user == database.user)
            complain("database.keeper_user", quoted(database.keeper_user) +
                                                 " is database.user: make an account for the keeper alone");
        if (database.migrate_user.empty() && !database.migrate_password_file.empty())
            complain("database.migrate_user",
                     "it is missing, although database.migrate_password_file is set");
        absolute_file("database.password_file", database.password_file);
        absolute_file("database.keeper_password_file", database.keeper_password_file);
        absolute_file("database.migrate_password_file", database.migrate_password_file);
        absolute_file("database.tls_ca", database.tls_ca);
        at_most("database.connect_timeout", database.connect_timeout, 1min);
        at_most("database.query_timeout", database.query_timeout, 1h);
    }

    void check_tokens() {
        const auto& tokens = config_.tokens;
        one_word("tokens.issuer", tokens.issuer);
        one_word("tokens.audience", tokens.audience);
        if (tokens.access_lifetime > tokens.idle_lifetime)
            complain("tokens.access_lifetime", "it is longer than tokens.idle_lifetime: shorten it");
        if (tokens.strict_refresh && tokens.rotation == "off")
            complain("tokens.strict_refresh",
                     "it needs tokens.rotation = on or compatible: set one of them, or turn this off");
        for (const auto& audience : split_written_list(tokens.unverified_audiences))
            if (!std::all_of(audience.begin(), audience.end(), [](char c) {
                    return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
                }))
                complain("tokens.unverified_audiences",
                         quoted(audience) + " is no name of an audience: write names with commas between");
    }

    void check_mail() {
        const auto& mail = config_.mail;
        host("mail.host", "mail.port", mail.host);
        constexpr unsigned smtp = 25;
        constexpr unsigned submission = 587;
        constexpr unsigned submissions = 465;
        if (mail.tls == "implicit" && (mail.port == smtp || mail.port == submission))
            complain("mail.tls", "port " + std::to_string(mail.port) +
                                     " begins without TLS: write mail.tls = starttls, or mail.port = 465");
        if (mail.tls != "implicit" && mail.port == submissions)
            complain("mail.tls", "port 465 begins with TLS: write mail.tls = implicit, or mail.port = 587");
        absolute_file("mail.ca_file", mail.ca_file);
        absolute_file("mail.password_file", mail.password_file);
        absolute("mail.templates", mail.templates);
        if (!mail.user.empty() && mail.password_file.empty())
            complain("mail.password_file", "mail.user is set, and this is missing");
        if (mail.user.empty() && !mail.password_file.empty())
            complain("mail.user", "it is missing, although mail.password_file is set");
        if (!mail.user.empty() && mail.tls == "none" && !mail.allow_plaintext_login)
            complain("mail.tls",
                     "mail.user is set, and the password is not sent without TLS: write mail.tls = "
                     "starttls");
        address("mail.from", mail.from);
        if (!mail.from_name.empty()) name("mail.from_name", mail.from_name);
        if (!mail.reply_to.empty()) address("mail.reply_to", mail.reply_to);
        const std::string_view helo = mail.helo_name;
        const bool is_literal = helo.size() > 2 && helo.front() == '[' && helo.back() == ']';
        if (!is_host_name(helo) && !(is_literal && is_host_or_address(helo.substr(1, helo.size() - 2))))
            complain("mail.helo_name", quoted(helo) +
                                           " is no name of a host: write that of this machine, such as "
                                           "auth.example.com");
        at_most("mail.first_retry", mail.first_retry, 4h);
        at_most("mail.timeout", mail.timeout, 1h);
    }

    static bool is_host_or_address(std::string_view text) {
        constexpr std::string_view ipv6 = "IPv6:";
        return is_ipv4(text) || (text.starts_with(ipv6) && is_ipv6(text.substr(ipv6.size())));
    }

    void address(const char* key, const std::string& value) {
        if (!users::Email::parse(value))
            complain(key, quoted(value) + " is no address: write one such as no-reply@example.com");
    }

    const Config& config_;
    Problems problems_;
};

}  // namespace

std::vector<ConfigProblem> broken_rules(const Config& config) { return Rules{config}.broken(); }

std::vector<ConfigProblem> doubts(const Config& config) {
    std::vector<ConfigProblem> found;
    const auto& database = config.database;
    if (database.socket.empty() && database.tls_ca.empty() && !is_this_machine(database.host))
        found.push_back({"database.tls_ca", "it is empty, so what " + quoted(database.host) +
                                                " sends and gets can be read on the way: set it"});
    if (config.mail.tls == "none" && !is_this_machine(config.mail.host))
        found.push_back({"mail.tls", "it is none, so mails with links can be read on the way to " +
                                         quoted(config.mail.host) + ": write starttls or implicit"});
    if (!config.limits.enabled)
        found.push_back({"limits.enabled", "it is off, so passwords can be guessed without a limit"});
    return found;
}

}  // namespace csauth
