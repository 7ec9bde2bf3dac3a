// A job is a coroutine, so that the same job can run on a database that answers later; here nothing it may await ever
// suspends. So it runs to its end inside one poll of a private io_context, without leaving the writer's thread.
//
// The group: BEGIN IMMEDIATE, then SAVEPOINT, job, RELEASE for each, then COMMIT. A job that throws is undone to its
// savepoint and its neighbours stay. A job alone in its group needs no savepoint. After an error SQLite may have given
// up the whole transaction by itself (a full disk does that): then everything in the group is lost, and says so.

#include "store/sqlite_writer.hpp"

#include "sallyport/error.hpp"

#include <pthread.h>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <stdexcept>
#include <utility>

namespace sallyport::store {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t group_limit = 512;
constexpr milliseconds group_time{50};  // A slow job ends its group: those behind it come in the next.
constexpr milliseconds stray_interval{5};
constexpr int checkpoint_frames = 1000;  // 4 MB of log.
constexpr int restart_frames = 16000;    // 64 MB: readers kept the log from starting anew.

std::exception_ptr lost_with_group() {
    return std::make_exception_ptr(unavailable("The change could not be stored. Try again shortly."));
}

class SqliteTransaction final : public Transaction {
public:
    explicit SqliteTransaction(Connection& connection) : connection_{connection} {}

    Task<std::int64_t> run(Statement statement) override {
        require_open();
        co_return connection_.run(statement);
    }

    Task<> read(Statement statement, RowReader reader) override {
        require_open();
        connection_.read(statement, reader);
        co_return;
    }

    std::int64_t last_id() const override { return connection_.last_id(); }

    void close() { is_open_ = false; }

private:
    void require_open() const {
        if (!is_open_) throw std::logic_error{"a transaction was used after its job was given up"};
    }

    Connection& connection_;
    bool is_open_ = true;
};

}  // namespace

struct SqliteWriter::Job {
    Job(Work what, Connection& connection, Priority how)
        : work{std::move(what)}, transaction{connection}, priority{how} {}

    Work work;
    SqliteTransaction transaction;
    Priority priority;
    std::exception_ptr failure;
    bool is_done = false;
    bool is_stray = false;
    asio::any_io_executor executor;          ///< Where the caller waits; none for write_blocking.
    std::move_only_function<void()> resume;  ///< Called there, once.
};

namespace {

// Runs the callers of one io thread, all in one turn of its loop. Where that loop ended before, the callers end with
// it: each waits inside what its own job holds, so the job has to let go.
template <class Pointer>
struct Answers {
    explicit Answers(std::vector<Pointer> answered) : jobs{std::move(answered)} {}
    Answers(Answers&&) = default;
    Answers& operator=(Answers&&) = delete;
    ~Answers() {
        for (; next < jobs.size(); ++next) jobs[next]->resume = nullptr;
    }

    std::vector<Pointer> jobs;
    std::size_t next = 0;

    void operator()() {
        while (next < jobs.size()) {
            auto job = std::move(jobs[next++]);
            try {
                job->resume();
            } catch (...) {  // Not ours; but the others must hear their answer.
                if (next < jobs.size()) asio::post(jobs[next]->executor, std::move(*this));
                throw;
            }
        }
    }
};

template <class Pointer>
void answer(std::vector<Pointer>& group) {
    std::vector<std::pair<asio::any_io_executor, std::vector<Pointer>>> by_executor;
    for (auto& job : group) {
        if (!job->executor) {
            job->resume();
            continue;
        }
        auto found = by_executor.begin();
        while (found != by_executor.end() && found->first != job->executor) ++found;
        if (found == by_executor.end()) found = by_executor.insert(found, {job->executor, {}});
        found->second.push_back(std::move(job));
    }
    for (auto& [executor, jobs] : by_executor) asio::post(executor, Answers<Pointer>{std::move(jobs)});
}

template <class Job>
Task<> perform(std::shared_ptr<Job> job) {
    co_await job->work(job->transaction);
}

}  // namespace

