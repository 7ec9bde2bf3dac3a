// What tests of several folders share.

#pragma once

#include "sallyport/clock.hpp"
#include "sallyport/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace sallyport {

/// Lends an io_context that is never destroyed: a pool's thread may still be inside the very post() that ended a wait.
/// Give it back with nothing left to run on it. Any thread may borrow.
inline std::shared_ptr<boost::asio::io_context> borrow_context() {
    struct Shelf {
        std::mutex mutex;
        std::vector<std::unique_ptr<boost::asio::io_context>> free;
    };
    static auto& shelf = *new Shelf;
    std::unique_ptr<boost::asio::io_context> context;
    {
        std::lock_guard const lock{shelf.mutex};
        if (!shelf.free.empty()) {
            context = std::move(shelf.free.back());
            shelf.free.pop_back();
        }
    }
    if (!context) context = std::make_unique<boost::asio::io_context>();
    context->restart();
    return {context.release(), [](boost::asio::io_context* returned) {
                std::lock_guard const lock{shelf.mutex};
                shelf.free.emplace_back(returned);
            }};
}

/// Runs a task to its end on an io_context of its own; what it throws is rethrown.
template <class T>
T wait_for(Task<T> task) {
    auto const context = borrow_context();
    auto future = boost::asio::co_spawn(*context, std::move(task), boost::asio::use_future);
    context->run();
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
