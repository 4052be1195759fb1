#include "mail/stream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "base/name_lookup.h"
#include "crypto/failure.h"

namespace csauth::mail {
namespace {

constexpr std::chrono::milliseconds kBetweenQuestions{100};  // between two calls of wants_to_leave

void wait_for_events(int fd, short events, Stream::Deadline deadline,
                     const Stream::WantsToLeave& wants_to_leave) {
    for (;;) {
        if (wants_to_leave && wants_to_leave()) throw StreamError{"given up: the process leaves"};
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) throw StreamError{"the mail server took too long"};
        pollfd poll_fd{fd, events, 0};
        const auto slice =
            std::min(left, wants_to_leave ? kBetweenQuestions : std::chrono::milliseconds{60'000});
        const int ready = ::poll(&poll_fd, 1, static_cast<int>(slice.count()));
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

std::optional<UniqueFd> connect_to(const addrinfo& address, Stream::Deadline deadline,
                                   const Stream::WantsToLeave& wants_to_leave, std::string& reason) {
    UniqueFd fd{::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol)};
    int error = fd ? 0 : errno;
    if (fd && ::connect(fd.get(), address.ai_addr, address.ai_addrlen) != 0) {
        error = errno;
        if (error == EINPROGRESS) {
            wait_for_events(fd.get(), POLLOUT, deadline, wants_to_leave);
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

/// Returns the names in a certificate (RFC 6125): those of its subjectAltName, or its common name if it has
/// none.
std::string names_in(X509* certificate) {
    constexpr int most_names = 4;
    constexpr std::size_t longest = 100;
    std::string names;
    const auto add = [&](const ASN1_STRING* text) {
        if (text == nullptr) return;
        std::string name{reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                         static_cast<std::size_t>(ASN1_STRING_length(text))};
        // The peer wrote this text, and it goes into logs and onto terminals.
        std::replace_if(
            name.begin(), name.end(), [](char c) { return c <= ' ' || c > '~'; }, '?');
        names += (names.empty() ? "" : ", ") + name.substr(0, longest);
    };
    const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> offered{
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
        &GENERAL_NAMES_free};
    const int count = offered ? sk_GENERAL_NAME_num(offered.get()) : 0;
    for (int i = 0; i < std::min(count, most_names); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(offered.get(), i);
        if (name->type == GEN_DNS) add(name->d.dNSName);
        if (name->type == GEN_IPADD && ASN1_STRING_length(name->d.iPAddress) == sizeof(in_addr)) {
            std::array<char, INET_ADDRSTRLEN> text{};
            ::inet_ntop(AF_INET, ASN1_STRING_get0_data(name->d.iPAddress), text.data(), text.size());
            names += (names.empty() ? "" : ", ") + std::string{text.data()};
        }
    }
    if (count > most_names) names += " and others";
    if (count == 0) {
        X509_NAME* subject = X509_get_subject_name(certificate);
        const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
        if (at >= 0) add(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    }
    return names.empty() ? "no host" : names;
}

/// Keeps the names of a certificate that is refused, because OpenSSL frees it when the handshake fails.
int note_refused_certificate(int is_good, X509_STORE_CTX* context) {
    if (is_good == 1) return is_good;
    const auto* ssl =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
    X509* certificate = X509_STORE_CTX_get0_cert(context);
    auto* names = static_cast<std::string*>(SSL_get_ex_data(ssl, 0));
    if (names != nullptr && certificate != nullptr) *names = names_in(certificate);
    return is_good;
}

/// Returns a sentence about a fault of the relay's certificate, with the key of the configuration to change.
std::string certificate_error(long verdict, const std::string& host, const std::string& offered,
                              const std::string& ca_file) {
    const std::string what = std::string{" ("} + X509_verify_cert_error_string(verdict) + ")";
    switch (verdict) {
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return "TLS: the relay's certificate is for " + offered + ", not for " + host + what +
                   ": set mail.host to a name of the certificate; mail.tls = none if the relay is on this "
                   "machine";
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_CERT_SIGNATURE_FAILURE:
            return "TLS: the certificate of " + host + ", for " + offered + ", is not of an authority in " +
                   (ca_file.empty() ? "the system's list" : ca_file) + what +
                   ": set mail.ca_file to its authority's certificate";
        default:
            return "TLS: the certificate of " + host + ", for " + offered + ", is not valid" + what +
                   ": renew it at the relay, or change mail.host";
    }
}

}  // namespace

Stream Stream::connect(const std::string& host, unsigned port, Deadline deadline,
                       WantsToLeave wants_to_leave) {
    const auto found = resolve(host, port, deadline, wants_to_leave);
    if (!found) throw StreamError{"resolving " + host + " (mail.host): " + found.error()};
    const Addresses& addresses = *found;
    std::string reason = "no address";
    for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
        // Each address but the last gets half of the remaining time, so that the next one can be tried, too.
        const auto now = std::chrono::steady_clock::now();
        const auto share = address->ai_next == nullptr ? deadline : now + (deadline - now) / 2;
        try {
            if (auto fd = connect_to(*address, share, wants_to_leave, reason))
                return Stream{std::move(*fd), names_loopback(address->ai_addr), std::move(wants_to_leave)};
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
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, &note_refused_certificate);
    const bool trusted = ca_file.empty()
                             ? SSL_CTX_set_default_verify_paths(context_.get()) == 1
                             : SSL_CTX_load_verify_locations(context_.get(), ca_file.c_str(), nullptr) == 1;
    if (!trusted)
        throw TlsError{"the certificates of " + (ca_file.empty() ? "the system" : ca_file) +
                       " can't be read: change mail.ca_file"};

    ssl_.reset(SSL_new(context_.get()));
    std::string offered;  // the names in a certificate that is refused
    crypto::require(ssl_ != nullptr && SSL_set_ex_data(ssl_.get(), 0, &offered) == 1, "TLS");
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
        if (result == 1) {
            SSL_set_ex_data(ssl_.get(), 0, nullptr);
            return;
        }
        switch (SSL_get_error(ssl_.get(), result)) {
            case SSL_ERROR_WANT_READ: wait_for(POLLIN, deadline); break;
            case SSL_ERROR_WANT_WRITE: wait_for(POLLOUT, deadline); break;
            default: {
                const long verdict = SSL_get_verify_result(ssl_.get());
                if (verdict != X509_V_OK) throw TlsError{certificate_error(verdict, host, offered, ca_file)};
                throw TlsError{"TLS with " + host + ": " + tls_error() +
                               ": check mail.port and mail.tls (starttls, implicit or none)"};
            }
        }
    }
}

void Stream::wait_for(short events, Deadline deadline) const {
    wait_for_events(fd_.get(), events, deadline, wants_to_leave_);
}

bool Stream::has_pending() {
    if (!buffer_.empty()) return true;
    char byte = 0;
    if (!ssl_) return ::recv(fd_.get(), &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT) > 0;
    // Bytes in the socket may belong to TLS itself, such as session tickets. Only decrypted bytes count.
    const bool has_bytes = SSL_peek(ssl_.get(), &byte, sizeof byte) > 0;
    ERR_clear_error();
    return has_bytes;
}

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
