#include "auth/hashing.hpp"

#include "support.hpp"

#include <gtest/gtest.h>
#include <boost/asio/detached.hpp>

#include <vector>

namespace sallyport::auth {
namespace {

using crypto::PasswordCheck;

constexpr crypto::PasswordCost cheap{.memory_kib = 8, .passes = 1};

TEST(Hashing, WhatWasHashedIsChecked) {
    auto const keys = crypto::Keys::make();
    Hashing hashing{keys, cheap, 1, 64};

    auto const stored = wait_for(hashing.hash("correct horse"));

    EXPECT_EQ(wait_for(hashing.check("correct horse", stored)), PasswordCheck::right);
    EXPECT_EQ(wait_for(hashing.check("wrong horse", stored)), PasswordCheck::wrong);
    EXPECT_NO_THROW(wait_for(hashing.check_nothing("correct horse")));
}

Task<> count_outcome(Hashing& hashing, Priority priority, int& done, int& refused) {
    try {
        co_await hashing.check_nothing("x", priority);
        ++done;
    } catch (Error const& error) {
        EXPECT_EQ(error.status, 503);
        EXPECT_GT(error.retry_after_seconds, 0);
        ++refused;
    }
}

TEST(Hashing, MoreThanTheQueueHoldsIsRefusedButKnownDevicesHaveAShare) {
    auto const keys = crypto::Keys::make();
    // One check of tens of milliseconds keeps the only thread busy while the others come.
    Hashing hashing{keys, {.memory_kib = 32768, .passes = 2}, 1, 16};
    auto const context = borrow_context();
    int done = 0;
    int refused = 0;
    int owner_done = 0;
    int owner_refused = 0;

    for (int i = 0; i < 20; ++i) {
        boost::asio::co_spawn(*context, count_outcome(hashing, Priority::normal, done, refused), boost::asio::detached);
    }
    boost::asio::co_spawn(*context, count_outcome(hashing, Priority::reserved, owner_done, owner_refused),
                          boost::asio::detached);
    context->run();

    EXPECT_EQ(owner_done, 1);
    EXPECT_EQ(done + refused, 20);
    EXPECT_GE(refused, 5);  // 14 wait, one runs or still waits.
}

}  // namespace
}  // namespace sallyport::auth
