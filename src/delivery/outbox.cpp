// Who takes a message leases its row first, so that two pumps (of one node or of several) do not send it at once; a
// lease that runs out means that its holder died, and the message goes out again under the same id.

#include "delivery/outbox.hpp"

#include "crypto/digest.hpp"
#include "crypto/random.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sallyport::delivery {

namespace {

Task<> run_alone(store::Transaction& transaction, store::Statement statement) {
    co_await transaction.run(std::move(statement));
}

Task<> erase(store::Transaction& transaction, std::string id, GivenUp given_up, std::vector<std::string> charged) {
    co_await transaction.run({"DELETE FROM sallyport_outbox WHERE id = ?1", {std::move(id)}});
    if (given_up && !charged.empty()) co_await given_up(transaction, std::move(charged));
}

/// A message that is just being handed over. It shares what it counts: the frame of a send that never ends may outlive
/// the outbox.
class UnderWay {
public:
    explicit UnderWay(std::shared_ptr<http::Headcount> all) : all_{std::move(all)} { all_->arrive(); }
    ~UnderWay() { all_->leave(); }
    UnderWay(UnderWay const&) = delete;
    UnderWay& operator=(UnderWay const&) = delete;

private:
    std::shared_ptr<http::Headcount> all_;
};

}  // namespace

struct Outbox::Claimed {
    std::string id;
    std::string channel;
    std::string sealed;
    std::int64_t tries = 0;  ///< This one included.
    std::int64_t expires_at = 0;
};

Outbox::Outbox(store::Store& store, crypto::Keys const& keys, Clock const& clock, Senders const& senders,
               OutboxRules rules)
    : store_{store}, keys_{keys}, clock_{clock}, senders_{senders}, rules_{rules} {}

Task<> Outbox::put(store::Transaction& transaction, Message message, std::vector<std::string> charged) {
    co_await insert(transaction, {std::move(message), std::move(charged)}, clock_.now());
}

Task<> Outbox::put_for_later(store::Transaction& transaction, Message message, std::int64_t due) {
    co_await insert(transaction, {std::move(message), {}}, due);
}

Task<> Outbox::insert(store::Transaction& transaction, Parcel parcel, std::int64_t due) {
    auto& message = parcel.message;
    if (message.id.empty()) message.id = crypto::random_uuid();
    if (message.expires_at == 0) message.expires_at = due + rules_.default_life;
    co_await transaction.run(
        {"INSERT INTO sallyport_outbox (id, channel, sealed, due, expires_at, account) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
         {message.id, message.channel, seal_parcel(keys_, parcel), due, message.expires_at,
          tag(message.model, message.account)}});
}

Task<std::optional<std::int64_t>> Outbox::take_back(store::Transaction& transaction, std::string id) {
    std::optional<std::int64_t> expires_at;
    co_await transaction.read({"DELETE FROM sallyport_outbox WHERE id = ?1 AND lease_until <= ?2 RETURNING expires_at",
                               {std::move(id), clock_.now()}},
                              [&](store::Row const& row) { expires_at = row.integer(0); });
    co_return expires_at;
}

Task<> Outbox::forget(store::Transaction& transaction, std::string model, std::string account) {
    co_await transaction.run({"DELETE FROM sallyport_outbox WHERE account = ?1", {tag(model, account)}});
}

// Finds the messages of an account, and tells nobody whose they are.
std::string Outbox::tag(std::string_view model, std::string_view account) const {
    auto const& key = keys_.current(crypto::Purpose::identifiers).bytes;
    return crypto::to_hex(crypto::hmac_sha256(key, fmt::format("{}\n{}", model, account)).substr(0, 16));
}

void Outbox::pump(boost::asio::any_io_executor const& executor, std::string first) {
    boost::asio::co_spawn(executor, pump_until_empty(std::move(first)), boost::asio::detached);
}

void Outbox::pump_every(boost::asio::any_io_executor const& executor, std::chrono::milliseconds pause) {
    boost::asio::co_spawn(executor, pump_regularly(pause), boost::asio::detached);
}

