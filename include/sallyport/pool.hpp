// Pool: a few threads for work that blocks, so that io threads never do.

#pragma once

#include "sallyport/error.hpp"
#include "sallyport/task.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace sallyport {

/// Who goes first when a pool's queue is long. `reserved` jobs may also use the last eighth of the queue.
enum class Priority : std::uint8_t { normal, reserved };

struct PoolRules {
    std::string name = "pool";  ///< Thread name, at most 15 characters.
    std::size_t threads = 1;
    std::size_t queue_limit = 64;  ///< Jobs waiting; one more is refused.
    int nice = 0;                  ///< Scheduling niceness of the threads, 0 to 19.
};

/// Runs functions on its own threads. All members may be called from any thread.
class Pool {
public:
    explicit Pool(PoolRules rules);
    ~Pool();  ///< Runs what is queued, then joins.
    Pool(Pool const&) = delete;
    Pool& operator=(Pool const&) = delete;

    /// Runs `work()` on a pool thread and resumes the caller on its own executor with the result.
    ///
    /// What `work` throws is rethrown. Throws Error 503 with Retry-After when the queue is full.
    template <class Work>
    Task<std::invoke_result_t<Work&>> run(Work work, Priority priority = Priority::normal) {
        using Outcome = std::invoke_result_t<Work&>;
        struct State {
            std::exception_ptr failure;
            std::optional<std::conditional_t<std::is_void_v<Outcome>, bool, Outcome>> result;
        };
        auto state = std::make_shared<State>();
        co_await boost::asio::async_initiate<boost::asio::use_awaitable_t<> const, void()>(
            [this, state, priority](auto handler, Work job) {
                auto shared = std::make_shared<decltype(handler)>(std::move(handler));
                auto resume = [shared] {
                    auto executor = boost::asio::get_associated_executor(*shared);
                    boost::asio::post(executor, std::move(*shared));
                };
                auto accepted = submit(
                    [state, resume, work_item = std::make_shared<Work>(std::move(job))] {
                        try {
                            if constexpr (std::is_void_v<Outcome>) {
                                (*work_item)();
                                state->result = true;
                            } else {
                                state->result.emplace((*work_item)());
                            }
                        } catch (...) {
                            state->failure = std::current_exception();
                        }
                        resume();
                    },
                    priority);
                if (!accepted) {
                    state->failure = std::make_exception_ptr(busy());
                    resume();
                }
            },
            boost::asio::use_awaitable, std::move(work));
        if (state->failure) std::rethrow_exception(state->failure);
        if constexpr (!std::is_void_v<Outcome>) co_return std::move(*state->result);
    }

    /// Queues a job that answers by itself; false if the queue is full.
    bool submit(std::function<void()> job, Priority priority = Priority::normal);

    std::size_t waiting() const;  ///< Jobs queued and not yet started.

    /// Whether a job would be taken now; another thread may be quicker.
    bool has_room(Priority priority = Priority::normal) const;

private:
    void work();
    bool may_queue(Priority priority) const;

    PoolRules rules_;
    mutable std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<std::function<void()>> normal_;
    std::deque<std::function<void()>> reserved_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace sallyport
