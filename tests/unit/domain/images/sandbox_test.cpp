#include "images/sandbox.h"

#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>

#include "images/avatar.h"
#include "images/imager.h"
#include "images/picture.h"
#include "unit/domain/images/picture_builder.h"

using namespace csauth;
using images::PictureFault;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(sandbox)

BOOST_AUTO_TEST_CASE(jpeg_of_50_megapixels_fits_the_imagers_limits) {
    const auto file = large_jpeg(8192, 6144);
    BOOST_CHECK(fault(large_jpeg(8192, 6145)) == PictureFault::Kind::bad_picture);
    const pid_t child = ::fork();
    if (child == 0) {
        images::enter_sandbox({.memory = images::kDecoderMemory, .processor_time = images::kDecoderTime});
        ::_exit(images::make_avatar(file) ? 0 : 1);
    }
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(WIFEXITED(status));
    BOOST_TEST(WEXITSTATUS(status) == 0);
}

BOOST_AUTO_TEST_CASE(decoder_that_never_ends_is_killed) {
    const pid_t child = ::fork();
    if (child == 0) {
        images::enter_sandbox({.memory = images::kDecoderMemory, .processor_time = images::kDecoderTime});
        for (std::atomic<unsigned> turns{0};; ++turns) {}
    }
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(WIFSIGNALED(status));
    BOOST_TEST((WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGXCPU));
}

BOOST_AUTO_TEST_SUITE_END()
