#include "streamer/stream_index.h"

#include <boost/test/unit_test.hpp>

#include "fakes/random.h"

using namespace csauth;

namespace {

struct Stream {
    std::size_t place = 0;
};
using Ptr = std::shared_ptr<Stream>;
using Streams = std::vector<Ptr>;

struct IndexFixture {
    fakes::Random random;
    UserId ann = UserId::make({}, random);
    UserId bob = UserId::make({}, random);
    UserId eve = UserId::make({}, random);
    streamer::StreamIndex<Stream> index;
    Ptr first = std::make_shared<Stream>();
    Ptr second = std::make_shared<Stream>();
    Ptr third = std::make_shared<Stream>();

    IndexFixture() {
        index.add(first, ann, {bob, eve});
        index.add(second, ann, {bob});
        index.add(third, bob, {});
    }
};

bool has(const Streams& streams, const Ptr& stream) {
    return std::find(streams.begin(), streams.end(), stream) != streams.end();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stream_index)

BOOST_FIXTURE_TEST_CASE(streams_are_found_by_owner_and_by_whom_they_watch, IndexFixture) {
    BOOST_TEST(index.size() == 3U);
    BOOST_TEST(index.count_of(ann) == 2U);
    BOOST_TEST(index.count_of(eve) == 0U);
    BOOST_TEST((index.of(bob) == Streams{third}));
    BOOST_TEST(index.watching(bob).size() == 2U);
    BOOST_TEST((index.watching(eve) == Streams{first}));
    BOOST_TEST(index.watching(ann).empty());
}

BOOST_FIXTURE_TEST_CASE(a_removed_stream_is_in_no_list, IndexFixture) {
    index.remove(*first, ann, {bob, eve});
    BOOST_TEST(index.size() == 2U);
    BOOST_TEST(!has(index.all(), first));
    BOOST_TEST((index.of(ann) == Streams{second}));
    BOOST_TEST((index.watching(bob) == Streams{second}));
    BOOST_TEST(index.watching(eve).empty());
}

BOOST_FIXTURE_TEST_CASE(streams_may_go_in_any_order, IndexFixture) {
    index.remove(*second, ann, {bob});
    index.remove(*third, bob, {});
    BOOST_TEST((index.all() == Streams{first}));
    index.add(second, eve, {ann});
    index.remove(*first, ann, {bob, eve});
    BOOST_TEST((index.all() == Streams{second}));
    BOOST_TEST((index.watching(ann) == Streams{second}));
    index.remove(*second, eve, {ann});
    BOOST_TEST(index.size() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_list_outlives_the_streams_in_it, IndexFixture) {
    const std::weak_ptr<Stream> gone = third;
    auto listeners = index.of(bob);
    index.remove(*third, bob, {});
    third.reset();
    BOOST_TEST(!gone.expired());
    listeners.clear();
    BOOST_TEST(gone.expired());
}

BOOST_AUTO_TEST_SUITE_END()
