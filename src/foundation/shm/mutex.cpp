#include "shm/mutex.h"

#include <cerrno>
#include <system_error>

namespace csauth::shm {

Mutex::Mutex() {
    pthread_mutexattr_t attributes;
    ::pthread_mutexattr_init(&attributes);
    ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    ::pthread_mutex_init(&mutex_, &attributes);
    ::pthread_mutexattr_destroy(&attributes);
}

void Mutex::lock() { accept(::pthread_mutex_lock(&mutex_)); }

bool Mutex::try_lock() {
    const int error = ::pthread_mutex_trylock(&mutex_);
    if (error == EBUSY) return false;
    accept(error);
    return true;
}

void Mutex::accept(int error) {
    if (error == EOWNERDEAD)
        ::pthread_mutex_consistent(&mutex_);
    else if (error != 0)
        throw std::system_error(error, std::generic_category(), "shared mutex");
}

void Mutex::unlock() { ::pthread_mutex_unlock(&mutex_); }

}  // namespace csauth::shm
