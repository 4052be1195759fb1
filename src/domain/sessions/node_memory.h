#pragma once

namespace csauth::recall {
class Board;
}
namespace csauth::presence {
class Table;
}

namespace csauth::sessions {

class Activity;

/// What all processes of this node share about its sessions. It outlives them.
struct NodeMemory {
    recall::Board& board;
    Activity& activity;
    presence::Table& presence;
};

}  // namespace csauth::sessions
