#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace csauth {

/// A fault of the configuration.
struct ConfigProblem {
    std::string where;  ///< "csauth.ini:12" or "CSAUTH_MAIL_PORT"
    std::string text;   ///< for the operator
};

/// One `key = value` line, without white space around the parts.
struct IniEntry {
    std::string section;  ///< empty before the first section
    std::string key;
    std::string value;
    std::string where;  ///< "csauth.ini:12"
};

/// Returns the `key = value` lines of `text` in their order. A line that begins with # or ; is a comment.
///
/// Appends a problem for each line that is not a section, an entry or a comment, and leaves the line out. A
/// key that occurs twice in a section is a problem, too; the first value counts. `file` is the name that
/// `where` begins with.
std::vector<IniEntry> parse_ini(std::string_view text, const std::string& file,
                                std::vector<ConfigProblem>& problems);

}  // namespace csauth
