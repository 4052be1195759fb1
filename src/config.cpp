#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

#include "base/encoding.h"
#include "base/lists.h"
#include "http/return_address.h"

namespace csauth {
namespace {

using Problems = std::vector<ConfigProblem>;

/// Where each key was set: "csauth.ini:12", or a variable's name, by "section.key".
using Places = std::map<std::string, std::string>;

/// What is wrong with a value; nothing when it was taken.
using Setter = std::function<std::optional<std::string>(const std::string& value)>;

struct Key {
    std::string_view section;
    std::string_view name;
    Setter set;
};

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

Setter text(std::string& member) {
    return [&member](const std::string& value) -> std::optional<std::string> {
        member = value;
        return std::nullopt;
    };
}

Setter one_of(std::string& member, std::vector<std::string> allowed) {
    return [&member, allowed = std::move(allowed)](const std::string& value) -> std::optional<std::string> {
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
            std::string list;
            for (const auto& word : allowed)
                list += (list.empty() ? "" : ", ") + word;
            return "one of " + list + " is expected, not '" + value + "'";
        }
        member = value;
        return std::nullopt;
    };
}

/// A list of origins, with commas between.
Setter origins(std::string& member) {
    return [&member](const std::string& value) -> std::optional<std::string> {
        for (const auto& origin : split_written_list(value))
            if (!http::is_origin(origin))
                return "'" + origin +
                       "' is not an origin: write https://app.example.com, in lower case, without a " +
                       "path and without the usual port";
        member = value;
        return std::nullopt;
    };
}

Setter number(unsigned& member, unsigned least, unsigned most) {
    return [&member, least, most](const std::string& value) -> std::optional<std::string> {
        const auto parsed = number_in(value);
        if (!parsed || *parsed < least || *parsed > most) {
            return "a number from " + std::to_string(least) + " to " + std::to_string(most) +
                   " is expected, not '" + value + "'";
        }
        member = static_cast<unsigned>(*parsed);
        return std::nullopt;
    };
}

Setter duration(std::chrono::seconds& member) {
    return [&member](const std::string& value) -> std::optional<std::string> {
        const auto parsed = duration_in(value);
        if (!parsed) return "a time such as 30s, 10m, 12h or 90d is expected, not '" + value + "'";
        member = *parsed;
        return std::nullopt;
    };
}

Setter flag(bool& member) {
    return [&member](const std::string& value) -> std::optional<std::string> {
        if (value != "on" && value != "off") return "on or off is expected, not '" + value + "'";
        member = value == "on";
        return std::nullopt;
    };
}

Setter log_level(LogLevel& member) {
    return [&member](const std::string& value) -> std::optional<std::string> {
        for (const auto level : {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error}) {
            if (value != name_of(level)) continue;
            member = level;
            return std::nullopt;
        }
        return "one of debug, info, warning, error is expected, not '" + value + "'";
    };
}

/// Every key, and how its value reaches `c`, which must outlive the table.
std::vector<Key> keys_of(Config& c) {
    return {
        {"server", "run_dir", text(c.server.run_dir)},
        {"server", "nginx_user", text(c.server.nginx_user)},
        {"server", "socket_group", text(c.server.socket_group)},
        {"server", "node_name", text(c.server.node_name)},
        {"server", "edge_workers", number(c.server.edge_workers, 1, 200)},
        {"server", "api_workers", number(c.server.api_workers, 1, 200)},
        {"server", "hash_workers", number(c.server.hash_workers, 0, 200)},
        {"server", "edge_backlog", number(c.server.edge_backlog, 1, 65535)},
        {"server", "api_backlog", number(c.server.api_backlog, 1, 65535)},
        {"server", "hash_backlog", number(c.server.hash_backlog, 1, 65535)},
        {"server", "request_deadline", duration(c.server.request_deadline)},
        {"server", "drain_timeout", duration(c.server.drain_timeout)},
        {"server", "streams", number(c.server.streams, 1, 100'000)},
        {"server", "max_requests", number(c.server.max_requests, 1, 1'000'000'000)},
        {"server", "proxy_key_file", text(c.server.proxy_key_file)},
        {"site", "name", text(c.site.name)},
        {"site", "url", text(c.site.url)},
        {"site", "verify_url", text(c.site.verify_url)},
        {"site", "code_url", text(c.site.code_url)},
        {"site", "reset_url", text(c.site.reset_url)},
        {"site", "email_change_url", text(c.site.email_change_url)},
        {"site", "email_revert_url", text(c.site.email_revert_url)},
        {"site", "invitation_url", text(c.site.invitation_url)},
        {"site", "cookie_domain", text(c.site.cookie_domain)},
        {"site", "return_hosts", text(c.site.return_hosts)},
        {"site", "cors_origins", origins(c.site.cors_origins)},
        {"site", "cors_credentials", flag(c.site.cors_credentials)},
        {"database", "socket", text(c.database.socket)},
        {"database", "host", text(c.database.host)},
        {"database", "port", number(c.database.port, 1, 65535)},
        {"database", "name", text(c.database.name)},
        {"database", "user", text(c.database.user)},
        {"database", "password_file", text(c.database.password_file)},
        {"database", "keeper_user", text(c.database.keeper_user)},
        {"database", "keeper_password_file", text(c.database.keeper_password_file)},
        {"database", "migrate_user", text(c.database.migrate_user)},
        {"database", "migrate_password_file", text(c.database.migrate_password_file)},
        {"database", "tls_ca", text(c.database.tls_ca)},
        {"database", "connect_timeout", duration(c.database.connect_timeout)},
        {"database", "query_timeout", duration(c.database.query_timeout)},
        {"keys", "dir", text(c.keys.dir)},
        {"avatars", "dir", text(c.avatars.dir)},
        {"tokens", "issuer", text(c.tokens.issuer)},
        {"tokens", "audience", text(c.tokens.audience)},
        {"tokens", "access_lifetime", duration(c.tokens.access_lifetime)},
        {"tokens", "idle_lifetime", duration(c.tokens.idle_lifetime)},
        {"tokens", "session_lifetime", duration(c.tokens.session_lifetime)},
        {"tokens", "rotation", one_of(c.tokens.rotation, {"on", "off", "compatible"})},
        {"tokens", "strict_refresh", flag(c.tokens.strict_refresh)},
        {"tokens", "on_stale", one_of(c.tokens.on_stale, {"allow", "refuse"})},
        {"tokens", "unverified_audiences", text(c.tokens.unverified_audiences)},
        {"passwords", "memory_kib", number(c.passwords.memory_kib, 8, 1024 * 1024)},
        {"passwords", "passes", number(c.passwords.passes, 1, 16)},
        {"passwords", "pepper_file", text(c.passwords.pepper_file)},
        {"mail", "host", text(c.mail.host)},
        {"mail", "port", number(c.mail.port, 1, 65535)},
        {"mail", "tls", one_of(c.mail.tls, {"starttls", "implicit", "none"})},
        {"mail", "ca_file", text(c.mail.ca_file)},
        {"mail", "user", text(c.mail.user)},
        {"mail", "password_file", text(c.mail.password_file)},
        {"mail", "allow_plaintext_login", flag(c.mail.allow_plaintext_login)},
        {"mail", "from", text(c.mail.from)},
        {"mail", "from_name", text(c.mail.from_name)},
        {"mail", "reply_to", text(c.mail.reply_to)},
        {"mail", "helo_name", text(c.mail.helo_name)},
        {"mail", "templates", text(c.mail.templates)},
        {"mail", "first_retry", duration(c.mail.first_retry)},
        {"mail", "timeout", duration(c.mail.timeout)},
        {"mail", "rate", number(c.mail.rate, 0, 1'000'000)},
        {"limits", "enabled", flag(c.limits.enabled)},
        {"audit", "retention", duration(c.audit.retention)},
        {"push", "key_file", text(c.push.key_file)},
        {"log", "file", text(c.log.file)},
        {"log", "level", log_level(c.log.level)},
    };
}

std::string host_name() {
    std::array<char, HOST_NAME_MAX + 1> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

/// The host of an address, without its port.
std::string_view host_of(std::string_view url) {
    const auto scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) return {};
    const auto host = url.substr(scheme_end + 3);
    return host.substr(0, host.find_first_of(":/"));
}

/// Whether cookies for `domain` (RFC 6265 section 5.1.3) reach `host`; a top-level domain's would reach
/// strangers.
bool is_domain_of(std::string_view domain, std::string_view host) {
    if (domain.find('.') == std::string_view::npos || domain.starts_with('.')) return false;
    return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

std::string variable_of(const Key& key) {
    return "CSAUTH_" + ascii_upper(key.section) + "_" + ascii_upper(key.name);
}

void apply_file(const std::string& file, const std::vector<Key>& keys, Places& places, Problems& problems) {
    std::ifstream stream{file};
    if (!stream) {
        problems.push_back({file, "the file can't be read"});
        return;
    }
    std::ostringstream content;
    content << stream.rdbuf();
    for (const auto& entry : parse_ini(content.str(), file, problems)) {
        const auto key = std::find_if(keys.begin(), keys.end(), [&](const Key& k) {
            return k.section == entry.section && k.name == entry.key;
        });
        if (key == keys.end()) {
            problems.push_back(
                {entry.where, "there is no key '" + entry.key + "' in section [" + entry.section + "]"});
            continue;
        }
        places[entry.section + '.' + entry.key] = entry.where;
        if (const auto wrong = key->set(entry.value))
            problems.push_back({entry.where, entry.key + ": " + *wrong});
    }
}

void apply_environment(const Environment& environment, const std::vector<std::string>& names,
                       const std::vector<Key>& keys, Places& places, Problems& problems) {
    for (const auto& name : names) {
        if (name == "CSAUTH_CONFIG") continue;
        const auto key =
            std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return variable_of(k) == name; });
        if (key == keys.end()) {
            problems.push_back({name, "there is no such key"});
            continue;
        }
        places[std::string{key->section} + '.' + std::string{key->name}] = name;
        if (const auto wrong = key->set(environment(name).value_or(""))) problems.push_back({name, *wrong});
    }
}

std::string secret_path(const std::string& name, const Environment& environment) {
    constexpr std::string_view prefix = "credential:";
    if (!name.starts_with(prefix)) return name;
    return environment("CREDENTIALS_DIRECTORY").value_or("/nonexistent") + "/" + name.substr(prefix.size());
}

void check_secret_file(std::string_view key, const std::string& name, const Environment& environment,
                       Problems& problems) {
    if (name.empty()) return;
    const std::string path = secret_path(name, environment);
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || ::access(path.c_str(), R_OK) != 0)
        problems.push_back({std::string{key}, "the secret file " + path + " can't be read"});
    else if ((status.st_mode & S_IRWXO) != 0)
        problems.push_back(
            {std::string{key}, "the secret file " + path + " is open to everybody: chmod o= it"});
    else if (status.st_size == 0)
        problems.push_back({std::string{key}, "the secret file " + path + " is empty"});
}

void check_secrets(const Config& config, const Environment& environment, Problems& problems) {
    check_secret_file("database.password_file", config.database.password_file, environment, problems);
    check_secret_file("database.keeper_password_file", config.database.keeper_password_file, environment,
                      problems);
    check_secret_file("database.migrate_password_file", config.database.migrate_password_file, environment,
                      problems);
    check_secret_file("passwords.pepper_file", config.passwords.pepper_file, environment, problems);
    check_secret_file("push.key_file", config.push.key_file, environment, problems);
    check_secret_file("server.proxy_key_file", config.server.proxy_key_file, environment, problems);
    check_secret_file("mail.password_file", config.mail.password_file, environment, problems);
    if (!config.mail.user.empty() && config.mail.password_file.empty())
        problems.push_back({"mail.password_file", "mail.user is set, and this is missing"});
}

void check_values(const Config& config, Problems& problems) {
    if (!config.site.url.starts_with("https://") && !config.site.url.starts_with("http://"))
        problems.push_back({"site.url", "an address that begins with https:// is expected"});
    const std::pair<const char*, const std::string&> links[] = {
        {"site.verify_url", config.site.verify_url},
        {"site.reset_url", config.site.reset_url},
        {"site.email_change_url", config.site.email_change_url},
        {"site.email_revert_url", config.site.email_revert_url},
        {"site.invitation_url", config.site.invitation_url}};
    for (const auto& [key, link] : links)
        if (link.find("{token}") == std::string::npos)
            problems.push_back({key, "{token} is missing: the link would lead nowhere"});
    if (!config.site.cookie_domain.empty() &&
        !is_domain_of(config.site.cookie_domain, host_of(config.site.url)))
        problems.push_back(
            {"site.cookie_domain", "it is not the domain of site.url's host, nor one above it"});
    if (config.tokens.access_lifetime > config.tokens.idle_lifetime)
        problems.push_back({"tokens.access_lifetime", "it is longer than tokens.idle_lifetime"});
    if (config.tokens.strict_refresh && config.tokens.rotation == "off")
        problems.push_back({"tokens.strict_refresh", "it needs tokens.rotation = on"});
}

}  // namespace

std::optional<std::chrono::seconds> duration_in(std::string_view text) {
    static constexpr std::array<std::pair<char, int>, 4> kUnits{
        {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}}};
    std::uint64_t factor = 1;
    for (const auto& [unit, seconds] : kUnits) {
        if (!text.ends_with(unit)) continue;
        factor = static_cast<std::uint64_t>(seconds);
        text.remove_suffix(1);
        break;
    }
    constexpr std::uint64_t ten_years = 10ULL * 365 * 86400;
    const auto count = number_in(text);
    if (!count || *count == 0 || *count > ten_years / factor) return std::nullopt;
    return std::chrono::seconds{*count * factor};
}

Environment process_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>{value};
    };
}

