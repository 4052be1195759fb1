#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "config.h"

namespace csauth {

/// Returns what is wrong with the secret files that the configuration names: missing, empty, or accessible to
/// all users. Doesn't open them.
std::vector<ConfigProblem> problems_of_secret_files(const Config& config, const Environment& environment);

/// Returns what is wrong with the first lines of the secret files, such as CRLF or a byte order mark, without
/// quoting them. Reads the files, so the master of csauthd calls it in a child. A pepper that is in use is
/// not checked, because it is part of every stored hash.
std::vector<ConfigProblem> faults_of_secrets(const Config& config, const Environment& environment);

/// Returns what is wrong with the first line of a secret file, or nullopt if it is good. The text continues a
/// sentence that begins with "the secret file PATH ", and never quotes the content.
std::optional<std::string> secret_fault(std::string_view content);

/// Returns the first line of a secret file. "credential:NAME" is a file of systemd's LoadCredential. Returns
/// an empty secret for an empty name. Throws std::runtime_error if the file can't be read.
Secret read_secret_file(const std::string& name, const Environment& environment);

}  // namespace csauth
