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

/// The connection can't be opened, broke, or took too long. The text is for the log.
class StreamError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// TLS can't be started: the peer's certificate is not valid, no TLS version is common to both, or the
/// certificates of the authorities can't be read.
class TlsError : public StreamError {
public:
    using StreamError::StreamError;
};

/// A TCP connection, which TLS can protect later. Every step has a deadline, and throws StreamError after it.
class Stream {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    /// Is called ten times a second while a step waits. If it returns true, the step throws StreamError.
    using WantsToLeave = std::function<bool()>;

    /// Tries each address of the host in turn. The name lookup counts towards the deadline. This and each
    /// later step call `wants_to_leave`.
    static Stream connect(const std::string& host, unsigned port, Deadline deadline,
                          WantsToLeave wants_to_leave = {});

    /// Starts TLS 1.2 or later. Verifies the host name, and the chain against `ca_file`, or against the
    /// system's certificates if it is empty.
    ///
    /// Throws TlsError if that fails. It says what is wrong with the certificate, which names were expected
    /// and offered, and which key of the configuration to change.
    ///
    /// Bytes that were received before would count as encrypted: first make sure that has_pending() is false.
    void start_tls(const std::string& host, const std::string& ca_file, Deadline deadline);
    bool is_encrypted() const { return ssl_ != nullptr; }

    /// Returns the next line without its CRLF or LF. Throws StreamError if it is longer than `longest` bytes.
    std::string read_line(std::size_t longest, Deadline deadline);

    /// Returns true if the peer has sent bytes that nobody has read: in our buffer, in the TLS layer, or in
    /// the socket. Does not wait.
    bool has_pending();

    /// Sends all bytes.
    void write(std::string_view bytes, Deadline deadline);

    /// Returns true if the address of the peer is a loopback address.
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