std::vector<std::string> csauth_variables() {
    std::vector<std::string> names;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        if (text.starts_with("CSAUTH_")) names.emplace_back(text.substr(0, text.find('=')));
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<ConfigProblem> read_config(const std::string& file, const Environment& environment,
                                       const std::vector<std::string>& variable_names, Config& config) {
    Problems problems;
    Places places;
    const auto keys = keys_of(config);
    apply_file(file, keys, places, problems);
    apply_environment(environment, variable_names, keys, places, problems);
    if (config.server.node_name.empty()) config.server.node_name = host_name();

    Problems of_values;
    check_secrets(config, environment, of_values);
    check_values(config, of_values);
    for (const auto& problem : of_values) {
        const auto place = places.find(problem.where);
        problems.push_back(place == places.end()
                               ? problem
                               : ConfigProblem{place->second, problem.where + ": " + problem.text});
    }
    return problems;
}

Result<Config, std::vector<ConfigProblem>> load_config(const std::string& file,
                                                       const Environment& environment,
                                                       const std::vector<std::string>& variable_names) {
    Config config;
    auto problems = read_config(file, environment, variable_names, config);
    if (!problems.empty()) return problems;
    return config;
}

std::vector<std::string> config_keys() {
    Config config;
    std::vector<std::string> names;
    for (const Key& key : keys_of(config))
        names.push_back(std::string{key.section} + '.' + std::string{key.name});
    return names;
}

Secret read_secret_file(const std::string& name, const Environment& environment) {
    if (name.empty()) return {};
    std::ifstream file{secret_path(name, environment)};
    std::string line;
    if (!std::getline(file, line)) throw std::runtime_error("the secret file " + name + " can't be read");
    Secret secret{std::string_view{line}};
    wipe(line);
    return secret;
}

std::string config_file(const std::optional<std::string>& option, const Environment& environment) {
    if (option) return *option;
    return environment("CSAUTH_CONFIG").value_or("/etc/csauth/csauth.ini");
}

}  // namespace csauth
