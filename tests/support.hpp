// What tests of several folders share.

#pragma once

#include "sallyport/clock.hpp"
#include "sallyport/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

namespace sallyport {

/// Runs a task to its end on an io_context of its own; what it throws is rethrown.
template <class T>
T wait_for(Task<T> task) {
    // A pool's thread may still be inside the very post() that ended the wait, so the last few contexts are kept.
    constexpr std::size_t kept = 8;
    thread_local std::deque<boost::asio::io_context> contexts;
    if (contexts.size() == kept) contexts.pop_front();
    auto& context = contexts.emplace_back();
    auto future = boost::asio::co_spawn(context, std::move(task), boost::asio::use_future);
    context.run();
    return future.get();
}

/// A clock that stands still until it is moved; 2015-06-01T10:00:00Z at first.
class StillClock final : public Clock {
public:
    std::int64_t now() const override { return now_; }
    void advance(std::int64_t milliseconds) { now_ += milliseconds; }

private:
    std::atomic<std::int64_t> now_{1433152800000};
};

}  // namespace sallyport
