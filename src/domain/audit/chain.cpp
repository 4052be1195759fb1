#include "audit/chain.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/timestamps.h"
#include "crypto/digest.h"

namespace csauth::audit {
namespace {

/// Joins fields so that no two lists of fields give the same bytes: each field has its length before it.
class Message {
public:
    explicit Message(std::string_view kind) { add(kind); }

    Message& add(std::string_view field) {
        add_number(field.size());
        bytes_ += field;
        return *this;
    }
    Message& add_number(std::uint64_t number) {
        for (unsigned shift = 64; shift > 0; shift -= 8)
            bytes_ += static_cast<char>(number >> (shift - 8));
        return *this;
    }
    template <std::size_t N>
    Message& add(const std::array<std::uint8_t, N>& bytes) {
        return add(as_text(bytes));
    }
    /// An id that is nullopt differs from every id.
    Message& add(const std::optional<UserId>& id) { return id ? add(id->uuid.bytes) : add(""); }

    const std::string& bytes() const { return bytes_; }

private:
    std::string bytes_;
};

}  // namespace

FieldHash hash_of(const Salt& salt, std::string_view field) {
    const auto digest = crypto::sha256(std::string{as_text(salt)}.append(field));
    FieldHash half;
    std::copy_n(digest.begin(), half.size(), half.begin());
    return half;
}

crypto::Sha256Digest seal_of(const Batch& batch, const std::vector<SealedEntry>& entries,
                             const crypto::Key& key) {
    Message message{"batch"};
    message.add_number(batch.number)
        .add(rfc3339(batch.sealed_at))
        .add(batch.previous)
        .add(batch.key_id)
        .add_number(entries.size());
    for (const auto& [entry, ip_salt, ip_hash, detail_salt, detail_hash] : entries)
        message.add(entry.id.uuid.bytes)
            .add(rfc3339(entry.at))
            .add(entry.actor)
            .add(entry.subject)
            .add(entry.action)
            .add(entry.outcome)
            .add(entry.request_id)
            .add(ip_hash.value_or(FieldHash{}))
            .add(detail_hash.value_or(FieldHash{}));
    return key.hmac.tag(message.bytes());
}

crypto::Sha256Digest seal_of(const Beginning& beginning, const crypto::Key& key) {
    return key.hmac.tag(Message{"beginning"}.add_number(beginning.first_batch).add(beginning.key_id).bytes());
}

std::string Head::text() const { return std::to_string(number) + ':' + hex(seal); }

std::optional<Head> Head::parse(std::string_view text) {
    Head head;
    const auto* end = text.data() + text.size();
    const auto [colon, error] = std::from_chars(text.data(), end, head.number);
    if (error != std::errc{} || colon == end || *colon != ':') return std::nullopt;
    const auto digits = text.substr(static_cast<std::size_t>(colon + 1 - text.data()));
    if (digits.size() != 2 * head.seal.size()) return std::nullopt;
    for (std::size_t i = 0; i < head.seal.size(); ++i) {
        const auto* pair = digits.data() + 2 * i;
        if (std::from_chars(pair, pair + 2, head.seal.at(i), 16).ptr != pair + 2) return std::nullopt;
    }
    return head;
}

}  // namespace csauth::audit
