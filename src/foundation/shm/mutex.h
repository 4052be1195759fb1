#pragma once

#include <pthread.h>

namespace csauth::shm {

/// A mutex in shared memory, for the threads of all processes that share it. If the holder was killed, the
/// next lock succeeds. The guarded data may then be half-written, so it must be usable after every single
/// store.
class Mutex {
public:
    Mutex();
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    /// Waits for the lock. The holder must not lock again: it would wait for ever. Throws std::system_error
    /// if the mutex can't be used.
    void lock();

    /// Locks without waiting. Returns false if another process, or this thread itself, holds the lock. Throws
    /// as lock() does.
    bool try_lock();

    /// Gives the lock back. Only the thread that holds it may call this.
    void unlock();

private:
    /// Takes the lock over from a holder that was killed. Throws for any other error of a lock.
    void accept(int error);

    pthread_mutex_t mutex_;
};

}  // namespace csauth::shm
