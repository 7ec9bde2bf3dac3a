// The outbox: messages wait sealed in the database, written in the transaction that caused them, and go out soon after,
// each under an id that stays the same for every attempt.

#pragma once

#include "crypto/keys.hpp"
#include "delivery/sealed_message.hpp"
#include "http/event_log.hpp"
#include "http/headcount.hpp"
#include "sallyport/clock.hpp"
#include "sallyport/sender.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::delivery {

/// Which sender serves which channel. Filled at start, read afterwards.
using Senders = std::map<std::string, std::shared_ptr<Sender>, std::less<>>;

/// What is done when a message is given up and certainly did not arrive, in the transaction that erases it.
using GivenUp = std::function<Task<>(store::Transaction& transaction, std::vector<std::string> charged)>;

/// How long things take, in milliseconds.
struct OutboxRules {
    std::int64_t first_wait = 2000;  ///< After the first failure; doubled after each further one.
    std::int64_t longest_wait = 60'000;
    std::int64_t lease = 60'000;             ///< A sender that has not answered by then is thought dead.
    std::int64_t default_life = 86'400'000;  ///< Of a message that names no end.
};

/// Safe on any thread; everything handed to the constructor must outlive it.
///
/// A message is tried at least once within its life, and erased as soon as it was accepted, given up or its life is
/// over: neither codes nor links stay in the database.
class Outbox {
public:
    Outbox(store::Store& store, crypto::Keys const& keys, Clock const& clock, Senders const& senders,
           OutboxRules rules = {});

    /// Before the first message.
    void set_given_up(GivenUp given_up) { given_up_ = std::move(given_up); }

    /// Before the first message.
    void set_log(http::EventLog log) { log_ = log; }

    /// Adds a message to a transaction; it is sent once that has committed and pump() was called. Gives it an id if it
    /// has none. `charged` goes to the function of set_given_up().
    Task<> put(store::Transaction& transaction, Message message, std::vector<std::string> charged = {});

    /// Erases what waits for an account, named as Message::model and Message::account name it: nobody is to read it.
    Task<> forget(store::Transaction& transaction, std::string model, std::string account);

    /// The same for a message that is due at a time to come (ms since the Unix epoch), unless it is taken back before.
    /// No pump() waits for that; the first one after it sends it.
    Task<> put_for_later(store::Transaction& transaction, Message message, std::int64_t due);

    /// Takes a message back: when it would have expired; nothing if it is not there, or is just being sent.
    Task<std::optional<std::int64_t>> take_back(store::Transaction& transaction, std::string id);

    /// Sends what is due, on `executor`, the message with that id first, and goes on until nothing waits any more;
    /// returns at once. Call it after a write that put something, and at start for the messages of a process that died.
    void pump(boost::asio::any_io_executor const& executor, std::string first = {});

    /// Pumps now and then on, until finish(): for messages that were put for later.
    void pump_every(boost::asio::any_io_executor const& executor, std::chrono::milliseconds pause);

    /// Tries once to send everything due, and waits for it.
    Task<> flush();

    /// Takes no more messages, and waits at most that long for those that are just being handed over. Any thread but
    /// those that pump.
    void finish(std::chrono::milliseconds longest);

private:
    struct Claimed;

    std::string tag(std::string_view model, std::string_view account) const;
    Task<> insert(store::Transaction& transaction, Parcel parcel, std::int64_t due);

    Task<> pump_until_empty(std::string first);
    Task<> pump_regularly(std::chrono::milliseconds pause);
    Task<> drain();
    Task<bool> deliver(std::string id);
    Task<std::optional<Claimed>> claim(std::string id);
    Task<std::optional<SendFailure>> try_to_send(Claimed const& claimed, std::optional<Parcel> const& parcel);
    Task<> settle(Claimed const& claimed, std::optional<SendFailure> const& failure, std::vector<std::string> charged);
    Task<std::int64_t> next_due();
    store::Store& store_;
    crypto::Keys const& keys_;
    Clock const& clock_;
    Senders const& senders_;
    OutboxRules rules_;
    GivenUp given_up_;
    http::EventLog log_;
    std::atomic<bool> is_waiting_ = false;  ///< One coroutine waits for what comes later; one is enough.
    std::atomic<bool> is_finishing_ = false;
    std::shared_ptr<http::Headcount> under_way_ = std::make_shared<http::Headcount>();
};

}  // namespace sallyport::delivery