SqliteWriter::SqliteWriter(ConnectionRules const& rules, std::size_t queue_limit)
    : connection_{rules}, queue_limit_{queue_limit}, thread_{[this] { work(); }} {}

SqliteWriter::~SqliteWriter() {
    {
        std::lock_guard const lock{mutex_};
        stopping_ = true;
    }
    ready_.notify_all();
    thread_.join();
}

Task<> SqliteWriter::write(Work work, Priority priority) {
    auto job = std::make_shared<Job>(std::move(work), connection_, priority);
    job->executor = co_await asio::this_coro::executor;
    co_await asio::async_initiate<asio::use_awaitable_t<> const, void()>(
        [this, job](auto handler) {
            job->resume = std::move(handler);
            if (enqueue(job)) return;
            job->failure = std::make_exception_ptr(busy());
            asio::post(job->executor, Answers<JobPointer>{std::vector{job}});
        },
        asio::use_awaitable);
    if (job->failure) std::rethrow_exception(job->failure);
}

void SqliteWriter::write_blocking(Work work) {
    auto job = std::make_shared<Job>(std::move(work), connection_, Priority::reserved);
    auto const done = std::make_shared<std::promise<void>>();  // Shared: set_value may still run when we go on.
    auto future = done->get_future();
    job->resume = [done] { done->set_value(); };
    if (!enqueue(job)) throw busy();
    future.wait();
    if (job->failure) std::rethrow_exception(job->failure);
}

RowChanges const* SqliteWriter::watch(std::string const& table) {
    RowChanges const* changes = nullptr;
    write_blocking([&](Transaction&) { return begin_watching(table, changes); });
    return changes;
}

Task<> SqliteWriter::begin_watching(std::string const& table, RowChanges const*& changes) {
    changes = &watched_[table];
    connection_.watch(watched_);
    co_return;
}

void SqliteWriter::publish_changes() {
    for (auto& [table, changes] : watched_) changes.publish();
}

bool SqliteWriter::enqueue(JobPointer job) {
    {
        std::lock_guard const lock{mutex_};
        auto const is_reserved = job->priority == Priority::reserved;
        auto const kept = is_reserved ? 0 : queue_limit_ / 8;
        if (stopping_ || normal_.size() + reserved_.size() >= queue_limit_ - kept) return false;
        (is_reserved ? reserved_ : normal_).push_back(std::move(job));
    }
    ready_.notify_one();
    return true;
}

// All that wait, those with priority first. Empty at the end of all work, or when stray jobs want a look.
SqliteWriter::Group SqliteWriter::take() {
    std::unique_lock lock{mutex_};
    auto const has_work = [this] { return stopping_ || !normal_.empty() || !reserved_.empty(); };
    if (stray_ == 0) {
        ready_.wait(lock, has_work);
    } else if (normal_.empty() && reserved_.empty()) {
        ready_.wait_for(lock, stray_interval);
    }
    Group group;
    for (auto* queue : {&reserved_, &normal_}) {
        while (!queue->empty() && group.size() < group_limit) {
            group.push_back(std::move(queue->front()));
            queue->pop_front();
        }
    }
    return group;
}

bool SqliteWriter::is_over() {
    std::lock_guard const lock{mutex_};
    return stopping_ && normal_.empty() && reserved_.empty();
}

void SqliteWriter::put_back(Group& group, std::size_t first) {
    std::lock_guard const lock{mutex_};
    for (auto i = group.size(); i-- > first;) {
        auto& queue = group[i]->priority == Priority::reserved ? reserved_ : normal_;
        queue.push_front(std::move(group[i]));
    }
    group.resize(first);
}

