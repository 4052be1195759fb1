#pragma once

namespace csauth::recall {
class Board;
}
namespace csauth::presence {
class Table;
}

namespace csauth::sessions {

class Activity;

/// The shared memory of this node that concerns sessions. All processes of the node have it, and it outlives
/// the objects that use it.
struct NodeMemory {
    recall::Board& board;
    Activity& activity;
    presence::Table& presence;
};

}  // namespace csauth::sessions
