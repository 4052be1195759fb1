#include "images/imager.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <optional>
#include <system_error>

#include "base/unique_fd.h"
#include "images/picture.h"
#include "images/sandbox.h"

namespace csauth::images {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

// A message is a kind, the length of its content in big endian, and the content. The answer to a picture is
// two messages, the large and the small one, or one message with the refusal.
constexpr char kPicture = 'P';
constexpr char kBadPicture = 'B';
constexpr char kUnavailable = 'U';
constexpr std::size_t kHeader = 5;
constexpr std::size_t kLongestMessage = kLargestPicture;
constexpr auto kReceivePatience = 2s;

struct Message {
    char kind;
    std::string content;
};

bool wait_for(int fd, short events, Deadline deadline) {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) return false;
        pollfd polled{fd, events, 0};
        const int ready = ::poll(&polled, 1, static_cast<int>(left));
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
}

bool receive(int fd, char* to, std::size_t size, Deadline deadline) {
    while (size > 0) {
        if (!wait_for(fd, POLLIN, deadline)) return false;
        const auto got = ::read(fd, to, size);
        if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) return false;
        if (got < 0) continue;
        to += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

std::optional<Message> receive_message(int fd, Deadline deadline) {
    std::array<char, kHeader> header;
    if (!receive(fd, header.data(), header.size(), deadline)) return std::nullopt;
    std::uint32_t size = 0;
    for (std::size_t i = 1; i < kHeader; ++i)
        size = size << 8U | static_cast<unsigned char>(header[i]);
    if (size > kLongestMessage) return std::nullopt;
    Message message{header[0], std::string(size, '\0')};
    if (!receive(fd, message.content.data(), size, deadline)) return std::nullopt;
    return message;
}

bool send(int fd, std::string_view bytes, Deadline deadline) {
    while (!bytes.empty()) {
        if (!wait_for(fd, POLLOUT, deadline)) return false;
        const auto put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0 && errno != EINTR && errno != EAGAIN) return false;
        if (put > 0) bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

/// Does not copy the content, because it may be as long as the longest picture.
bool send_message(int fd, char kind, std::string_view content, Deadline deadline) {
    std::string header(1, kind);
    for (int shift = 24; shift >= 0; shift -= 8)
        header += static_cast<char>(content.size() >> static_cast<unsigned>(shift) & 0xffU);
    return send(fd, header, deadline) && send(fd, content, deadline);
}

/// The work of the child: all that reads the bytes of the file, and nothing else.
[[noreturn]] void decode_and_leave(std::string_view file, int answer) noexcept {
    enter_sandbox({.memory = kDecoderMemory, .processor_time = kDecoderTime});
    const auto deadline = Clock::now() + kDecoderPatience;
    const auto pictures = make_avatar(file);
    if (pictures)
        (void)(send_message(answer, kPicture, pictures->large, deadline) &&
               send_message(answer, kPicture, pictures->small, deadline));
    else
        (void)send_message(answer, kBadPicture, "", deadline);
    ::_exit(0);
}

Result<AvatarPictures, DecoderRefusal> receive_pictures(int fd, Deadline deadline, DecoderRefusal otherwise) {
    auto large = receive_message(fd, deadline);
    if (!large) return Clock::now() < deadline ? otherwise : DecoderRefusal::unavailable;
    if (large->kind != kPicture)
        return large->kind == kBadPicture ? DecoderRefusal::bad_picture : DecoderRefusal::unavailable;
    auto small = receive_message(fd, deadline);
    if (!small || small->kind != kPicture) return otherwise;
    return AvatarPictures{std::move(large->content), std::move(small->content)};
}

Result<AvatarPictures, DecoderRefusal> decode_in_child(std::string_view file, const Log& log) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return DecoderRefusal::unavailable;
    const UniqueFd reading{pipe[0]};
    UniqueFd writing{pipe[1]};
    const pid_t child = ::fork();
    if (child < 0) return DecoderRefusal::unavailable;
    if (child == 0) {
        close_all_but(writing.get());
        decode_and_leave(file, writing.get());
    }
    writing.reset();
    // A child that dies because of the file, or of its limits, sends nothing.
    auto outcome =
        receive_pictures(reading.get(), Clock::now() + kDecoderPatience, DecoderRefusal::bad_picture);
    ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) {
        log.error("decoder_needs_more_rights",
                  {{"hint", "see the kernel's audit message for the system call"}});
        return DecoderRefusal::unavailable;
    }
    return outcome;
}

/// Returns true if the pictures are what an honest child makes. The child may be under the control of the
/// file.
bool is_avatar(const AvatarPictures& pictures) {
    const auto is_square = [](std::string_view file, int side) {
        const auto picture = inspect(file);
        const auto size = static_cast<std::uint32_t>(side);
        return picture && picture->format == Format::webp && picture->width == size &&
               picture->height == size;
    };
    return is_square(pictures.large, kLargeSide) && is_square(pictures.small, kSmallSide);
}

}  // namespace

void serve_picture(int connection, const Log& log) {
    const auto message = receive_message(connection, Clock::now() + kReceivePatience);
    if (!message || message->kind != kPicture) return;
    const auto outcome = decode_in_child(message->content, log);
    const auto deadline = Clock::now() + kReceivePatience;
    if (outcome)
        (void)(send_message(connection, kPicture, outcome->large, deadline) &&
               send_message(connection, kPicture, outcome->small, deadline));
    else
        (void)send_message(connection,
                           outcome.error() == DecoderRefusal::bad_picture ? kBadPicture : kUnavailable, "",
                           deadline);
}

Result<AvatarPictures, DecoderRefusal> ImagerClient::decode(std::string_view file) {
    const auto deadline = Clock::now() + patience_;
    const UniqueFd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (!fd || path_.size() >= sizeof address.sun_path) return DecoderRefusal::unavailable;
    std::memcpy(address.sun_path, path_.c_str(), path_.size());
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return DecoderRefusal::unavailable;  // gone, or its queue is full
    if (!send_message(fd.get(), kPicture, file, deadline)) return DecoderRefusal::unavailable;
    auto outcome = receive_pictures(fd.get(), deadline, DecoderRefusal::unavailable);
    if (outcome && !is_avatar(*outcome)) return DecoderRefusal::bad_picture;
    return outcome;
}

}  // namespace csauth::images
