#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "config.h"

namespace csauth {

/// Returns what is wrong with the secret files that the configuration names: missing, empty, open to
/// everybody. It doesn't open them.
std::vector<ConfigProblem> problems_of_secret_files(const Config& config, const Environment& environment);

/// Returns what is wrong with the first lines of the secret files, without quoting them: CRLF, a byte order
/// mark. It reads them, so the master of csauthd calls it in a child.
std::vector<ConfigProblem> faults_of_secrets(const Config& config, const Environment& environment);

/// Returns what is wrong with the first line of a secret file, or nullopt if it is good. The text continues a
/// sentence that begins with "the secret file PATH ", and never quotes the content.
std::optional<std::string> secret_fault(std::string_view content);

/// The file's first line. "credential:NAME" is a file of systemd's LoadCredential. Throws when it can't be
/// read; an empty name is an empty secret.
Secret read_secret_file(const std::string& name, const Environment& environment);

}  // namespace csauth
