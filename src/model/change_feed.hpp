// Who listens to the changes of one model, and the order in which they are told.

#pragma once

#include "sallyport/json.hpp"
#include "sallyport/task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace sallyport::model {

/// What happened to one record.
struct Change {
    enum class Kind : std::uint8_t { create, update, remove };

    Kind kind = Kind::create;
    Json id;
    Json record;            ///< Whole, as the transaction left it; of a removal as it was before.
    std::size_t bytes = 0;  ///< About what it takes to keep it.
};

/// One listener. next() belongs to its executor, which one thread runs; the rest may be called on any thread.
class ChangeReader {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// What may wait for a slow listener; with more it is over, since it would miss something.
    static constexpr std::size_t most_changes = 1024;
    static constexpr std::size_t most_bytes = 1048576;

    explicit ChangeReader(boost::asio::any_io_executor const& executor);

    /// The next change; null if there is none until `deadline`, or the reader is over.
    Task<std::shared_ptr<Change const>> next(Time deadline);

    /// Nothing more will come; what waited is gone.
    bool is_over() const;

private:
    friend class ChangeFeed;

    static void offer(std::shared_ptr<ChangeReader> const& reader, std::shared_ptr<Change const> const& change);
    static void end(std::shared_ptr<ChangeReader> const& reader);
    static void wake(std::shared_ptr<ChangeReader> const& reader);
    std::shared_ptr<Change const> take();
    void drop_all();

    mutable std::mutex mutex_;
    std::deque<std::shared_ptr<Change const>> waiting_;
    std::size_t bytes_ = 0;
    bool is_over_ = false;
    boost::asio::steady_timer timer_;
};

/// The listeners of a model. All members may be called on any thread.
///
/// Requests that change records learn of their commit in any order, on any thread. So each takes a place in the
/// transaction, where only one is at a time, and changes are told by their places: whoever reads them all ends with
/// what the database holds.
class ChangeFeed {
public:
    /// A place in the order; given back without a word if the transaction fails. The feed must outlive it.
    class Place {
    public:
        Place() = default;
        Place(Place&& other) noexcept;
        Place& operator=(Place&& other) noexcept;
        ~Place();

        /// Tells them to every reader, once all places before this one are told or given back.
        void tell(std::vector<Change> changes);
        /// Ends every reader: there were too many changes to tell.
        void tell_too_many();

    private:
        friend class ChangeFeed;
        Place(ChangeFeed& feed, std::uint64_t number) : feed_{&feed}, number_{number} {}

        ChangeFeed* feed_ = nullptr;
        std::uint64_t number_ = 0;
    };

    /// A new listener, told of what commits from now on until the last reference to it is gone.
    std::shared_ptr<ChangeReader> subscribe(boost::asio::any_io_executor const& executor);

    /// Nearly always exact: of those who left, the next change takes note.
    bool has_readers() const { return readers_count_.load(std::memory_order_acquire) > 0; }

    Place take_place();

private:
    /// What a place has to say.
    struct Word {
        std::vector<std::shared_ptr<Change const>> changes;
        bool is_too_many = false;
    };

    void settle(std::uint64_t number, Word word);
    void pass_on(Word const& word);
    void forget_gone();

    std::mutex mutex_;
    std::map<std::uint64_t, std::optional<Word>> places_;
    std::uint64_t last_place_ = 0;
    std::vector<std::weak_ptr<ChangeReader>> readers_;
    std::atomic<std::size_t> readers_count_{0};
};

}  // namespace sallyport::model
