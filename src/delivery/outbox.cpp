// Who takes a message leases its row first, so that two pumps (of one node or of several) do not send it at once; a
// lease that runs out means that its holder died, and the message goes out again under the same id.

#include "delivery/outbox.hpp"

#include "crypto/random.hpp"
#include "delivery/sealed_message.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

namespace sallyport::delivery {

namespace {

Task<> run_alone(store::Transaction& transaction, store::Statement statement) {
    co_await transaction.run(std::move(statement));
}

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

Task<> Outbox::put(store::Transaction& transaction, Message message) {
    auto const now = clock_.now();
    if (message.id.empty()) message.id = crypto::random_uuid();
    if (message.expires_at == 0) message.expires_at = now + rules_.default_life;
    store::Statement insert{
        "INSERT INTO sallyport_outbox (id, channel, sealed, due, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        {message.id, message.channel, seal_message(keys_, message), now, message.expires_at}};
    co_await transaction.run(std::move(insert));
}

void Outbox::pump(boost::asio::any_io_executor const& executor) {
    boost::asio::co_spawn(executor, pump_until_empty(), boost::asio::detached);
}

Task<> Outbox::pump_until_empty() {
    for (;;) {
        bool failed = false;
        std::int64_t due = 0;
        try {
            co_await flush();
            due = co_await next_due();
        } catch (std::exception const&) {
            failed = true;  // The database did not answer: what waits there is still there later.
        }
        if (!failed && due == 0) co_return;
        if (is_waiting_.exchange(true)) co_return;
        // Never longer than the first wait: what others put meanwhile counts on this one coroutine too.
        auto const wait = failed ? rules_.first_wait : due - clock_.now();
        boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
        timer.expires_after(std::chrono::milliseconds{std::clamp<std::int64_t>(wait, 1, rules_.first_wait)});
        co_await timer.async_wait(boost::asio::use_awaitable);
        is_waiting_ = false;
    }
}

Task<> Outbox::flush() {
    while (auto const claimed = co_await claim()) {
        auto const sent = co_await try_to_send(*claimed);
        co_await settle(*claimed, sent);
    }
}

// One at a time: a gateway that hangs holds up the pump that called it, and nobody else's.
Task<std::optional<Outbox::Claimed>> Outbox::claim() {
    std::optional<Claimed> found;
    auto const now = clock_.now();
    store::Statement take{R"(
UPDATE sallyport_outbox SET lease_until = ?2, tries = tries + 1
WHERE id = (SELECT id FROM sallyport_outbox WHERE due <= ?1 AND lease_until <= ?1 ORDER BY due, rowid LIMIT 1)
RETURNING id, channel, sealed, tries, expires_at)",
                          {now, now + rules_.lease}};
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

Task<bool> Outbox::try_to_send(Claimed const& claimed) {
    if (claimed.expires_at <= clock_.now()) co_return false;
    auto const sender = senders_.find(claimed.channel);
    auto message = unseal_message(keys_, claimed.sealed, claimed.id);
    if (sender == senders_.end() || !message) co_return false;
    try {
        co_await sender->second->send(std::move(*message));
    } catch (std::exception const&) {
        co_return false;  // What it says may hold what was sent: it is not shown.
    }
    co_return true;
}

Task<> Outbox::settle(Claimed const& claimed, bool sent) {
    auto const now = clock_.now();
    auto const doublings = std::min<std::int64_t>(claimed.tries - 1, 20);
    auto const due = now + std::min(rules_.first_wait << doublings, rules_.longest_wait);
    auto const is_over = sent || due >= claimed.expires_at;
    auto const was_alive = claimed.expires_at > now;
    if (is_over && !sent && was_alive) {
        fmt::print(stderr, "a message was given up: channel {}, {} tries\n", claimed.channel, claimed.tries);
    }
    store::Statement const last =
        is_over ? store::Statement{"DELETE FROM sallyport_outbox WHERE id = ?1", {claimed.id}}
                : store::Statement{"UPDATE sallyport_outbox SET due = ?2, lease_until = 0 WHERE id = ?1",
                                   {claimed.id, due}};
    co_await store_.write([&last](store::Transaction& transaction) { return run_alone(transaction, last); });
}

// When the next message that waits may be tried, in milliseconds since the Unix epoch; 0 if none waits.
Task<std::int64_t> Outbox::next_due() {
    std::int64_t due = 0;
    co_await store_.read({"SELECT min(max(due, lease_until)) FROM sallyport_outbox", {}},
                         [&due](store::Row const& row) { due = row.is_null(0) ? 0 : row.integer(0); });
    co_return due;
}

}  // namespace sallyport::delivery
