#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/key_ring.h"

namespace csauth::crypto {

/// One key ring for each outside audience. On disk they are directories below one directory, and their names
/// are those of the audiences: [a-z0-9][a-z0-9._-]*, at most 64 characters.
class AudienceRings {
public:
    AudienceRings() = default;

    /// Returns rings that this process does not hold: find() and all() throw std::logic_error. follow()
    /// leaves them as they are.
    static AudienceRings withheld();

    /// Returns the rings, or a sentence that says what is wrong with one of them. A directory that does not
    /// exist means that there are no audiences.
    static Result<AudienceRings, std::string> load(const std::filesystem::path& directory);

    /// Does what KeyRing::follow() does for each ring, and follows audiences that were added or removed.
    Result<bool, std::string> follow();

    /// Adds a ring, unless there is one of that name.
    void add(std::string name, KeyRing ring) { rings_.emplace(std::move(name), std::move(ring)); }

    /// Returns the ring of an audience, or nullptr if there is none. It is valid until the next follow().
    const KeyRing* find(std::string_view name) const;

    /// Returns all rings by the name of their audience.
    const std::map<std::string, KeyRing, std::less<>>& all() const;

    /// Returns true if `name` can be the name of an audience.
    static bool is_name(std::string_view name);

private:
    void require_held() const;

    bool is_withheld_ = false;
    std::map<std::string, KeyRing, std::less<>> rings_;
    std::filesystem::path directory_;
    std::string complaint_;
};

}  // namespace csauth::crypto
