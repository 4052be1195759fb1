#pragma once

#include <cstddef>

namespace csauth::crypto {

/// Keeps the memory for Argon2id hashes of this cost mapped from one hash to the next, in this process from
/// now on. Uses huge pages if the kernel has some. libsodium maps new memory for each hash, and the kernel's
/// work on the pages is then half of a hash of 19 MiB. Two cores make 78 hashes a second without this, 140
/// with it (`make bench` measures both).
///
/// libsodium has no function for that, so this replaces `mmap` and `munmap` for this one size. Calls for
/// other sizes go to the kernel as before. Only one thread of the process may hash. Under AddressSanitizer it
/// does nothing.
///
/// The memory keeps the content of the last hash until the next one. It is left out of core dumps and of
/// children.
void keep_hash_memory(std::size_t memory_kib);

}  // namespace csauth::crypto
