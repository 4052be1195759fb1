#pragma once

#include <netdb.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

namespace csauth {

/// What getaddrinfo(3) found.
using Addresses = std::shared_ptr<const addrinfo>;

/// getaddrinfo(3), or what a test puts in its place. Called in a thread of its own.
using BlockingLookup = int (*)(const char* host, const char* service, const addrinfo* hints,
                               addrinfo** found);

/// So many lookups of a process may hang at once; the next one is refused.
constexpr std::size_t kMostHangingLookups = 4;

/// Resolves a host for TCP. Returns at the deadline, although getaddrinfo(3) knows none: it waits for each
/// name server several times. Asks `wants_to_leave`, if there is one, a few times a second, and returns once
/// it is true.
///
/// The lookup runs in a thread of its own. One that hangs is left behind, and ends when the resolver gives
/// up; the next call for the same host waits for it instead of starting another. The thread blocks all
/// signals, so none is lost in it. A numeric address needs no thread. For processes with one thread that
/// calls this; a child that is forked during a lookup starts its own.
///
/// Refusals, each as a reason for a log: the name does not exist, the resolver failed, the deadline passed,
/// the caller wants to leave, too many lookups hang.
Result<Addresses, std::string> resolve(const std::string& host, unsigned port,
                                       std::chrono::steady_clock::time_point deadline,
                                       const std::function<bool()>& wants_to_leave = {},
                                       BlockingLookup lookup = ::getaddrinfo);

}  // namespace csauth
