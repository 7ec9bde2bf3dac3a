#include "model/change_feed.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace sallyport::model {

namespace asio = boost::asio;

ChangeReader::ChangeReader(asio::any_io_executor const& executor) : timer_{executor} {}

Task<std::shared_ptr<Change const>> ChangeReader::next(Time deadline) {
    while (std::chrono::steady_clock::now() < deadline) {
        if (auto change = take()) co_return change;
        if (is_over()) break;
        // Whoever wakes it does so by way of the executor, so never between the look above and this wait.
        timer_.expires_at(deadline);
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return take();
}

bool ChangeReader::is_over() const {
    std::lock_guard const lock{mutex_};
    return is_over_;
}

std::shared_ptr<Change const> ChangeReader::take() {
    std::lock_guard const lock{mutex_};
    if (waiting_.empty()) return nullptr;
    auto change = std::move(waiting_.front());
    waiting_.pop_front();
    bytes_ -= change->bytes;
    return change;
}

void ChangeReader::drop_all() {
    is_over_ = true;
    waiting_.clear();
    bytes_ = 0;
}

void ChangeReader::offer(std::shared_ptr<ChangeReader> const& reader, std::shared_ptr<Change const> const& change) {
    {
        std::lock_guard const lock{reader->mutex_};
        if (reader->is_over_) return;
        auto& waiting = reader->waiting_;
        auto const is_full = waiting.size() == most_changes || reader->bytes_ + change->bytes > most_bytes;
        if (is_full && !waiting.empty()) {
            reader->drop_all();
        } else {
            waiting.push_back(change);
            reader->bytes_ += change->bytes;
        }
    }
    wake(reader);
}

void ChangeReader::end(std::shared_ptr<ChangeReader> const& reader) {
    {
        std::lock_guard const lock{reader->mutex_};
        reader->drop_all();
    }
    wake(reader);
}

void ChangeReader::wake(std::shared_ptr<ChangeReader> const& reader) {
    asio::post(reader->timer_.get_executor(), [reader] { reader->timer_.cancel(); });
}

ChangeFeed::Place::Place(Place&& other) noexcept : feed_{std::exchange(other.feed_, nullptr)}, number_{other.number_} {}

ChangeFeed::Place& ChangeFeed::Place::operator=(Place&& other) noexcept {
    std::swap(feed_, other.feed_);
    std::swap(number_, other.number_);
    return *this;
}

ChangeFeed::Place::~Place() {
    if (feed_ != nullptr) feed_->settle(number_, {});
}

void ChangeFeed::Place::tell(std::vector<Change> changes) {
    auto* feed = std::exchange(feed_, nullptr);
    if (feed == nullptr) return;
    Word word;
    for (auto& change : changes) {
        change.bytes = to_text(change.record).size();
        word.changes.push_back(std::make_shared<Change const>(std::move(change)));
    }
    feed->settle(number_, std::move(word));
}

void ChangeFeed::Place::tell_too_many() {
    if (auto* feed = std::exchange(feed_, nullptr)) feed->settle(number_, {.changes = {}, .is_too_many = true});
}

std::shared_ptr<ChangeReader> ChangeFeed::subscribe(asio::any_io_executor const& executor) {
    auto reader = std::make_shared<ChangeReader>(executor);
    std::lock_guard const lock{mutex_};
    forget_gone();
    readers_.push_back(reader);
    readers_count_.store(readers_.size(), std::memory_order_release);
    return reader;
}

ChangeFeed::Place ChangeFeed::take_place() {
    std::lock_guard const lock{mutex_};
    places_.emplace(++last_place_, std::nullopt);
    return {*this, last_place_};
}

void ChangeFeed::settle(std::uint64_t number, Word word) {
    std::lock_guard const lock{mutex_};
    places_[number] = std::move(word);
    while (!places_.empty() && places_.begin()->second) {
        pass_on(*places_.begin()->second);
        places_.erase(places_.begin());
    }
}

void ChangeFeed::pass_on(Word const& word) {
    forget_gone();
    for (auto const& held : readers_) {
        auto const reader = held.lock();
        if (!reader) continue;
        if (word.is_too_many) ChangeReader::end(reader);
        for (auto const& change : word.changes) ChangeReader::offer(reader, change);
    }
}

void ChangeFeed::forget_gone() {
    std::erase_if(readers_, [](auto const& reader) { return reader.expired(); });
    readers_count_.store(readers_.size(), std::memory_order_release);
}

}  // namespace sallyport::model
