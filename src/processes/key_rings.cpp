#include "key_rings.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace csauth {

RingSet rings_of(std::string_view process) {
    const auto* const found =
        std::find_if(std::begin(kRingsOfProcesses), std::end(kRingsOfProcesses),
                     [&](const ProcessRings& entry) { return entry.process == process; });
    if (found == std::end(kRingsOfProcesses))
        throw std::logic_error("no key rings are declared for the process " + std::string{process});
    return found->rings;
}

Result<KeyRings, std::vector<ConfigProblem>> load_key_rings(const Config& config, RingSet wanted) {
    const std::filesystem::path dir = config.keys.dir;
    std::vector<ConfigProblem> problems;
    const auto ring = [&](Ring which) {
        const char* const name = kKeyRingNames[static_cast<unsigned>(which)];
        if (wanted.contains(which)) {
            auto loaded = crypto::KeyRing::load(dir / name);
            if (loaded) return std::move(*loaded);
            problems.push_back({"keys.dir", loaded.error()});
        }
        return crypto::KeyRing::withheld(name);
    };
    const auto audiences = [&] {
        if (wanted.contains(Ring::audiences)) {
            auto loaded = crypto::AudienceRings::load(dir / kAudiencesDirectory);
            if (loaded) return std::move(*loaded);
            problems.push_back({"keys.dir", loaded.error()});
        }
        return crypto::AudienceRings::withheld();
    };
    KeyRings rings{.access = ring(Ring::access),
                   .refresh = ring(Ring::refresh),
                   .site = ring(Ring::site),
                   .device = ring(Ring::device),
                   .seal = ring(Ring::seal),
                   .audit = ring(Ring::audit),
                   .audiences = audiences()};
    if (!problems.empty()) return problems;
    return rings;
}

void KeyRings::follow(const Log& log) {
    constexpr std::chrono::milliseconds interval{500};
    const auto now = std::chrono::steady_clock::now();
    if (now < looked_at + interval) return;
    looked_at = now;
    const auto report = [&](const Result<bool, std::string>& followed) {
        if (!followed)
            log.error("keys_not_followed", {{"what", followed.error()}});
        else if (*followed)
            log.info("keys_followed");
    };
    for (auto* ring : {&access, &refresh, &site, &device, &seal, &audit})
        report(ring->follow());
    report(audiences.follow());
}

KeyRings usable_key_rings(const Config& config, std::string_view process) {
    auto rings = load_key_rings(config, rings_of(process));
    if (!rings) throw std::runtime_error(rings.error().front().text);
    return std::move(*rings);
}

}  // namespace csauth