void SqliteWriter::work() {
    pthread_setname_np(pthread_self(), "writer");
    for (;;) {
        auto group = take();
        if (group.empty()) {
            poll();
            if (is_over()) return;
            continue;
        }
        run_group(group);
        publish_changes();  // Before anybody hears of them.
        // A stray one is answered when it ends, which may have been while the others ran.
        std::erase_if(group, [](JobPointer const& job) { return job->is_stray; });
        answer(group);
        checkpoint_if_due();
    }
}

void SqliteWriter::run_group(Group& group) {
    auto const fail_from = [&](std::size_t first, std::size_t last, std::exception_ptr const& failure) {
        for (auto i = first; i < last; ++i) {
            if (!group[i]->failure) group[i]->failure = failure;
        }
    };
    if (connection_.is_broken()) return fail_from(0, group.size(), lost_with_group());
    auto const start = steady_clock::now();
    auto const alone = group.size() == 1;
    try {
        connection_.run("BEGIN IMMEDIATE");
    } catch (...) {
        return fail_from(0, group.size(), std::current_exception());
    }
    std::size_t next = 0;
    auto is_lost = false;
    while (next < group.size() && !is_lost) {
        auto const& job = group[next++];
        try {
            if (!alone) connection_.run("SAVEPOINT job");
            run_job(job);
            if (job->failure) {
                is_lost = !undo(alone);
            } else if (!alone) {
                connection_.run("RELEASE job");
            }
        } catch (...) {
            if (!job->failure) job->failure = std::current_exception();
            is_lost = true;
        }
        if (steady_clock::now() - start > group_time) break;
    }
    put_back(group, next);
    if (is_lost) {
        fail_from(0, group.size(), lost_with_group());
        try {
            if (connection_.in_transaction()) connection_.run("ROLLBACK");
        } catch (std::exception const&) {  // The next BEGIN will say what is wrong.
        }
        return;
    }
    if (!alone || !group.front()->failure) commit(group);
}

// Sets the job's failure if it threw. A job that waits for anything but its transaction is a mistake in the program: it
// fails, and its caller hears so only when it has ended, because it may use what the caller lent it until then.
void SqliteWriter::run_job(JobPointer const& job) {
    asio::co_spawn(context_, perform(job), [this, job](std::exception_ptr const& failure) {
        job->is_done = true;
        if (!job->is_stray) {
            job->failure = failure;
            return;
        }
        --stray_;
        Group group{job};
        answer(group);
    });
    poll();
    if (job->is_done) return;
    job->is_stray = true;
    ++stray_;
    job->transaction.close();
    job->failure =
        std::make_exception_ptr(std::logic_error{"a job of the writer waited for something else than its transaction"});
}

void SqliteWriter::poll() {
    context_.restart();
    context_.poll();
}

// Undoes the job that ran last; false if the whole transaction is gone.
bool SqliteWriter::undo(bool alone) {
    if (!connection_.in_transaction()) return alone;
    if (alone) {
        connection_.run("ROLLBACK");
        return true;
    }
    connection_.run("ROLLBACK TO job");
    connection_.run("RELEASE job");
    return true;
}

void SqliteWriter::commit(Group& group) {
    std::exception_ptr failure;
    try {
        connection_.run("COMMIT");
    } catch (Error const&) {
        failure = std::current_exception();
    } catch (...) {
        failure = lost_with_group();
    }
    if (!failure) return;
    for (auto const& job : group) {
        if (!job->failure) job->failure = failure;
    }
    try {
        if (connection_.in_transaction()) connection_.run("ROLLBACK");
    } catch (std::exception const&) {  // As above.
    }
}

void SqliteWriter::checkpoint_if_due() {
    auto const frames = connection_.wal_frames();
    if (frames < checkpointed_frames_) checkpointed_frames_ = 0;  // The log started anew.
    if (frames - checkpointed_frames_ < checkpoint_frames) return;
    connection_.checkpoint(frames > restart_frames);
    checkpointed_frames_ = frames;
}

}  // namespace sallyport::store
