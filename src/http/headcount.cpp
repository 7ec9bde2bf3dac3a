#include "http/headcount.hpp"

namespace sallyport::http {

std::size_t Headcount::arrive() {
    std::scoped_lock const lock{mutex_};
    return ++count_;
}

void Headcount::leave() {
    std::scoped_lock const lock{mutex_};
    if (--count_ == 0) none_.notify_all();
}

std::size_t Headcount::now() const {
    std::scoped_lock const lock{mutex_};
    return count_;
}

bool Headcount::wait_for_none(std::chrono::milliseconds time) const {
    std::unique_lock lock{mutex_};
    return none_.wait_for(lock, time, [this] { return count_ == 0; });
}

}  // namespace sallyport::http
