#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace csauth::tests {

/// Where tests/data is: below the directory that the tests are run from.
inline std::filesystem::path data(const std::string& name) {
    return std::filesystem::path{"tests/data"} / name;
}

inline std::string content(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) throw std::runtime_error("can't read " + path.string());
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// A directory of its own for one test, gone afterwards.
class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string pattern = (std::filesystem::temp_directory_path() / "csauth-test-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
        path_ = pattern;
    }
    ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
    const std::filesystem::path& path() const { return path_; }

    std::string write(const std::string& name, const std::string& text,
                      std::filesystem::perms mode = std::filesystem::perms::owner_read) const {
        const auto file = path_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file, std::ios::binary} << text;
        std::filesystem::permissions(file, mode);
        return file.string();
    }

private:
    std::filesystem::path path_;
};

}  // namespace csauth::tests
