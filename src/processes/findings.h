#pragma once

#include <functional>
#include <string>
#include <vector>

namespace csauth {

/// What a child of the master found.
struct Finding {
    enum class Kind : char {
        problem = 'p',  ///< csauthd can't start
        warning = 'w',  ///< the administrator should change something
        remark = 'r',   ///< the database is away; csauthd starts and waits for it
    };
    Kind kind;
    std::string text;
};

/// Runs `look` in a child and returns what it found. The master itself opens no database and reads no key, so
/// its memory, which every process inherits, holds no secret. Throws if the child fails.
std::vector<Finding> found_by_child(const std::function<std::vector<Finding>()>& look);

}  // namespace csauth
