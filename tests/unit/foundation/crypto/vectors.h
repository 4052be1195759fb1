#pragma once

#include <rapidjson/document.h>
#include <boost/test/unit_test.hpp>

#include "data.h"

namespace csauth::tests {

inline std::string unhex(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string{text.substr(i, 2)}, nullptr, 16));
    return bytes;
}

inline rapidjson::Document parsed(const char* file) {
    rapidjson::Document document;
    const auto text = tests::content(tests::data(file));
    document.Parse(text.data(), text.size());
    BOOST_REQUIRE(!document.HasParseError());
    return document;
}

}  // namespace csauth::tests
