// The one writer of a SQLite database: a thread that owns the only writing connection.

#pragma once

#include "store/sqlite_connection.hpp"
#include "store/store.hpp"

#include <boost/asio/io_context.hpp>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sallyport::store {

/// Group commit: takes all waiting jobs, runs each in a savepoint of one transaction, commits once, then answers all.
/// All members may be called from any thread.
class SqliteWriter {
public:
    /// `queue_limit` jobs may wait; one more is refused with 503. Priority::reserved may also use the last eighth.
    SqliteWriter(ConnectionRules const& rules, std::size_t queue_limit);
    ~SqliteWriter();  ///< Runs what is queued, then joins.
    SqliteWriter(SqliteWriter const&) = delete;
    SqliteWriter& operator=(SqliteWriter const&) = delete;

    /// As Store::write.
    Task<> write(Work work, Priority priority);

    /// The same for start-up, before anything is served: waits on this thread.
    void write_blocking(Work work);

    /// As Store::watch.
    RowChanges const* watch(std::string const& table);

    bool is_broken() const { return connection_.is_broken(); }

private:
    struct Job;
    using JobPointer = std::shared_ptr<Job>;
    using Group = std::vector<JobPointer>;

    bool enqueue(JobPointer job);
    Group take();
    bool is_over();  ///< Asked to stop, and nothing is left to do.
    void put_back(Group& group, std::size_t first);
    void work();
    void run_group(Group& group);
    void run_job(JobPointer const& job);
    bool undo(bool alone);
    void commit(Group& group);
    void poll();
    void checkpoint_if_due();
    void publish_changes();
    Task<> begin_watching(std::string const& table, RowChanges const*& changes);

    Connection::Watched watched_;  ///< The writer thread's alone.
    Connection connection_;
    std::size_t queue_limit_;
    boost::asio::io_context context_{1};  ///< Runs the coroutines of jobs, polled on the writer thread.
    int checkpointed_frames_ = 0;

    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<JobPointer> normal_;
    std::deque<JobPointer> reserved_;
    bool stopping_ = false;
    std::size_t stray_ = 0;  ///< Jobs that wait for something else than their transaction: our mistake, see run_job.
    std::thread thread_;
};

}  // namespace sallyport::store
