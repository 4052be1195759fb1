#include "crypto/audience_rings.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

namespace csauth::crypto {

bool AudienceRings::is_name(std::string_view name) {
    constexpr std::size_t longest = 64;
    const auto is_alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !name.empty() && name.size() <= longest && is_alphanumeric(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [&](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

Result<AudienceRings, std::string> AudienceRings::load(const std::filesystem::path& directory) {
    AudienceRings audiences;
    audiences.directory_ = directory;
    std::error_code error;
    if (!std::filesystem::is_directory(directory, error)) return audiences;
    std::filesystem::directory_iterator entries{directory, error};
    if (error) return "the directory " + directory.string() + " can't be read";
    for (const auto& entry : entries) {
        const std::string name = entry.path().filename().string();
        if (!entry.is_directory() || !is_name(name))
            return entry.path().string() + " is not the key ring of an audience";
        auto ring = KeyRing::load(entry.path());
        if (!ring) return ring.error();
        audiences.add(name, std::move(*ring));
    }
    return audiences;
}

Result<bool, std::string> AudienceRings::follow() {
    if (directory_.empty()) return false;
    bool has_changed = false;
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator entries{directory_, error}, end; !error && entries != end;
         entries.increment(error))
        names.push_back(entries->path().filename().string());
    std::sort(names.begin(), names.end());
    const bool same =
        std::equal(names.begin(), names.end(), rings_.begin(), rings_.end(),
                   [](const std::string& name, const auto& ring) { return name == ring.first; });
    if (!same) {
        auto loaded = load(directory_);
        if (!loaded) {
            if (std::exchange(complaint_, loaded.error()) == loaded.error()) return false;
            return loaded.error();
        }
        *this = std::move(*loaded);
        return true;
    }
    complaint_.clear();
    std::optional<std::string> trouble;
    for (auto& [name, ring] : rings_) {
        const auto followed = ring.follow();
        if (!followed)
            trouble = followed.error();
        else
            has_changed = has_changed || *followed;
    }
    if (trouble) return *trouble;
    return has_changed;
}

AudienceRings AudienceRings::withheld() {
    AudienceRings rings;
    rings.is_withheld_ = true;
    return rings;
}

void AudienceRings::require_held() const {
    if (is_withheld_) throw std::logic_error("this process does not hold the key rings of audiences");
}

const KeyRing* AudienceRings::find(std::string_view name) const {
    require_held();
    const auto found = rings_.find(name);
    return found == rings_.end() ? nullptr : &found->second;
}

const std::map<std::string, KeyRing, std::less<>>& AudienceRings::all() const {
    require_held();
    return rings_;
}

}  // namespace csauth::crypto
