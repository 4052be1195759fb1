#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace csauth {

/// Why a file could not be opened.
struct FileProblem {
    int code;          ///< an errno
    std::string text;  ///< a sentence that names the path
};

/// Opens the file as open(2) does, close-on-exec. `path` comes from the administrator: the configuration or
/// the command line.
///
/// A process of root follows a symbolic link in `path` only if the link belongs to root. The service may
/// write to some of these directories, and a link that it planted must not lead root elsewhere. Such a link
/// gives ELOOP. Other processes follow every link, because it leads them nowhere that their own rights do
/// not.
Result<UniqueFd, FileProblem> open_file(const std::filesystem::path& path, int flags, mode_t mode = 0);

/// Opens the directory for reading, by the rule of open_file().
Result<UniqueFd, FileProblem> open_directory(const std::filesystem::path& path);

/// The same, and makes the directories that are missing, with `mode` less the umask.
Result<UniqueFd, FileProblem> make_directories(const std::filesystem::path& path, mode_t mode);

/// Opens `name`, one component, inside the directory `parent`, close-on-exec. Never follows a link, because
/// the service may write to that directory: a link gives ELOOP. `shown` is the path that a problem names.
Result<UniqueFd, FileProblem> open_inside(int parent, const std::string& name, int flags, mode_t mode,
                                          const std::filesystem::path& shown);

/// Returns the names in an open directory, without "." and "..", in no order. Throws std::system_error.
std::vector<std::string> names_in(int directory);

}  // namespace csauth
