#include "secret_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <utility>

namespace csauth {
namespace {

constexpr std::size_t kLongestSecretFile = 4096;  // bytes that are checked
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string secret_path(const std::string& name, const Environment& environment) {
    constexpr std::string_view prefix = "credential:";
    if (!name.starts_with(prefix)) return name;
    return environment("CREDENTIALS_DIRECTORY").value_or("/nonexistent") + "/" + name.substr(prefix.size());
}

/// Returns each key of a secret file with its path; empty if the key is not set.
std::vector<std::pair<const char*, const std::string&>> secrets_of(const Config& config) {
    return {{"database.password_file", config.database.password_file},
            {"database.keeper_password_file", config.database.keeper_password_file},
            {"database.migrate_password_file", config.database.migrate_password_file},
            {"passwords.pepper_file", config.passwords.pepper_file},
            {"push.key_file", config.push.key_file},
            {"server.proxy_key_file", config.server.proxy_key_file},
            {"mail.password_file", config.mail.password_file}};
}

}  // namespace

std::vector<ConfigProblem> problems_of_secret_files(const Config& config, const Environment& environment) {
    std::vector<ConfigProblem> problems;
    for (const auto& [key, name] : secrets_of(config)) {
        if (name.empty()) continue;
        const std::string path = secret_path(name, environment);
        const auto complain = [&, key = key](std::string_view fault) {
            problems.push_back({key, std::string{"the secret file "}.append(path).append(" ").append(fault)});
        };
        struct stat status {};
        if (::stat(path.c_str(), &status) != 0 || ::access(path.c_str(), R_OK) != 0)
            complain("can't be read: make it, and give it to the user of csauthd");
        else if (!S_ISREG(status.st_mode))
            complain("is no file: name the file itself");
        else if ((status.st_mode & S_IRWXO) != 0)
            complain("is open to everybody: chmod o= it");
        else if (status.st_size == 0)
            complain("is empty: put the secret into its first line");
    }
    return problems;
}

std::vector<ConfigProblem> faults_of_secrets(const Config& config, const Environment& environment) {
    std::vector<ConfigProblem> problems;
    for (const auto& [key, name] : secrets_of(config)) {
        if (name.empty()) continue;
        const std::string path = secret_path(name, environment);
        std::ifstream file{path};
        std::string content(kLongestSecretFile, '\0');
        file.read(content.data(), static_cast<std::streamsize>(content.size()));
        content.resize(static_cast<std::size_t>(file.gcount()));
        if (content.empty()) continue;  // read_config() has reported it
        // Every stored hash includes the pepper as it is, so even an odd one must stay.
        if (std::string_view{key} == "passwords.pepper_file" && content.front() != '\n') continue;
        if (const auto fault = secret_fault(content))
            problems.push_back({key, "the secret file " + path + " " + *fault});
        wipe(content);
    }
    return problems;
}

std::optional<std::string> secret_fault(std::string_view content) {
    if (content.starts_with(kByteOrderMark))
        return "begins with a byte order mark, which would be a part of the secret: save it as plain text";
    const auto line = content.substr(0, content.find('\n'));
    if (line.find('\0') != std::string_view::npos)
        return "has a NUL byte in its first line: save it as plain text, not as UTF-16";
    if (line.ends_with('\r'))
        return "has line ends of Windows (CRLF), whose first half would be a part of the secret: convert it, "
               "for "
               "example with sed -i 's/\\r$//'";
    if (line.empty()) return "has an empty first line: put the secret there";
    return std::nullopt;
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

}  // namespace csauth
