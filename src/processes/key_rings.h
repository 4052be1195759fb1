#pragma once

#include <chrono>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "config.h"
#include "crypto/audience_rings.h"

namespace csauth {

/// The key rings of the service, each a directory below keys.dir. `audiences` is a directory of rings.
enum class Ring : unsigned { access, refresh, site, device, seal, audit, audiences };

inline constexpr const char* kAuditRing = "audit";
inline constexpr const char* kKeyRingNames[] = {"access", "refresh", "site", "device", "seal", kAuditRing};
inline constexpr const char* kAudiencesDirectory = "audiences";

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

struct ProcessRings {
    std::string_view process;  ///< as the log and `ps` name it
    RingSet rings;
};

/// The rings that each process loads. The memory of a process holds no key of any other ring, so an attacker
/// who reads that memory can forge no more than the process itself may make. A test compares the
/// table in docs/operate/keys.md.
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

/// Throws std::logic_error for a process that the table does not have.
RingSet rings_of(std::string_view process);

/// The rings of one process. A use of a ring that it does not hold is a std::logic_error.
struct KeyRings {
    crypto::KeyRing access;
    crypto::KeyRing refresh;
    crypto::KeyRing site;
    crypto::KeyRing device;
    crypto::KeyRing seal;
    crypto::KeyRing audit;
    crypto::AudienceRings audiences;

    /// Takes over what has changed on disk in the rings that are held, at most twice a second. A ring that
    /// can't be used goes to the log, and its keys stay.
    void follow(const Log& log);

    std::chrono::steady_clock::time_point looked_at = {};  ///< by follow()
};

/// Loads these rings and no other, or returns a sentence for each that can't be used.
Result<KeyRings, std::vector<ConfigProblem>> load_key_rings(const Config& config, RingSet wanted);

/// Loads the rings of the process, which were good when csauthd started. Throws std::runtime_error when one
/// of them no longer is.
KeyRings usable_key_rings(const Config& config, std::string_view process);

}  // namespace csauth
