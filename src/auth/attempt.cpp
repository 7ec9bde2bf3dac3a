#include "auth/attempt.hpp"

#include "auth/disabled_account.hpp"
#include "http/network.hpp"
#include "sallyport/error.hpp"

#include <utility>

namespace sallyport::auth {
namespace {

std::int64_t constexpr day = 86400;
std::int64_t constexpr hour = 3600;

// A host of IPv6 has more addresses than the trail has rows.
std::string told_key(Client const& client) { return "told:" + http::network_of(client.peer, 32, 64); }

Task<std::int64_t> charge_own(store::Transaction& transaction, Throttle& throttle, Attempt& attempt) {
    attempt.charged = {{"password:" + attempt.acquaintance.budget, hour, 10}};
    co_return co_await throttle.take(transaction, attempt.charged);
}

Task<std::int64_t> charge_as_stranger(store::Transaction& transaction, Throttle& throttle, Attempt& attempt) {
    attempt.charged = address_limits(attempt.client);
    if (auto const wait = co_await throttle.take(transaction, attempt.charged); wait > 0) co_return wait;
    if (attempt.identifier.empty()) co_return 0;

    attempt.failures = "password:" + attempt.model + ":" + throttle.tag(attempt.identifier);
    if (auto const wait = co_await throttle.password_wait(transaction, attempt.failures); wait > 0) co_return wait;
    co_await throttle.password_failed(transaction, attempt.failures);
    co_return 0;
}

// A device shows a secret of its own. A network is shared: there nobody but who has the right password sees that the
// account has a budget of its own, or the others could tell by it which accounts there are.
Task<std::int64_t> charge(store::Transaction& transaction, Throttle& throttle, Attempt& attempt) {
    if (attempt.acquaintance.kind == Acquaintance::Kind::device)
        co_return co_await charge_own(transaction, throttle, attempt);
    auto const wait = co_await charge_as_stranger(transaction, throttle, attempt);
    if (wait == 0 || !attempt.acquaintance.is_known()) co_return wait;
    attempt.failures.clear();
    if (co_await charge_own(transaction, throttle, attempt) > 0) co_return wait;
    attempt.wait_if_wrong = wait;
    co_return 0;
}

}  // namespace

std::vector<Limit> address_limits(Client const& client) {
    auto const address = "try:address:" + http::network_of(client.peer, 32, 64);
    auto const network = "try:network:" + http::network_of(client.peer, 24, 48);
    return {{address, 600, 20}, {address, day, 100}, {network, 600, 80}, {network, day, 400}};
}

Task<std::int64_t> begin(store::Transaction& transaction, Throttle& throttle, Attempt& attempt, std::int64_t now) {
    // The same reads for a user who is not there.
    auto const account = attempt.account.value_or(Account{attempt.model, ""});
    attempt.acquaintance = co_await recognise(transaction, account, attempt.client, now);
    attempt.is_disabled = co_await is_disabled(transaction, account);
    auto const wait = co_await charge(transaction, throttle, attempt);
    Event event{.name = "password",
                .outcome = Event::Outcome::refused,
                .account = account,
                .identifier = attempt.identifier.empty() ? "" : throttle.tag(attempt.identifier),
                .source = attempt.source};
    if (wait == 0) {
        attempt.event = co_await record(transaction, std::move(event), now);
    } else if (co_await throttle.take(transaction, {{told_key(attempt.client), hour, 1}}) == 0) {
        // Once an hour, or whoever is refused could fill the trail.
        event.name = "limit";
        co_await record(transaction, std::move(event), now);
    }
    co_return wait;
}

Task<> succeeded(store::Transaction& transaction, Throttle& throttle, Attempt const& attempt) {
    co_await settle(transaction, attempt.event);
    co_await throttle.give_back(transaction, attempt.charged);
    if (!attempt.failures.empty()) co_await throttle.forget(transaction, attempt.failures);
}

Error too_many_attempts(std::int64_t wait_seconds) {
    return Error{429, "Too many attempts. Try again later.", "TOO_MANY_ATTEMPTS"}.with_retry_after(
        static_cast<int>(wait_seconds));
}

}  // namespace sallyport::auth
