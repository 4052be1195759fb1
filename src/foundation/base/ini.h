#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace csauth {

/// Something that is wrong with the configuration, and where: "csauth.ini:12" or "CSAUTH_MAIL_PORT".
struct ConfigProblem {
    std::string where;
    std::string text;
};

struct IniEntry {
    std::string section;
    std::string key;
    std::string value;
    std::string where;
};

/// Reads sections, `key = value` lines, and comments that begin a line with # or ;. A line that is none of
/// these, and a key that stands twice, goes to `problems`.
std::vector<IniEntry> parse_ini(std::string_view text, const std::string& file,
                                std::vector<ConfigProblem>& problems);

}  // namespace csauth
