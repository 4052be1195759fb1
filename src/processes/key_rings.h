#pragma once

#include <chrono>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "config.h"
#include "crypto/audience_rings.h"

namespace csauth {

/// A key ring of the service: a directory below keys.dir. `audiences` is a directory of rings.
enum class Ring : unsigned { access, refresh, site, device, seal, audit, audiences };

inline constexpr const char* kAuditRing = "audit";

/// The directories of the rings, in the order of Ring, without `audiences`.
inline constexpr const char* kKeyRingNames[] = {"access", "refresh", "site", "device", "seal", kAuditRing};
inline constexpr const char* kAudiencesDirectory = "audiences";

/// A set of key rings.
class RingSet {
public:
    constexpr RingSet() = default;
    constexpr RingSet(std::initializer_list<Ring> rings) {
        for (const Ring ring : rings)
            bits_ |= bit(ring);
    }
    constexpr bool contains(Ring ring) const { return (bits_ & bit(ring)) != 0; }

private:
    static constexpr unsigned bit(Ring ring) { return 1U << static_cast<unsigned>(ring); }

    unsigned bits_ = 0;
};

inline constexpr RingSet kAllRings{Ring::access, Ring::refresh, Ring::site,     Ring::device,
                                   Ring::seal,   Ring::audit,   Ring::audiences};

/// The rings of one process.
struct ProcessRings {
    std::string_view process;  ///< its name in the log and in `ps`
    RingSet rings;
};

/// The rings that each process loads. Its memory has no key of any other ring. So an attacker with that
/// memory can forge no more than the process itself may make. docs/operate/keys.md has the same table; a test
/// compares them.
inline constexpr ProcessRings kRingsOfProcesses[] = {
    {"master", {}},
    {"edge", {Ring::access, Ring::site}},
    {"api", {Ring::access, Ring::refresh, Ring::site, Ring::seal, Ring::audiences}},
    {"hash", {Ring::access, Ring::refresh, Ring::site, Ring::device, Ring::seal}},
    {"stream", {Ring::access}},
    {"imager", {}},
    {"mailer", {Ring::seal}},
    {"keeper", {Ring::audit}},
    {"follower", {}},
    {"csauthctl", {Ring::seal}},
    {"csauthctl audit", {Ring::audit}},
};

/// Returns the rings of a process in kRingsOfProcesses. Throws std::logic_error for a process that it does
/// not have.
RingSet rings_of(std::string_view process);

/// The loaded rings of one process. Using a ring that was not loaded throws std::logic_error.
struct KeyRings {
    crypto::KeyRing access;
    crypto::KeyRing refresh;
    crypto::KeyRing site;
    crypto::KeyRing device;
    crypto::KeyRing seal;
    crypto::KeyRing audit;
    crypto::AudienceRings audiences;

    /// Reads the loaded rings again if they have changed on disk, at most twice a second. If a ring can't be
    /// used, writes that to the log and keeps its present keys.
    void follow(const Log& log);

    std::chrono::steady_clock::time_point looked_at = {};  ///< when follow() last looked
};

/// Loads only the `wanted` rings. Returns a problem for each that can't be used.
Result<KeyRings, std::vector<ConfigProblem>> load_key_rings(const Config& config, RingSet wanted);

/// Loads the rings of the process. csauthd checked them when it started. Throws std::runtime_error if one of
/// them can't be used any longer.
KeyRings usable_key_rings(const Config& config, std::string_view process);

}  // namespace csauth
