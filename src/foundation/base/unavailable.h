#pragma once

#include <stdexcept>

namespace csauth {

/// A collaborator, such as the database, can't serve a request now: it is unreachable, overloaded or too
/// slow. Whether the request had an effect is unknown. A client gets 503 `service_unavailable`.
class Unavailable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The collaborator is away, so every request to it fails until it is back.
class Away : public Unavailable {
public:
    using Unavailable::Unavailable;
};

}  // namespace csauth
