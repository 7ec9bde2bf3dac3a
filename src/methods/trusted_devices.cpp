#include "methods/trusted_devices.hpp"

#include "auth/audit.hpp"
#include "methods/notices.hpp"
#include "methods/own_factors.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace sallyport::methods {
namespace {

std::int64_t constexpr day = 86400;  // seconds

Task<> record_device(store::Transaction& transaction, TwoFactorModel const& two, auth::Account account,
                     Request const& request, std::string event, std::string about = {}) {
    co_await auth::record(transaction,
                          {.name = std::move(event),
                           .account = std::move(account),
                           .about = std::move(about),
                           .source = auth::Source::of(request)},
                          two.now());
}

std::string set_trust(auth::Account const& account, std::string_view value, std::int64_t seconds,
                      Request const& request) {
    return auth::set_cookie(auth::trust_cookie(account), value, seconds, request.is_secure);
}

Task<> end_copied(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user,
                  Request const& request) {
    co_await two.doors->parts.tokens.end_unproven(transaction, user.account);
    co_await record_device(transaction, two, user.account, request, "device.revoked", "its cookie was used before");
    co_await tell_owner(transaction, two, user, "device:" + auth::client_secret(),
                        "A copy of a trusted device was used",
                        "Somebody who knows your password showed what a device you trust had shown before" +
                            whence(request, two.now()) +
                            " It is a copy, or you were signed in twice at once. The device is not trusted any more, "
                            "and sessions that it opened without a code have ended.");
}

// One call that takes trust away.
struct Revocation {
    TwoFactorModel const& two;
    Invocation const& call;
    auth::Account account;
    std::int64_t device = 0;  // 0: all
    bool was_there = false;
};

Task<> revoke(store::Transaction& transaction, Revocation& revocation) {
    auto const& [two, call, account, device, was_there] = revocation;
    std::string about = fmt::format("{}, by its owner", device);
    if (device != 0) {
        revocation.was_there = co_await auth::distrust(transaction, account, device);
    } else {
        auto const count = co_await auth::distrust_all(transaction, account);
        revocation.was_there = count > 0;
        about = fmt::format("all, {} of them, by their owner", count);
    }
    if (was_there) co_await record_device(transaction, two, account, call.request, "device.revoked", std::move(about));
}

}  // namespace

Task<std::string> trust_device(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user,
                               Request const& request) {
    auto const days = two.options.trust_days;
    auto const cookie = co_await auth::trust(transaction, user.account, request, two.now());
    co_await record_device(transaction, two, user.account, request, "device.trusted");
    co_await tell_owner(transaction, two, user, "device:" + auth::client_secret(), "A device is trusted now",
                        fmt::format("A device that signed in to your account needs no code for {} days, only your "
                                    "password{}",
                                    days, whence(request, two.now())));
    co_return set_trust(user.account, cookie, days * day, request);
}

Task<TrustedEntry> enter_by_trust(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user,
                                  Invocation const& call) {
    TrustedEntry entry;
    if (two.options.trust_days == 0) co_return entry;
    auto const& request = call.request;
    auto const trust = co_await auth::use_trust(transaction, user.account, request, two.options.trust_days, two.now());
    if (trust.kind == auth::Trust::Kind::copied) {
        co_await end_copied(transaction, two, user, request);
        entry.set_cookie = set_trust(user.account, "", 0, request);
    }
    if (trust.kind != auth::Trust::Kind::good) co_return entry;
    entry.set_cookie = set_trust(user.account, trust.cookie, trust.seconds_left, request);
    co_await record_device(transaction, two, user.account, request, "device.used");
    entry.session = co_await begin_session(transaction, two, user, call,
                                           auth::ProofOf::password_on_trusted_device(user.account.model, user.id));
    co_return entry;
}

Task<JsonArray> trusted_devices_of(TwoFactorModel const& two, auth::Account account, Request const& request) {
    auto const days = two.options.trust_days;
    JsonArray shown;
    co_await two.store().read(auth::select_trusted_devices(account, days, two.now()), [&](store::Row const& row) {
        shown.push_back(auth::read_trusted_device(row, account, request).to_json(days));
    });
    co_return shown;
}

Task<Result> list_devices(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    co_return Json{co_await trusted_devices_of(two, auth::Account::of(two.model.name(), call.id), call.request)};
}

Task<Result> distrust_devices(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    Revocation revocation{.two = two, .call = call, .account = auth::Account::of(two.model.name(), call.id)};
    co_await write_own(two, call, [&](store::Transaction& transaction) { return revoke(transaction, revocation); });
    co_return Json{};
}

Task<Result> distrust_device(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    Revocation revocation{.two = two, .call = call, .account = auth::Account::of(two.model.name(), call.id)};
    auto const& fk = call.argument("fk");
    if (fk.is_number()) revocation.device = static_cast<std::int64_t>(fk.as_number());
    if (revocation.device > 0 && Json{revocation.device} == fk)
        co_await write_own(two, call, [&](store::Transaction& transaction) { return revoke(transaction, revocation); });
    if (!revocation.was_there) throw Error{404, "There is no such device.", "DEVICE_NOT_FOUND"};
    co_return Json{};
}

}  // namespace sallyport::methods
