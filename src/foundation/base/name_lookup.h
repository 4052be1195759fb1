#pragma once

#include <netdb.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

namespace csauth {

/// The list that getaddrinfo(3) returned. The last owner frees it.
using Addresses = std::shared_ptr<const addrinfo>;

/// getaddrinfo(3), or a function with which a test replaces it. It is called in a thread of its own.
using BlockingLookup = int (*)(const char* host, const char* service, const addrinfo* hints,
                               addrinfo** found);

/// How many lookups of a process may hang at once. The next one is refused.
constexpr std::size_t kMostHangingLookups = 4;

/// Resolves a host for TCP. Returns at the deadline at the latest. getaddrinfo(3) has no deadline and waits
/// for each name server several times. If `wants_to_leave` is set, it is called ten times a second, and a
/// call that returns true ends the wait.
///
/// The lookup runs in a thread of its own. A lookup that hangs goes on after this function has returned,
/// until the resolver gives up. The next call for the same host and port waits for it instead of starting
/// another. The thread blocks all signals, so none is lost in it. A numeric address needs no thread.
///
/// Only one thread of a process may call this. A child that is forked during a lookup starts its own.
///
/// Refusals, each as a reason for a log: the name does not exist, the resolver failed, the deadline passed,
/// `wants_to_leave` returned true, too many lookups hang, or no thread could be started.
Result<Addresses, std::string> resolve(const std::string& host, unsigned port,
                                       std::chrono::steady_clock::time_point deadline,
                                       const std::function<bool()>& wants_to_leave = {},
                                       BlockingLookup lookup = ::getaddrinfo);

}  // namespace csauth
