#pragma once

namespace csauth::crypto {

/// Who may hash a password now, where not all who want to may at once.
class HashTurns {
public:
    virtual ~HashTurns() = default;

    /// Waits until it is this process' turn.
    virtual void take() = 0;
    virtual void give_back() = 0;
};

}  // namespace csauth::crypto
