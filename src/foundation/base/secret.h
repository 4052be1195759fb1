#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace csauth {

/// Overwrites and empties a text that was a secret. The compiler can't optimize this away. Copies that the
/// text made elsewhere, when it grew, are not wiped.
void wipe(std::string& text);

/// Bytes that are wiped when their owner is destroyed, and that can't be copied or printed by accident.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view text) : bytes_{new char[text.size()]}, size_{text.size()} {
        std::copy(text.begin(), text.end(), bytes_.get());
    }
    explicit Secret(std::span<const std::uint8_t> bytes)
        : Secret{std::string_view{reinterpret_cast<const char*>(bytes.data()), bytes.size()}} {}

    Secret(Secret&& other) noexcept : bytes_{std::move(other.bytes_)}, size_{std::exchange(other.size_, 0)} {}
    /// Exchanges the two. The former bytes are wiped when `other` is destroyed.
    Secret& operator=(Secret&& other) noexcept {
        std::swap(bytes_, other.bytes_);
        std::swap(size_, other.size_);
        return *this;
    }
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    bool empty() const { return size_ == 0; }

    /// These return a view that is valid until this is moved from, assigned to or destroyed.
    std::string_view reveal() const { return {bytes_.get(), size_}; }
    std::span<const std::uint8_t> bytes() const {
        return {reinterpret_cast<const std::uint8_t*>(bytes_.get()), size_};
    }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
};

}  // namespace csauth
