#include "base/lines.h"

namespace csauth {

bool has_line(std::string_view lines, std::string_view wanted) {
    while (!lines.empty()) {
        const auto middle = lines.size() / 2;
        const auto before = lines.rfind('\n', middle == 0 ? 0 : middle - 1);
        const auto start = before == std::string_view::npos ? 0 : before + 1;
        const auto end = lines.find('\n', start);
        const auto line = lines.substr(start, end - start);
        if (line == wanted) return true;
        if (line < wanted)
            lines = end == std::string_view::npos ? std::string_view{} : lines.substr(end + 1);
        else
            lines = lines.substr(0, start);
    }
    return false;
}

}  // namespace csauth
