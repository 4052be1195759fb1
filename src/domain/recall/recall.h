#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace csauth::recall {

/// What has changed so that tokens which are out may not tell the truth any more.
enum class Kind : std::uint8_t {
    session,   ///< it has ended
    user,      ///< epoch, roles, name, address, or whether that is confirmed
    role,      ///< what it allows
    everyone,  ///< no token from before may be believed
};

std::string_view name_of(Kind kind);
std::optional<Kind> kind_named(std::string_view name);

struct Recall {
    Kind kind = Kind::everyone;
    std::string subject = {};  ///< the 16 bytes of an id, the name of a role; empty for everyone

    static Recall of(SessionId id);
    static Recall of(UserId id);
    static Recall of_role(std::string_view name);
    static Recall of_everyone() { return {}; }

    bool operator==(const Recall&) const = default;
};

/// Tells every node of what has changed.
class Recalls {
public:
    virtual ~Recalls() = default;

    /// Inside the transaction of the change itself: this node knows from now on, the others once that is
    /// committed. One that is rolled back costs a few queries and nothing else.
    virtual void post(const Recall& recall) = 0;
};

}  // namespace csauth::recall
