#include "ctl/key.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "base/random.h"
#include "crypto/key_ring.h"
#include "ctl/administration.h"
#include "json/writer.h"
#include "key_rings.h"
#include "stores.h"

namespace csauth::ctl {
namespace {

/// The names of all rings that there are, or have to be: "access", "audiences/billing".
std::vector<std::string> ring_names(const Config& config) {
    std::vector<std::string> names{std::begin(kKeyRingNames), std::end(kKeyRingNames)};
    const auto audiences = std::filesystem::path{config.keys.dir} / kAudiencesDirectory;
    if (!std::filesystem::is_directory(audiences)) return names;
    for (const auto& entry : std::filesystem::directory_iterator{audiences})
        names.push_back(std::string{kAudiencesDirectory} + "/" + entry.path().filename().string());
    std::sort(names.begin() + std::size(kKeyRingNames), names.end());
    return names;
}

bool is_audience(const std::string& ring) {
    const std::string prefix = std::string{kAudiencesDirectory} + "/";
    return ring.starts_with(prefix) && crypto::AudienceRings::is_name(ring.substr(prefix.size()));
}

std::filesystem::path path_of(const Config& config, const std::string& ring) {
    return std::filesystem::path{config.keys.dir} / ring;
}

bool is_needed_for_audit(const Config& config, const std::string& id) {
    db::Database database{service_address(config)};
    return store::AuditLedger{database}.needs_key(id);
}

/// Says so where there is no such ring.
bool is_ring(const Config& config, const std::string& ring) {
    const auto names = ring_names(config);
    if (std::find(names.begin(), names.end(), ring) != names.end() &&
        std::filesystem::is_directory(path_of(config, ring)))
        return true;
    std::cerr << "csauthctl: there is no key ring " << ring << "; csauthctl key list names them all\n";
    return false;
}

}  // namespace

int key_init(const Config& config, const Arguments&) {
    SystemRandom random;
    int status = 0;
    for (const char* name : kKeyRingNames) {
        const auto made = crypto::create_ring(config.keys.dir, name, random);
        if (made)
            std::cout << path_of(config, name).string() << (*made ? ": made a key\n" : ": has a key\n");
        else
            status = complain(made.error());
    }
    return status;
}

int key_list(const Config& config, const Arguments& arguments) {
    json::Writer json;
    json.begin_array();
    for (const auto& ring : ring_names(config)) {
        if (!std::filesystem::is_directory(path_of(config, ring))) continue;
        const auto keys = crypto::key_files(config.keys.dir, ring);
        if (!keys) return complain(keys.error());
        for (const auto& key : *keys) {
            json.begin_object().member("ring", ring).member("id", key.id).member("active", key.is_active);
            json.end_object();
            if (!arguments.json)
                std::cout << ring << ' ' << key.id << (key.is_active ? " active" : "") << '\n';
        }
    }
    json.end_array();
    if (arguments.json) std::cout << json.text() << '\n';
    return 0;
}

int key_add(const Config& config, const Arguments& arguments) {
    const std::string& ring = arguments.words.at(0);
    SystemRandom random;
    if (is_audience(ring) && !std::filesystem::is_directory(path_of(config, ring))) {
        if (const auto made = crypto::create_ring(config.keys.dir, ring, random); !made)
            return complain(made.error());
        std::cout << ring
                  << ": a new audience, with one key, which signs. Its service gets a copy of the file in "
                  << path_of(config, ring).string() << '\n';
        record_outside(config, audit::Action::keys_changed, "made the ring " + ring);
        return 0;
    }
    if (!is_ring(config, ring)) return kNoSuchThing;
    const auto key = crypto::add_key(config.keys.dir, ring, random);
    if (!key) return complain(key.error());
    std::cout << key->id << '\n';
    record_outside(config, audit::Action::keys_changed, "added " + ring + ' ' + key->id);
    return 0;
}

int key_activate(const Config& config, const Arguments& arguments) {
    const std::string& ring = arguments.words.at(0);
    if (!is_ring(config, ring)) return kNoSuchThing;
    const auto activated = crypto::activate_key(config.keys.dir, ring, arguments.words.at(1));
    if (!activated) return complain(activated.error());
    if (!*activated) {
        std::cerr << "csauthctl: there is no such key in " << ring << '\n';
        return kNoSuchThing;
    }
    record_outside(config, audit::Action::keys_changed, "activated " + ring + ' ' + arguments.words.at(1));
    return 0;
}

int key_retire(const Config& config, const Arguments& arguments) {
    const std::string& ring = arguments.words.at(0);
    if (!is_ring(config, ring)) return kNoSuchThing;
    if (ring == kAuditRing && is_needed_for_audit(config, arguments.words.at(1))) {
        std::cerr << "csauthctl: batches of the audit log are sealed with it, which could not be verified\n";
        return kNoSuchThing;
    }
    if (!is_confirmed("What the key has signed or sealed will be worth nothing. Remove it?", arguments))
        return kUsage;
    const auto retired = crypto::retire_key(config.keys.dir, ring, arguments.words.at(1));
    if (!retired) return complain(retired.error());
    if (*retired) {
        record_outside(config, audit::Action::keys_changed, "retired " + ring + ' ' + arguments.words.at(1));
        return 0;
    }
    std::cerr << "csauthctl: there is no such key in " << ring << ", or it is the one that signs\n";
    return kNoSuchThing;
}

}  // namespace csauth::ctl
