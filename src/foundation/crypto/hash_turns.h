#pragma once

namespace csauth::crypto {

/// Limits how many processes hash a password at the same time.
class HashTurns {
public:
    virtual ~HashTurns() = default;

    /// Waits until this process may hash.
    virtual void take() = 0;

    /// Ends the turn of this process. Call it once after each take().
    virtual void give_back() = 0;
};

}  // namespace csauth::crypto
