#pragma once

#include <stdexcept>

namespace csauth {

/// A collaborator can't serve us now: gone, unreachable, overloaded, too slow. Nothing can be said of what
/// was asked of it; the caller answers 503.
class Unavailable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The collaborator is away as a whole, so every other request to it fails as well until it is back.
class Away : public Unavailable {
public:
    using Unavailable::Unavailable;
};

}  // namespace csauth
