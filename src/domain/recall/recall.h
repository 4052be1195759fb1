#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace csauth::recall {

/// The kind of change after which issued tokens may no longer be true.
enum class Kind : std::uint8_t {
    session,   ///< the session has ended
    user,      ///< the user's epoch, roles, name, address or its confirmation changed, or sessions ended
    role,      ///< the role allows something else, or is gone
    everyone,  ///< any token may be wrong
};

/// Returns the stable name that the table of recalls contains: "session".
std::string_view name_of(Kind kind);

/// Returns nullopt for an unknown name, which a newer version may have written.
std::optional<Kind> kind_named(std::string_view name);

/// A note that tokens of a subject, issued before a moment, may no longer be true. Each check of such a token
/// asks the database.
struct Recall {
    Kind kind = Kind::everyone;
    std::string subject = {};  ///< the 16 bytes of an id, or the name of a role; empty for everyone

    static Recall of(SessionId id);
    static Recall of(UserId id);
    static Recall of_role(std::string_view name);
    static Recall of_everyone() { return {}; }

    bool operator==(const Recall&) const = default;
};

/// Sends recalls to every node.
class Recalls {
public:
    virtual ~Recalls() = default;

    /// Posts a recall. Call it inside the transaction of the change. The board of this node has it at once,
    /// those of other nodes soon after the commit. After a rollback it only costs a few queries.
    virtual void post(const Recall& recall) = 0;
};

}  // namespace csauth::recall
