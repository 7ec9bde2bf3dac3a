#include "sallyport/pool.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

#include <latch>

namespace sallyport {
namespace {

TEST(Pool, WorkRunsElsewhereAndItsResultComesBack) {
    Pool pool{{.threads = 2}};
    auto const here = std::this_thread::get_id();
    EXPECT_NE(wait_for(pool.run([] { return std::this_thread::get_id(); })), here);
}

TEST(Pool, WhatWorkThrowsReachesTheCaller) {
    Pool pool{{}};
    EXPECT_THROW(wait_for(pool.run([]() -> int { throw Error{422, "no"}; })), Error);
}

TEST(Pool, AFullQueueRefusesButKeepsRoomForReservedWork) {
    std::latch started{1};
    std::latch release{1};
    Pool pool{{.threads = 1, .queue_limit = 8}};  // After what its jobs use: it waits for them when it goes.
    ASSERT_TRUE(pool.submit([&] {
        started.count_down();
        release.wait();
    }));
    started.wait();
    for (int i = 0; i < 7; ++i) EXPECT_TRUE(pool.submit([] {}));

    EXPECT_FALSE(pool.has_room());
    EXPECT_FALSE(pool.submit([] {}));
    EXPECT_TRUE(pool.has_room(Priority::reserved));
    EXPECT_TRUE(pool.submit([] {}, Priority::reserved));
    EXPECT_FALSE(pool.has_room(Priority::reserved));
    EXPECT_FALSE(pool.submit([] {}, Priority::reserved));

    release.count_down();
}

}  // namespace
}  // namespace sallyport
