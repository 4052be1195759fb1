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

/// The audit log is sealed in batches: each seal is a keyed hash over the batch and over the seal before it,
/// under a key that the database does not have. So nobody who can write to the database alone can change,
/// remove or insert what was sealed without its showing. (After B. Schneier and J. Kelsey, "Secure audit logs
/// to support computer forensics", 1999, with one key that stays.)
namespace csauth::audit {

/// Batches are numbered from 1.
using BatchNumber = std::uint64_t;
inline constexpr BatchNumber kFirstBatch = 1;

/// How many entries a batch has at most. A full one says that there may have been more at that moment.
inline constexpr std::size_t kMostEntriesOfBatch = 5000;

using Salt = std::array<std::uint8_t, 16>;
using FieldHash = std::array<std::uint8_t, 16>;

/// How a field that is personal enters the seal: the first half of SHA-256 over the salt and the field. Once
/// both are erased, nobody finds the field by trying.
FieldHash hash_of(const Salt& salt, std::string_view field);

/// An entry as it is sealed. A salt that is gone was erased with its field.
struct SealedEntry {
    Entry entry;
    std::optional<Salt> ip_salt;
    std::optional<FieldHash> ip_hash;
    std::optional<Salt> detail_salt;
    std::optional<FieldHash> detail_hash;
};

struct Batch {
    BatchNumber number = 0;
    TimePoint sealed_at;
    std::size_t entries = 0;
    crypto::Sha256Digest previous{};  ///< the seal of the batch before; zeros for the first
    std::string key_id;
    crypto::Sha256Digest seal{};
};

/// The seal that belongs to a batch with these entries, in the order of their ids.
crypto::Sha256Digest seal_of(const Batch& batch, const std::vector<SealedEntry>& entries,
                             const crypto::Key& key);

/// Where the log begins since batches that were kept long enough have gone.
struct Beginning {
    BatchNumber first_batch = kFirstBatch;
    std::string key_id;
    crypto::Sha256Digest seal{};
};

crypto::Sha256Digest seal_of(const Beginning& beginning, const crypto::Key& key);

/// "17:9f86d0…": what is noted elsewhere, so that a shortened log is found out.
struct Head {
    BatchNumber number = 0;
    crypto::Sha256Digest seal{};

    std::string text() const;
    static std::optional<Head> parse(std::string_view text);
};

}  // namespace csauth::audit
