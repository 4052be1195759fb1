#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/key_ring.h"

namespace csauth::crypto {

/// One ring for each outside audience: the directories below one, by name ([a-z0-9][a-z0-9._-]*, at most 64).
class AudienceRings {
public:
    AudienceRings() = default;

    /// The same as KeyRing::withheld(), for all audiences.
    static AudienceRings withheld();

    /// The rings, or a sentence that says what is wrong with one of them. No directory: no audience.
    static Result<AudienceRings, std::string> load(const std::filesystem::path& directory);

    /// As KeyRing::follow(), for all of them, and for audiences that have come or gone.
    Result<bool, std::string> follow();

    void add(std::string name, KeyRing ring) { rings_.emplace(std::move(name), std::move(ring)); }
    const KeyRing* find(std::string_view name) const;  ///< nullptr: no such audience
    const std::map<std::string, KeyRing, std::less<>>& all() const;
    static bool is_name(std::string_view name);

private:
    void require_held() const;

    bool is_withheld_ = false;
    std::map<std::string, KeyRing, std::less<>> rings_;
    std::filesystem::path directory_;
    std::string complaint_;
};

}  // namespace csauth::crypto
