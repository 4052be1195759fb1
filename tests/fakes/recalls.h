#pragma once

#include <vector>

#include "base/unavailable.h"
#include "recall/board.h"

namespace csauth::fakes {

/// Remembers posted recalls, and puts them on a board like the store.
class Recalls final : public recall::Recalls {
public:
    Recalls(recall::Board& board, const csauth::Clock& clock) : board_{board}, clock_{clock} {}

    std::vector<recall::Recall> posted;

    void post(const recall::Recall& recall) override {
        posted.push_back(recall);
        board_.post(recall, clock_.now(), clock_.now());
    }

private:
    recall::Board& board_;
    const csauth::Clock& clock_;
};

}  // namespace csauth::fakes
