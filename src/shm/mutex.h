#pragma once

#include <pthread.h>

namespace csauth::shm {

/// A mutex in shared memory. Who locks it after its holder was killed gets it, and what it guards as the dead
/// left it: that must be good after every single store.
class Mutex {
public:
    Mutex();
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    void lock();
    void unlock();

private:
    pthread_mutex_t mutex_;
};

}  // namespace csauth::shm
