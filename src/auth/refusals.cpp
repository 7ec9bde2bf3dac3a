#include "auth/refusals.hpp"

#include "auth/account_id.hpp"

#include <fmt/format.h>

#include <exception>
#include <functional>
#include <utility>

namespace sallyport::auth {
namespace {

std::int64_t constexpr hour = 3600;

Task<> write(store::Transaction& transaction, Throttle& throttle, std::string key, Event event, std::int64_t now) {
    std::vector<Limit> limits{{std::move(key), hour, 1}, {"told:access", hour, Refusals::most_in_an_hour}};
    if (co_await throttle.take(transaction, std::move(limits)) > 0) co_return;
    co_await record(transaction, std::move(event), now);
}

}  // namespace

Refusals::Refusals(store::Store& store, Throttle& throttle, Clock const& clock)
    : store_{store}, throttle_{throttle}, clock_{clock} {}

Task<> Refusals::note(Caller caller, Source source, std::string method, std::string code) {
    auto const account = caller.is_known() ? Account::of(caller.user_model, caller.user_id) : Account{};
    auto const whom = caller.is_known() ? account.model + ":" + account.id : source.network;
    auto const key = fmt::format("told:access:{}:{}", whom, method);
    auto const now = clock_.now();
    if (was_just_noted(key, now / (hour * 1000))) co_return;
    Event const event{.name = "denied",
                      .outcome = Event::Outcome::refused,
                      .account = account,
                      .about = fmt::format("{}: {}", method, code),
                      .source = source};
    try {
        co_await store_.write(
            [&](store::Transaction& transaction) { return write(transaction, throttle_, key, event, now); });
    } catch (std::exception const&) {
        // Told or not, it is refused.
    }
}

// Another key may take the place: then the database is asked once more.
bool Refusals::was_just_noted(std::string const& key, std::int64_t hour_of_now) {
    auto const mark = std::hash<std::string>{}(fmt::format("{}/{}", key, hour_of_now)) | 1U;
    return noted_[std::hash<std::string>{}(key) % noted_.size()].exchange(mark) == mark;
}

}  // namespace sallyport::auth
