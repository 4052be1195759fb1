#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/uuid_hash.h"

namespace csauth::streamer {

/// Finds open streams: all of them, those of a user, and those that watch a user. `Stream` has a member
/// `std::size_t place`, which belongs to the index. Only the thread of the event loop uses it.
template <class Stream>
class StreamIndex {
public:
    using Ptr = std::shared_ptr<Stream>;

    /// Adds a stream and keeps a reference to it. Each user in `watched` appears once.
    void add(const Ptr& stream, UserId owner, const std::vector<UserId>& watched) {
        stream->place = all_.size();
        all_.push_back(stream);
        by_owner_.emplace(owner, stream.get());
        for (const UserId user : watched)
            by_watched_.emplace(user, stream.get());
    }

    /// Removes a stream that was added with the same owner and watched users.
    void remove(const Stream& stream, UserId owner, const std::vector<UserId>& watched) {
        forget(by_owner_, owner, stream);
        for (const UserId user : watched)
            forget(by_watched_, user, stream);
        const auto place = stream.place;
        all_.back()->place = place;
        std::swap(all_.at(place), all_.back());
        all_.pop_back();
    }

    std::size_t size() const { return all_.size(); }
    /// Returns how many streams this user has.
    std::size_t count_of(UserId owner) const { return by_owner_.count(owner); }

    // These return copies, because a stream may end and be removed while the caller goes through them.

    std::vector<Ptr> all() const { return all_; }
    std::vector<Ptr> of(UserId owner) const { return found_in(by_owner_, owner); }
    std::vector<Ptr> watching(UserId user) const { return found_in(by_watched_, user); }

private:
    struct HashOfUser {
        std::size_t operator()(UserId id) const { return hash_of(id.uuid); }
    };

    /// These entries are most of the memory of a stream that watches 200 users: 56 bytes each. A vector for
    /// each user would need 104.
    using ByUser = std::unordered_multimap<UserId, Stream*, HashOfUser>;

    static void forget(ByUser& streams, UserId user, const Stream& stream) {
        const auto [begin, end] = streams.equal_range(user);
        const auto found =
            std::find_if(begin, end, [&](const auto& entry) { return entry.second == &stream; });
        if (found != end) streams.erase(found);
    }

    std::vector<Ptr> found_in(const ByUser& streams, UserId user) const {
        const auto [begin, end] = streams.equal_range(user);
        std::vector<Ptr> found;
        std::transform(begin, end, std::back_inserter(found),
                       [this](const auto& entry) { return all_.at(entry.second->place); });
        return found;
    }

    std::vector<Ptr> all_;
    ByUser by_owner_;
    ByUser by_watched_;
};

}  // namespace csauth::streamer
