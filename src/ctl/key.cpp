#include "ctl/key.h"

#include <filesystem>
#include <iostream>

#include "base/random.h"
#include "crypto/key_ring.h"
#include "stores.h"

namespace csauth::ctl {

int key_init(const Config& config, const Arguments&) {
    SystemRandom random;
    for (const char* name : kKeyRingNames) {
        const std::filesystem::path ring = std::filesystem::path{config.keys.dir} / name;
        std::cout << ring.string()
                  << (crypto::KeyRing::create(ring, random) ? ": made a key\n" : ": has a key\n");
    }
    return 0;
}

}  // namespace csauth::ctl
