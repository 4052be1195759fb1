#pragma once

#include <functional>
#include <string>
#include <vector>

namespace csauth {

/// A result of a check.
struct Finding {
    enum class Kind : char {
        problem = 'p',  ///< csauthd can't start
        warning = 'w',  ///< the administrator should change something
        remark = 'r',   ///< the database is away; csauthd starts and waits for it
    };
    Kind kind;
    std::string text;  ///< a sentence for the administrator, without a NUL byte
};

/// Runs `look` in a child and returns its findings. The master itself opens no database and reads no key,
/// because every process inherits its memory. Throws if the child can't be made or fails.
std::vector<Finding> found_by_child(const std::function<std::vector<Finding>()>& look);

}  // namespace csauth
