#include "base/ini.h"

#include <set>
#include <utility>

#include "base/encoding.h"

namespace csauth {

std::vector<IniEntry> parse_ini(std::string_view text, const std::string& file,
                                std::vector<ConfigProblem>& problems) {
    std::vector<IniEntry> entries;
    std::set<std::pair<std::string, std::string>> seen;
    std::string section;
    for (int number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        const auto line = trimmed(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const std::string where = file + ":" + std::to_string(number);

        if (line.empty() || line.front() == '#' || line.front() == ';') continue;
        if (line.front() == '[' && line.back() == ']') {
            section = trimmed(line.substr(1, line.size() - 2));
            continue;
        }
        const auto equals = line.find('=');
        const std::string key{trimmed(line.substr(0, equals))};
        if (equals == std::string_view::npos || key.empty()) {
            problems.push_back({where, "this is neither [section] nor key = value"});
            continue;
        }
        if (!seen.emplace(section, key).second) {
            problems.push_back({where, "'" + key + "' stands here a second time"});
            continue;
        }
        entries.push_back({section, key, std::string{trimmed(line.substr(equals + 1))}, where});
    }
    return entries;
}

}  // namespace csauth
