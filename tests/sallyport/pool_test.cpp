#include "sallyport/pool.hpp"

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <latch>

namespace sallyport {
namespace {

template <class T>
T wait_for(Task<T> task) {
    boost::asio::io_context context;
    auto future = boost::asio::co_spawn(context, std::move(task), boost::asio::use_future);
    context.run();
    return future.get();
}

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
    Pool pool{{.threads = 1, .queue_limit = 8}};
    std::latch started{1};
    std::latch release{1};
    ASSERT_TRUE(pool.submit([&] {
        started.count_down();
        release.wait();
    }));
    started.wait();
    for (int i = 0; i < 7; ++i) EXPECT_TRUE(pool.submit([] {}));

    EXPECT_FALSE(pool.submit([] {}));
    EXPECT_TRUE(pool.submit([] {}, Priority::reserved));
    EXPECT_FALSE(pool.submit([] {}, Priority::reserved));

    release.count_down();
}

}  // namespace
}  // namespace sallyport
