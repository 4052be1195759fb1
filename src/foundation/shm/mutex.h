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

    /// Locks without waiting. Returns false if another process, or this thread itself, holds the lock.
    bool try_lock();
    void unlock();

private:
    /// Takes the lock over from a holder that was killed. Throws for any other error of a lock.
    void accept(int error);

    pthread_mutex_t mutex_;
};

}  // namespace csauth::shm
