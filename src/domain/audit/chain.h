#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit_log.h"
#include "base/clock.h"
#include "base/random.h"
#include "crypto/key_ring.h"

/// The audit log is sealed in batches: each seal is a keyed hash over the batch and over the seal before it.
/// The database does not have the key. So nobody who can write to the database alone can change, remove or
/// insert a sealed entry unnoticed. (After B. Schneier and J. Kelsey, "Secure audit logs to support computer
/// forensics", 1999, but with one key that stays.)
namespace csauth::audit {

/// Batches are numbered from 1.
using BatchNumber = std::uint64_t;
inline constexpr BatchNumber kFirstBatch = 1;

/// The most entries of a batch. A full batch says that there may have been more at that moment.
inline constexpr std::size_t kMostEntriesOfBatch = 5000;

/// 16 random bytes.
using Salt = std::array<std::uint8_t, 16>;

/// The first half of a SHA-256.
using FieldHash = std::array<std::uint8_t, 16>;

/// Returns what the seal covers of a personal field: the first half of SHA-256 over the salt and the field.
/// Once salt and field are erased, nobody finds the field by trying.
FieldHash hash_of(const Salt& salt, std::string_view field);

/// An entry as it is sealed. A salt that is nullopt was erased with its field.
struct SealedEntry {
    Entry entry;
    std::optional<Salt> ip_salt;
    std::optional<FieldHash> ip_hash;
    std::optional<Salt> detail_salt;
    std::optional<FieldHash> detail_hash;
};

/// A batch of entries with its seal.
struct Batch {
    BatchNumber number = 0;  ///< one more than that of the batch before; see kFirstBatch
    TimePoint sealed_at;
    std::size_t entries = 0;          ///< how many it has
    crypto::Sha256Digest previous{};  ///< the seal of the batch before; zeros if there is none
    std::string key_id;               ///< the key of the audit ring that made the seal
    crypto::Sha256Digest seal{};
};

/// Returns the seal of a batch with these entries, which are in the order of their ids. `batch.seal` and
/// `batch.entries` are not read.
crypto::Sha256Digest seal_of(const Batch& batch, const std::vector<SealedEntry>& entries,
                             const crypto::Key& key);

/// Where the log begins after old batches were dropped. It has a seal of its own.
struct Beginning {
    BatchNumber first_batch = kFirstBatch;  ///< the oldest batch that is kept
    std::string key_id;                     ///< the key of the audit ring that made the seal
    crypto::Sha256Digest seal{};
};

/// Returns the seal of the beginning. `beginning.seal` is not read.
crypto::Sha256Digest seal_of(const Beginning& beginning, const crypto::Key& key);

/// The newest batch and its seal. An auditor who notes it elsewhere can detect that the end of the log was
/// removed.
struct Head {
    BatchNumber number = 0;
    crypto::Sha256Digest seal{};

    /// Returns "17:9f86d0…": the number, and the seal in hex.
    std::string text() const;

    /// Reads what text() returns. Returns nullopt for any other text.
    static std::optional<Head> parse(std::string_view text);
};

}  // namespace csauth::audit
