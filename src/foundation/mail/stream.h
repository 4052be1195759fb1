#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "crypto/tls_handles.h"

namespace csauth::mail {

/// The connection can't be made, broke, or took too long.
class StreamError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The peer's certificate is not good, or it speaks no TLS that we do.
class TlsError : public StreamError {
public:
    using StreamError::StreamError;
};

/// A TCP connection, later perhaps under TLS, on which every step has a deadline.
class Stream {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    /// Asked a few times a second while a step waits; the step ends with a StreamError once it returns true.
    using WantsToLeave = std::function<bool()>;

    /// Tries each address of the host in turn. The name lookup counts towards the deadline. `wants_to_leave`
    /// is asked here and in each later step.
    static Stream connect(const std::string& host, unsigned port, Deadline deadline,
                          WantsToLeave wants_to_leave = {});

    /// TLS 1.2 or later; chain and host name are verified against `ca_file`, or the system's where empty.
    /// Throws away nothing: what was received before must be empty (see has_pending()). A TlsError says what
    /// is wrong with the certificate, which names were expected and offered, and which key of the
    /// configuration to change.
    void start_tls(const std::string& host, const std::string& ca_file, Deadline deadline);
    bool is_encrypted() const { return ssl_ != nullptr; }

    /// The next line without its CRLF. Throws when it is longer than `longest` bytes.
    std::string read_line(std::size_t longest, Deadline deadline);

    /// Returns true if the peer has sent bytes that nobody has read: in our buffer, in the TLS layer, or in
    /// the socket. Does not wait.
    bool has_pending();

    void write(std::string_view bytes, Deadline deadline);

    /// Whether the peer is on this machine.
    bool is_loopback() const { return is_loopback_; }

private:
    Stream(UniqueFd fd, bool is_loopback, WantsToLeave wants_to_leave)
        : fd_{std::move(fd)}, is_loopback_{is_loopback}, wants_to_leave_{std::move(wants_to_leave)} {}

    void fill(Deadline deadline);
    void wait_for(short events, Deadline deadline) const;

    UniqueFd fd_;
    bool is_loopback_ = false;
    WantsToLeave wants_to_leave_;
    crypto::SslContextPtr context_;
    crypto::SslPtr ssl_;
    std::string buffer_;
};

}  // namespace csauth::mail
