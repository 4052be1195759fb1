#pragma once

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "crypto/handles.h"

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

    /// Tries each address of the host in turn.
    static Stream connect(const std::string& host, unsigned port, Deadline deadline);

    /// TLS 1.2 or later; chain and host name are verified against `ca_file`, or the system's where empty.
    /// Throws away nothing: what was received before must be empty (see has_pending()).
    void start_tls(const std::string& host, const std::string& ca_file, Deadline deadline);
    bool is_encrypted() const { return ssl_ != nullptr; }

    /// The next line without its CRLF. Throws when it is longer than `longest` bytes.
    std::string read_line(std::size_t longest, Deadline deadline);

    /// Whether bytes were received that nobody has read.
    bool has_pending() const { return !buffer_.empty(); }

    void write(std::string_view bytes, Deadline deadline);

    /// Whether the peer is on this machine.
    bool is_loopback() const { return is_loopback_; }

private:
    explicit Stream(UniqueFd fd, bool is_loopback) : fd_{std::move(fd)}, is_loopback_{is_loopback} {}

    void fill(Deadline deadline);
    void wait_for(short events, Deadline deadline) const;

    UniqueFd fd_;
    bool is_loopback_ = false;
    crypto::SslContextPtr context_;
    crypto::SslPtr ssl_;
    std::string buffer_;
};

}  // namespace csauth::mail
