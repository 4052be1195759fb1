#include "crypto/password_hasher.h"

#include <sodium.h>

#include <array>
#include <new>
#include <span>
#include <stdexcept>

#include "base/encoding.h"
#include "crypto/django_hashes.h"

namespace csauth::crypto {
namespace {

constexpr std::string_view kPepperPrefix = "$pepper";
constexpr std::string_view kArgon2idPrefix = "$argon2id$";

/// Returns a text in the form of libsodium's hashes with random bytes for salt and hash. Nobody knows a
/// password that matches it, and it costs no time when a process starts.
std::string decoy_of(HashCost cost) {
    std::array<unsigned char, crypto_pwhash_SALTBYTES + 32> dice;
    randombytes_buf(dice.data(), dice.size());
    const auto encoded = [](std::span<const unsigned char> bytes) {
        std::array<char, 64> text;
        return std::string{sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                                             sodium_base64_VARIANT_ORIGINAL_NO_PADDING)};
    };
    return std::string{kArgon2idPrefix} + "v=19$m=" + std::to_string(cost.memory_kib) +
           ",t=" + std::to_string(cost.passes) + ",p=1$" +
           encoded(std::span{dice}.first(crypto_pwhash_SALTBYTES)) + '$' +
           encoded(std::span{dice}.subspan(crypto_pwhash_SALTBYTES));
}

/// Holds one turn, if turns are limited.
class Turn {
public:
    explicit Turn(HashTurns* turns) : turns_{turns} {
        if (turns_ != nullptr) turns_->take();
    }
    ~Turn() {
        if (turns_ != nullptr) turns_->give_back();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    HashTurns* turns_;
};

}  // namespace

PasswordHasher::PasswordHasher(HashCost cost, const Secret& pepper, HashTurns* turns)
    : cost_{cost}, turns_{turns} {
    if (sodium_init() < 0) throw std::runtime_error("libsodium can't be initialised");
    if (!pepper.empty()) pepper_.emplace(pepper.bytes());
    decoy_ = decoy_of(cost_);
    if (pepper_) decoy_.insert(0, kPepperPrefix);
}

void PasswordHasher::require_held() const {
    if (decoy_.empty()) throw std::logic_error("this process hashes no passwords");
}

const std::string& PasswordHasher::decoy() const {
    require_held();
    return decoy_;
}

std::string PasswordHasher::peppered(std::string_view password) const {
    return base64url(as_text(pepper_->tag(password)));
}

std::string PasswordHasher::hash(std::string_view password) const {
    require_held();
    std::array<char, crypto_pwhash_STRBYTES> text{};
    const std::string keyed = pepper_ ? peppered(password) : std::string{};
    const std::string_view input = pepper_ ? std::string_view{keyed} : password;
    const Turn turn{turns_};
    if (crypto_pwhash_str_alg(text.data(), input.data(), input.size(), cost_.passes, cost_.memory_kib * 1024,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::bad_alloc();
    return (pepper_ ? std::string{kPepperPrefix} : std::string{}) + text.data();
}

bool PasswordHasher::verify(std::string_view password, std::string_view encoded) const {
    require_held();
    const Turn turn{turns_};
    if (encoded.starts_with(kPepperPrefix)) {
        if (!pepper_)
            throw std::runtime_error("a stored hash needs a pepper, and passwords.pepper_file is not set");
        const std::string phc{encoded.substr(kPepperPrefix.size())};
        const std::string keyed = peppered(password);
        return crypto_pwhash_str_verify(phc.c_str(), keyed.data(), keyed.size()) == 0;
    }
    if (encoded.starts_with(kArgon2idPrefix))
        return crypto_pwhash_str_verify(std::string{encoded}.c_str(), password.data(), password.size()) == 0;
    return matches_django_hash(password, encoded).value_or(false);
}

bool PasswordHasher::is_outdated(std::string_view encoded) const {
    require_held();
    if (encoded.starts_with(kPepperPrefix) != pepper_.has_value()) return true;
    if (pepper_) encoded.remove_prefix(kPepperPrefix.size());
    if (!encoded.starts_with(kArgon2idPrefix)) return true;
    return crypto_pwhash_str_needs_rehash(std::string{encoded}.c_str(), cost_.passes,
                                          cost_.memory_kib * 1024) != 0;
}

}  // namespace csauth::crypto