Task<> Outbox::pump_regularly(std::chrono::milliseconds pause) {
    auto const executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer{executor};
    while (!is_finishing_) {
        pump(executor);
        timer.expires_after(pause);
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
}

Task<> Outbox::pump_until_empty(std::string first) {
    for (;;) {
        std::int64_t due = 0;
        try {
            if (!first.empty()) co_await deliver(std::exchange(first, {}));
            due = co_await next_due();
            if (due != 0 && due <= clock_.now()) {
                co_await flush();
                due = co_await next_due();
            }
        } catch (std::exception const&) {
            due = clock_.now() + rules_.first_wait;  // The database did not answer: what waits is still there later.
        }
        if (due == 0 || is_waiting_.exchange(true)) co_return;
        // Never longer than the first wait: what others put meanwhile counts on this one coroutine too.
        auto const left = due - clock_.now();
        auto const wait = left > 0 ? std::min(left, rules_.first_wait) : rules_.first_wait;
        boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
        timer.expires_after(std::chrono::milliseconds{wait});
        co_await timer.async_wait(boost::asio::use_awaitable);
        is_waiting_ = false;
    }
}

// A few at once: a gateway that hangs must not let the codes of everybody else grow old.
Task<> Outbox::flush() {
    using namespace boost::asio::experimental::awaitable_operators;
    co_await (drain() && drain() && drain() && drain());
}

Task<> Outbox::drain() {
    while (co_await deliver({})) {
    }
}

void Outbox::finish(std::chrono::milliseconds longest) {
    is_finishing_ = true;
    under_way_->wait_for_none(longest);
}

// The message with that id if it is due, or whichever is due first.
Task<std::optional<Outbox::Claimed>> Outbox::claim(std::string id) {
    std::optional<Claimed> found;
    auto const now = clock_.now();
    store::Statement take{R"(
UPDATE sallyport_outbox SET lease_until = ?2, tries = tries + 1
WHERE id = (SELECT id FROM sallyport_outbox WHERE due <= ?1 AND lease_until <= ?1 AND (?3 = '' OR id = ?3)
  ORDER BY due, rowid LIMIT 1)
RETURNING id, channel, sealed, tries, expires_at)",
                          {now, now + rules_.lease, std::move(id)}};
    auto const keep = [&found](store::Row const& row) {
        found = Claimed{.id = std::string{row.text(0)},
                        .channel = std::string{row.text(1)},
                        .sealed = std::string{row.text(2)},
                        .tries = row.integer(3),
                        .expires_at = row.integer(4)};
    };
    co_await store_.write([&take, &keep](store::Transaction& transaction) { return transaction.read(take, keep); });
    co_return found;
}

// Sends one; false if there was none.
Task<bool> Outbox::deliver(std::string id) {
    UnderWay const here{under_way_};
    if (is_finishing_) co_return false;  // Asked after arriving: who closes the house counts us, or we see that it did.
    auto const claimed = co_await claim(std::move(id));
    if (!claimed) co_return false;
    auto const parcel = unseal_parcel(keys_, claimed->sealed, claimed->id);
    auto const failure = co_await try_to_send(*claimed, parcel);
    co_await settle(*claimed, failure, parcel ? parcel->charged : std::vector<std::string>{});
    co_return true;
}

// Why it was not sent; nothing if it was.
Task<std::optional<SendFailure>> Outbox::try_to_send(Claimed const& claimed, std::optional<Parcel> const& parcel) {
    using Then = SendFailure::Then;
    if (claimed.expires_at <= clock_.now()) co_return SendFailure{"its time is over", Then::give_up};
    auto const sender = senders_.find(claimed.channel);
    if (sender == senders_.end()) co_return SendFailure{"no data source sends by this channel", Then::give_up};
    if (!parcel) co_return SendFailure{"its key is gone", Then::retry};
    try {
        auto message = parcel->message;
        message.attempt = static_cast<int>(claimed.tries);
        co_await sender->second->send(std::move(message));
    } catch (SendFailure const& failure) {
        co_return failure;
    } catch (std::exception const&) {
        co_return SendFailure{"the sender failed", Then::retry};  // What it says may hold what was sent.
    }
    co_return std::nullopt;
}

Task<> Outbox::settle(Claimed const& claimed, std::optional<SendFailure> const& failure,
                      std::vector<std::string> charged) {
    using Then = SendFailure::Then;
    auto const doublings = std::min<std::int64_t>(claimed.tries - 1, 20);
    auto const due = clock_.now() + std::min(rules_.first_wait << doublings, rules_.longest_wait);
    auto const is_over = !failure || failure->then() != Then::retry || due >= claimed.expires_at;
    if (failure) {
        log_.tell(
            "delivery",
            {{"channel", claimed.channel}, {"try", claimed.tries}, {"givenUp", is_over}, {"why", failure->what()}},
            fmt::format("a message was not sent: channel {}, try {}{}: {}", claimed.channel, claimed.tries,
                        is_over ? ", given up" : "", failure->what()));
    }
    bool const is_lost = is_over && failure && failure->then() != Then::maybe_there;
    co_await store_.write([&](store::Transaction& transaction) -> Task<> {
        if (!is_over) {
            return run_alone(transaction, {"UPDATE sallyport_outbox SET due = ?2, lease_until = 0 WHERE id = ?1",
                                           {claimed.id, due}});
        }
        return erase(transaction, claimed.id, is_lost ? given_up_ : GivenUp{}, charged);
    });
}

// When the next message that waits may be tried, in milliseconds since the Unix epoch; 0 if none waits. One that was
// put for later and is not due yet does not count.
Task<std::int64_t> Outbox::next_due() {
    std::int64_t due = 0;
    co_await store_.read(
        {"SELECT min(max(due, lease_until)) FROM sallyport_outbox WHERE due <= ?1 OR tries > 0", {clock_.now()}},
        [&due](store::Row const& row) { due = row.is_null(0) ? 0 : row.integer(0); });
    co_return due;
}

}  // namespace sallyport::delivery
