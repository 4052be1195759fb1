#pragma once

#include <filesystem>

namespace csauth::tests {

/// Changes to the root of the repository, because tests read files relative to it. The program is
/// build/VARIANT/NAME below that root. Keeps a current directory that has tests/data.
inline void enter_repository() {
    if (std::filesystem::is_directory("tests/data")) return;
    const auto program = std::filesystem::read_symlink("/proc/self/exe");
    std::filesystem::current_path(program.parent_path() / "../..");
}

}  // namespace csauth::tests
