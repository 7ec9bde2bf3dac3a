// How many are in a house that will be closed, and the wait for the last to leave.

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace sallyport::http {

/// Safe on any thread.
class Headcount {
public:
    std::size_t arrive();  ///< The count with the new one.
    void leave();
    std::size_t now() const;

    /// Waits until nobody is left; false if `time` passes first.
    bool wait_for_none(std::chrono::milliseconds time) const;

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable none_;
    std::size_t count_ = 0;
};

}  // namespace sallyport::http
