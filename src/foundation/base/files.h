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
    int code;          ///< a value of errno
    std::string text;  ///< a sentence that names the path
};

/// Opens the file as open(2) does, close-on-exec. `path` comes from the administrator: the configuration or
/// the command line.
///
/// A process of root follows a symbolic link in `path` only if the link belongs to root; any other link gives
/// ELOOP. The service may write to some of these directories, and a link that it planted must not lead root
/// elsewhere. Other processes follow every link, because a link gives them no right that they lack.
Result<UniqueFd, FileProblem> open_file(const std::filesystem::path& path, int flags, mode_t mode = 0);

/// Opens the directory for reading, by the rule of open_file().
Result<UniqueFd, FileProblem> open_directory(const std::filesystem::path& path);

/// Opens the directory as open_directory() does, and first makes those directories of `path` that are
/// missing. A new directory gets `mode` less the umask.
Result<UniqueFd, FileProblem> make_directories(const std::filesystem::path& path, mode_t mode);

/// Opens `name`, which is one component, inside the open directory `parent`, close-on-exec. Never follows a
/// link, because the service may write to that directory: a link gives ELOOP. A problem names `shown`.
Result<UniqueFd, FileProblem> open_inside(int parent, const std::string& name, int flags, mode_t mode,
                                          const std::filesystem::path& shown);

/// Returns the names in an open directory, without "." and "..", in no particular order. Throws
/// std::system_error if the directory can't be read.
std::vector<std::string> names_in(int directory);

}  // namespace csauth
