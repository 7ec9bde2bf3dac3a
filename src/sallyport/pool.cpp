#include "sallyport/pool.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sallyport {

Pool::Pool(PoolRules rules) : rules_{std::move(rules)} {
    for (std::size_t i = 0; i < rules_.threads; ++i) threads_.emplace_back([this] { work(); });
}

Pool::~Pool() {
    {
        std::lock_guard const lock{mutex_};
        stopping_ = true;
    }
    ready_.notify_all();
    for (auto& thread : threads_) thread.join();
}

bool Pool::submit(std::function<void()> job, Priority priority) {
    {
        std::lock_guard const lock{mutex_};
        if (!may_queue(priority)) return false;
        (priority == Priority::reserved ? reserved_ : normal_).push_back(std::move(job));
    }
    ready_.notify_one();
    return true;
}

std::size_t Pool::waiting() const {
    std::lock_guard const lock{mutex_};
    return normal_.size() + reserved_.size();
}

bool Pool::has_room(Priority priority) const {
    std::lock_guard const lock{mutex_};
    return may_queue(priority);
}

bool Pool::may_queue(Priority priority) const {
    auto const kept = priority == Priority::reserved ? 0 : rules_.queue_limit / 8;
    return !stopping_ && normal_.size() + reserved_.size() < rules_.queue_limit - kept;
}

void Pool::work() {
    pthread_setname_np(pthread_self(), rules_.name.substr(0, 15).c_str());
    // On Linux niceness belongs to a thread, not to the process.
    if (rules_.nice > 0) setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), rules_.nice);
    for (;;) {
        std::function<void()> job;
        {
            std::unique_lock lock{mutex_};
            ready_.wait(lock, [this] { return stopping_ || !normal_.empty() || !reserved_.empty(); });
            auto& queue = reserved_.empty() ? normal_ : reserved_;
            if (queue.empty()) return;
            job = std::move(queue.front());
            queue.pop_front();
        }
        job();
    }
}

}  // namespace sallyport
