#include "base/lists.h"

#include <algorithm>

#include "base/encoding.h"

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

std::vector<std::string> split_written_list(std::string_view list) {
    std::vector<std::string> parts;
    for (const auto& part : split_list(list))
        if (const auto text = trimmed(part); !text.empty()) parts.emplace_back(text);
    return parts;
}

std::string joined(const std::vector<std::string>& parts) {
    std::string list;
    for (const auto& part : parts)
        list.append(list.empty() ? "" : ",").append(part);
    return list;
}

}  // namespace csauth
