#include "ctl/key.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "base/encoding.h"
#include "base/random.h"
#include "crypto/key_files.h"
#include "crypto/key_ring.h"
#include "ctl/administration.h"
#include "json/writer.h"
#include "key_rings.h"
#include "sessions/tokens.h"
#include "stores.h"

namespace csauth::ctl {
namespace {

/// Returns the names of the rings that must exist, and of all audiences: "access", "audiences/billing".
std::vector<std::string> ring_names(const Config& config) {
    std::vector<std::string> names{std::begin(kKeyRingNames), std::end(kKeyRingNames)};
    const auto audiences = std::filesystem::path{config.keys.dir} / kAudiencesDirectory;
    if (!std::filesystem::is_directory(audiences)) return names;
    for (const auto& entry : std::filesystem::directory_iterator{audiences})
        names.push_back(std::string{kAudiencesDirectory} + "/" + entry.path().filename().string());
    std::sort(names.begin() + std::size(kKeyRingNames), names.end());
    return names;
}

/// Returns the NAME of "audiences/NAME"; nullopt for every other ring.
std::optional<std::string> audience_in(const std::string& ring) {
    const std::string prefix = std::string{kAudiencesDirectory} + "/";
    if (!ring.starts_with(prefix)) return std::nullopt;
    return ring.substr(prefix.size());
}

bool is_audience(const std::string& ring) {
    const auto name = audience_in(ring);
    return name && crypto::AudienceRings::is_name(*name);
}

/// Returns what is wrong with the name of a new audience, or nullopt if it is good.
std::optional<std::string> fault_of(const std::string& name, const Config& config) {
    if (!crypto::AudienceRings::is_name(name))
        return "'" + name +
               "' can't be an audience: names are 1 to 64 of a-z, 0-9, '.', '_' and '-', and begin with a "
               "letter or digit";
    if (name == config.tokens.audience)
        return "'" + name + "' is our own audience (tokens.audience): choose another name";
    return std::nullopt;
}

std::filesystem::path path_of(const Config& config, const std::string& ring) {
    return std::filesystem::path{config.keys.dir} / ring;
}

bool is_needed_for_audit(const Config& config, const std::string& id) {
    db::Database database{service_address(config)};
    return store::AuditLedger{database}.needs_key(id);
}

/// Returns true if the ring exists. Otherwise complains and returns false.
bool is_ring(const Config& config, const std::string& ring) {
    const auto names = ring_names(config);
    if (std::find(names.begin(), names.end(), ring) != names.end() &&
        std::filesystem::is_directory(path_of(config, ring)))
        return true;
    std::cerr << "csauthctl: there is no key ring " << ring << "; csauthctl key list names them all\n";
    return false;
}

/// Writes a JSON Web Key (RFC 7517).
void write_jwk(json::Writer& json, const crypto::OpenKey& key) {
    json.begin_object()
        .member("kty", "oct")
        .member("kid", key.id)
        .member("alg", "HS256")
        .member("use", "sig")
        .member("k", base64url(key.bytes.reveal()))
        .end_object();
}

int print_key_set(const std::vector<crypto::OpenKey>& keys) {
    json::Writer json;
    json.begin_object().key("keys").begin_array();
    for (const auto& key : keys)
        write_jwk(json, key);
    std::cout << json.end_array().end_object().text() << '\n';
    return 0;
}

/// A form in which a key can be printed. `name` is the option for it.
struct Form {
    std::string_view name;
    std::string (*text_of)(const crypto::OpenKey&);
};
constexpr Form kForms[] = {
    {"jwk",
     [](const crypto::OpenKey& key) {
         json::Writer json;
         write_jwk(json, key);
         return json.text();
     }},
    {"hex", [](const crypto::OpenKey& key) { return hex(key.bytes.bytes()); }},
    {"base64", [](const crypto::OpenKey& key) { return base64(key.bytes.reveal()); }},
    {"raw", [](const crypto::OpenKey& key) { return std::string{key.bytes.reveal()}; }},
    {"client-secret",
     [](const crypto::OpenKey& key) {
         return sessions::client_secret_of(crypto::make_key(key.id, key.bytes.bytes()));
     }},
};

/// Returns the form that the options ask for. If they do not name exactly one, complains and returns nullptr.
const Form* form_in(const Arguments& arguments) {
    const Form* found = nullptr;
    for (const Form& form : kForms) {
        if (!arguments.has(form.name)) continue;
        if (found != nullptr) {
            found = nullptr;
            break;
        }
        found = &form;
    }
    if (found == nullptr)
        std::cerr << "csauthctl: key show needs one of --jwk, --hex, --base64, --raw and --client-secret\n";
    return found;
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
    const auto audience = audience_in(ring);
    if (audience && !std::filesystem::is_directory(path_of(config, ring))) {
        if (const auto fault = fault_of(*audience, config)) return complain(*fault);
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

int key_show(const Config& config, const Arguments& arguments) {
    const std::string& ring = arguments.words.at(0);
    if (!is_audience(ring)) {
        std::cerr
            << "csauthctl: key show shows keys of audiences only (audiences/NAME): no other key may leave "
               "this service\n";
        return kNoSuchThing;
    }
    const auto* const form = form_in(arguments);
    if (form == nullptr) return kUsage;
    if (!is_ring(config, ring)) return kNoSuchThing;
    auto keys = crypto::open_keys(config.keys.dir, ring);
    if (!keys) return complain(keys.error());
    const auto id = arguments.option("id");
    if (id) std::erase_if(*keys, [&](const crypto::OpenKey& key) { return key.id != *id; });
    if (keys->empty()) {
        std::cerr << "csauthctl: there is no such key in " << ring << '\n';
        return kNoSuchThing;
    }
    if (form->name == "raw" && keys->size() > 1) {
        std::cerr << "csauthctl: " << ring << " has several keys: name one with --id KID\n";
        return kUsage;
    }
    if (form->name == "jwk" && !id) return print_key_set(*keys);
    for (const auto& key : *keys) {
        const bool is_list = !id && form->name != "raw";
        if (is_list) std::cout << key.id << ' ';
        std::cout << form->text_of(key);
        if (form->name != "raw") std::cout << '\n';
    }
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
