#pragma once

#include <cstddef>

namespace csauth::crypto {

/// From now on, in this process, the memory of Argon2id hashes of this cost stays mapped between one hash and
/// the next, in huge pages where there are some. libsodium maps it anew for each hash, and half of a hash of
/// 19 MiB is then the kernel's work on its pages: on two cores 78 hashes a second without this, 140 with it
/// (`make bench` has both).
///
/// libsodium offers nothing for that, so this stands in for `mmap` and `munmap` of that one size; anything
/// else goes to the kernel as before. For a process with one thread that hashes. Under a sanitizer it does
/// nothing.
///
/// What the last hash has left there stays in the process until the next; it is in no core dump, and in no
/// child.
void keep_hash_memory(std::size_t memory_kib);

}  // namespace csauth::crypto
