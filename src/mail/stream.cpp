#include "mail/stream.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

namespace csauth::mail {
namespace {

struct FreedAddresses {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, FreedAddresses>;

AddressList resolve(const std::string& host, unsigned port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (error != 0) throw StreamError{"resolving " + host + ": " + ::gai_strerror(error)};
    return AddressList{found};
}

void wait_for_events(int fd, short events, Stream::Deadline deadline) {
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now())
                .count();
        if (left <= 0) throw StreamError{"the mail server took too long"};
        pollfd poll_fd{fd, events, 0};
        const int ready = ::poll(&poll_fd, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
        if (ready > 0) return;
        if (ready < 0 && errno != EINTR) throw StreamError{std::string{"poll: "} + std::strerror(errno)};
    }
}

bool names_loopback(const sockaddr* address) {
    if (address->sa_family == AF_INET)
        return (ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr) >> 24U) == 127;
    return address->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
}

std::optional<UniqueFd> connect_to(const addrinfo& address, Stream::Deadline deadline, std::string& reason) {
    UniqueFd fd{::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol)};
    int error = fd ? 0 : errno;
    if (fd && ::connect(fd.get(), address.ai_addr, address.ai_addrlen) != 0) {
        error = errno;
        if (error == EINPROGRESS) {
            wait_for_events(fd.get(), POLLOUT, deadline);
            socklen_t size = sizeof error;
            ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        }
    }
    if (error == 0) {
        const int at_once = 1;  // a short message must not wait for the reply to its DATA to be acknowledged
        ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
        return fd;
    }
    reason = std::strerror(error);
    return std::nullopt;
}

std::string tls_error() {
    const auto code = ERR_get_error();
    ERR_clear_error();
    const char* reason = ERR_reason_error_string(code);
    return reason == nullptr ? "the connection was closed" : reason;
}

}  // namespace

Stream Stream::connect(const std::string& host, unsigned port, Deadline deadline) {
    const AddressList addresses = resolve(host, port);
    std::string reason = "no address";
    for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
        // An address that answers nothing gets half of the time that is left, so that the next has its
        // chance.
        const auto now = std::chrono::steady_clock::now();
        const auto share = address->ai_next == nullptr ? deadline : now + (deadline - now) / 2;
        try {
            if (auto fd = connect_to(*address, share, reason))
                return Stream{std::move(*fd), names_loopback(address->ai_addr)};
        } catch (const StreamError& error) {
            reason = error.what();
        }
    }
    throw StreamError{"connecting to " + host + " port " + std::to_string(port) + ": " + reason};
}

void Stream::start_tls(const std::string& host, const std::string& ca_file, Deadline deadline) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    crypto::require(context_ != nullptr, "TLS");
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    const bool trusted = ca_file.empty()
                             ? SSL_CTX_set_default_verify_paths(context_.get()) == 1
                             : SSL_CTX_load_verify_locations(context_.get(), ca_file.c_str(), nullptr) == 1;
    if (!trusted)
        throw TlsError{"the certificates of " + (ca_file.empty() ? "the system" : ca_file) +
                       " can't be read"};

    ssl_.reset(SSL_new(context_.get()));
    crypto::require(ssl_ != nullptr, "TLS");
    SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    in6_addr literal{};
    const bool is_address = ::inet_pton(AF_INET, host.c_str(), &literal) == 1 ||
                            ::inet_pton(AF_INET6, host.c_str(), &literal) == 1;
    const bool named = is_address
                           ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str()) == 1
                           : SSL_set1_host(ssl_.get(), host.c_str()) == 1 &&
                                 SSL_set_tlsext_host_name(ssl_.get(), host.c_str()) == 1;
    crypto::require(named && SSL_set_fd(ssl_.get(), fd_.get()) == 1, "TLS host name");

    for (;;) {
        const int result = SSL_connect(ssl_.get());
        if (result == 1) return;
        switch (SSL_get_error(ssl_.get(), result)) {
            case SSL_ERROR_WANT_READ: wait_for(POLLIN, deadline); break;
            case SSL_ERROR_WANT_WRITE: wait_for(POLLOUT, deadline); break;
            default: {
                const long verdict = SSL_get_verify_result(ssl_.get());
                throw TlsError{"TLS: " +
                               (verdict == X509_V_OK ? tls_error() : X509_verify_cert_error_string(verdict))};
            }
        }
    }
}

void Stream::wait_for(short events, Deadline deadline) const { wait_for_events(fd_.get(), events, deadline); }

void Stream::fill(Deadline deadline) {
    std::array<char, 4096> bytes;
    for (;;) {
        if (ssl_) {
            const int got = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
            if (got > 0) {
                buffer_.append(bytes.data(), static_cast<std::size_t>(got));
                return;
            }
            switch (SSL_get_error(ssl_.get(), got)) {
                case SSL_ERROR_WANT_READ: wait_for(POLLIN, deadline); break;
                case SSL_ERROR_WANT_WRITE: wait_for(POLLOUT, deadline); break;
                default: throw StreamError{"reading: " + tls_error()};
            }
            continue;
        }
        wait_for(POLLIN, deadline);
        const auto got = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
        if (got > 0) {
            buffer_.append(bytes.data(), static_cast<std::size_t>(got));
            return;
        }
        if (got == 0) throw StreamError{"the mail server closed the connection"};
        if (errno != EAGAIN && errno != EINTR)
            throw StreamError{std::string{"reading: "} + std::strerror(errno)};
    }
}

std::string Stream::read_line(std::size_t longest, Deadline deadline) {
    for (;;) {
        const auto end = buffer_.find('\n');
        if (end != std::string::npos) {
            if (end > longest) break;
            std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            if (line.ends_with('\r')) line.pop_back();
            return line;
        }
        if (buffer_.size() > longest) break;
        fill(deadline);
    }
    throw StreamError{"the mail server sent a line that is too long"};
}

void Stream::write(std::string_view bytes, Deadline deadline) {
    while (!bytes.empty()) {
        std::size_t done = 0;
        if (ssl_) {
            const int put = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
            if (put > 0) {
                done = static_cast<std::size_t>(put);
            } else {
                switch (SSL_get_error(ssl_.get(), put)) {
                    case SSL_ERROR_WANT_READ: wait_for(POLLIN, deadline); break;
                    case SSL_ERROR_WANT_WRITE: wait_for(POLLOUT, deadline); break;
                    default: throw StreamError{"writing: " + tls_error()};
                }
            }
        } else {
            const auto put = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (put > 0)
                done = static_cast<std::size_t>(put);
            else if (errno == EAGAIN)
                wait_for(POLLOUT, deadline);
            else if (errno != EINTR)
                throw StreamError{std::string{"writing: "} + std::strerror(errno)};
        }
        bytes.remove_prefix(done);
    }
}

}  // namespace csauth::mail
