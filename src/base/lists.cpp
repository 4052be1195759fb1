#include "base/lists.h"

#include <algorithm>

namespace csauth {

std::vector<std::string> split_list(std::string_view list) {
    std::vector<std::string> parts;
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        parts.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return parts;
}

std::string joined(const std::vector<std::string>& parts) {
    std::string list;
    for (const auto& part : parts)
        list.append(list.empty() ? "" : ",").append(part);
    return list;
}

}  // namespace csauth
