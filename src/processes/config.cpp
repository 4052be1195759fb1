#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

#include "base/encoding.h"
#include "base/lists.h"
#include "config_rules.h"
#include "secret_files.h"

namespace csauth {
namespace {

using Problems = std::vector<ConfigProblem>;

/// The place where each "section.key" was set: "csauth.ini:12", or the name of a variable.
using Places = std::map<std::string, std::string>;

/// Sets a member from a value. Returns what is wrong with the value, or nullopt if it was set.
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
        if (!parsed) return fault_of_duration(value);
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

/// Returns every key with the function that sets its member of `c`. `c` must outlive the result.
std::vector<Key> keys_of(Config& c) {
    return {
        {"server", "run_dir", text(c.server.run_dir)},
        {"server", "nginx_user", text(c.server.nginx_user)},
        {"server", "socket_group", text(c.server.socket_group)},
        {"server", "node_name", text(c.server.node_name)},
        {"server", "edge_workers", number(c.server.edge_workers, 1, kMostWorkers)},
        {"server", "api_workers", number(c.server.api_workers, 1, kMostWorkers)},
        {"server", "hash_workers", number(c.server.hash_workers, 0, kMostWorkers)},
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
        {"site", "cors_origins", text(c.site.cors_origins)},
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

/// Returns what is wrong with any value, whatever its key.
std::optional<std::string> fault_of_text(const std::string& value) {
    if (!is_utf8(value)) return "the value is not UTF-8: save the file as UTF-8";
    if (std::any_of(value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
        return "the value has a control character in it, such as a tab: remove it";
    if (value.size() >= 2 && value.front() == value.back() && (value.front() == '"' || value.front() == '\''))
        return "the value " + value + " is in quotes, which would be a part of it: leave them out";
    return std::nullopt;
}

/// Sets the key, or returns what is wrong with the value.
std::optional<std::string> set(const Key& key, const std::string& value) {
    if (auto fault = fault_of_text(value)) return fault;
    return key.set(value);
}

std::string variable_of(const Key& key) {
    return "CSAUTH_" + ascii_upper(key.section) + "_" + ascii_upper(key.name);
}

void apply_file(const std::string& file, const std::vector<Key>& keys, Places& places, Problems& problems) {
    std::ifstream stream{file};
    std::ostringstream content;
    if (!stream || std::filesystem::is_directory(file)) {
        problems.push_back({file,
                            "the file can't be read: check that it exists, is a regular file, and is "
                            "readable for this user"});
        return;
    }
    content << stream.rdbuf();
    std::string text = content.str();
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
    for (const auto& entry : parse_ini(text, file, problems)) {
        const auto key = std::find_if(keys.begin(), keys.end(), [&](const Key& k) {
            return k.section == entry.section && k.name == entry.key;
        });
        if (key == keys.end()) {
            problems.push_back(
                {entry.where, "there is no key '" + entry.key + "' in section [" + entry.section + "]"});
            continue;
        }
        places[entry.section + '.' + entry.key] = entry.where;
        if (const auto wrong = set(*key, entry.value))
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
        if (const auto wrong = set(*key, environment(name).value_or(""))) problems.push_back({name, *wrong});
    }
}

void check_certificates(const char* key, const std::string& path, Problems& problems) {
    if (path.empty()) return;
    std::ifstream stream{path};
    std::ostringstream content;
    content << stream.rdbuf();
    if (!stream)
        problems.push_back({key, "the file " + path + " can't be read"});
    else if (content.str().find("-----BEGIN CERTIFICATE-----") == std::string::npos)
        problems.push_back({key, "the file " + path + " holds no certificate: name one in PEM format"});
}

}  // namespace

std::optional<std::chrono::seconds> duration_in(std::string_view text) {
    static constexpr std::array<std::pair<char, int>, 4> kUnits{
        {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}}};
    std::uint64_t factor = 0;
    for (const auto& [unit, seconds] : kUnits) {
        if (!text.ends_with(unit)) continue;
        factor = static_cast<std::uint64_t>(seconds);
        text.remove_suffix(1);
        break;
    }
    constexpr std::uint64_t ten_years = 10ULL * 365 * 86400;
    const auto count = number_in(text);
    if (!count || factor == 0 || *count == 0 || *count > ten_years / factor) return std::nullopt;
    return std::chrono::seconds{*count * factor};
}

std::string fault_of_duration(const std::string& text) {
    if (number_in(text).value_or(0) > 0)
        return "'" + text + "' has no unit: write " + text + "d, " + text + "h, " + text + "m or " + text +
               "s";
    return "a time such as 30s, 10m, 12h or 90d is expected, not '" + text + "'";
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

    Problems of_values = problems_of_secret_files(config, environment);
    check_certificates("database.tls_ca", config.database.tls_ca, of_values);
    check_certificates("mail.ca_file", config.mail.ca_file, of_values);
    for (auto& problem : broken_rules(config))
        of_values.push_back(std::move(problem));
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
    if (problems.empty()) problems = faults_of_secrets(config, environment);
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

std::string config_file(const std::optional<std::string>& option, const Environment& environment) {
    if (option) return *option;
    return environment("CSAUTH_CONFIG").value_or("/etc/csauth/csauth.ini");
}

}  // namespace csauth
