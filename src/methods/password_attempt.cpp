#include "methods/password_attempt.hpp"

#include "auth/client.hpp"
#include "auth/disabled_account.hpp"
#include "query/sql.hpp"

#include <algorithm>
#include <utility>

namespace sallyport::methods {
namespace {

// Seconds to wait; 0 if the password may be compared.
Task<std::int64_t> charge(AccountParts& parts, model::StoredModel& model, auth::Attempt& attempt) {
    std::int64_t wait = 0;
    co_await model.store()->write([&](store::Transaction& transaction) -> Task<> {
        return
            [](AccountParts& used, store::Transaction& inside, auth::Attempt& tried, std::int64_t& seconds) -> Task<> {
                seconds = co_await auth::begin(inside, used.throttle, tried, used.clock.now());
            }(parts, transaction, attempt, wait);
    });
    co_return wait;
}

Task<crypto::PasswordCheck> compare(AccountParts& parts, auth::Attempt const& attempt, Json const& stored,
                                    std::string text) {
    auto const priority = attempt.priority();
    if (!stored.is_string() || text.empty()) {
        co_await parts.hashing.check_nothing(std::move(text), priority);
        co_return crypto::PasswordCheck::wrong;
    }
    auto const check = co_await parts.hashing.check(std::move(text), stored.as_string(), priority);
    co_return attempt.is_disabled ? crypto::PasswordCheck::wrong : check;
}

Where same_password(model::StoredModel& model, Json const& user) {
    auto const& id = model.definition().id()->name;
    std::vector<Where> parts{equals(id, user[id]), equals("password", user["password"])};
    return all_of(std::move(parts));
}

}  // namespace

// A hash of another program takes another time than ours: that must not tell whose account came from where.
Task<> hold_back(AccountParts const& parts, std::int64_t began) {
    auto const least = parts.rules.refused_password_ms;
    auto const left = std::clamp<std::int64_t>(began + least - parts.clock.now(), 0, least);
    if (left > 0) co_await parts.wait(left);
}

Task<PasswordTry> try_password(AccountParts& parts, model::StoredModel& model, std::string identifier, Json const& user,
                               Json const& password, Request const& request) {
    PasswordTry result;
    result.attempt.model = model.name();
    result.attempt.identifier = std::move(identifier);
    result.attempt.client = auth::client_of(request, Json{});
    result.attempt.source = auth::Source::of(request);
    if (user.is_object()) {
        result.attempt.account = auth::Account::of(model.name(), user[model.definition().id()->name]);
    }
    // A try that could not be compared costs nobody one of theirs. Who shows a device may be one we know.
    parts.hashing.require_room(result.attempt.client.device.empty() ? Priority::normal : Priority::reserved);
    auto const began = parts.clock.now();
    auto wait = co_await charge(parts, model, result.attempt);
    if (wait == 0) {
        auto text = password.is_string() ? password.as_string() : std::string{};
        result.check = co_await compare(parts, result.attempt, user["password"], std::move(text));
        if (!result.is_right()) wait = result.attempt.wait_if_wrong;
    }
    // Who may not try is answered no sooner than who tried: the two may be told the same.
    if (!result.is_right()) co_await hold_back(parts, began);
    if (wait > 0) throw auth::too_many_attempts(wait);
    co_return result;
}

Task<bool> may_still_sign_in(store::Transaction& transaction, model::StoredModel& model, Json const& user) {
    auto const account = auth::Account::of(model.name(), user[model.definition().id()->name]);
    if (co_await auth::is_disabled(transaction, account)) co_return false;
    std::int64_t found = 0;
    auto statement = query::count(model.table(), same_password(model, user), model.store()->dialect());
    co_await transaction.read(std::move(statement), [&found](store::Row const& row) { found = row.integer(0); });
    co_return found == 1;
}

Task<> replace_hash(store::Transaction& transaction, model::StoredModel& model, Json const& user, std::string hash) {
    JsonObject const changes{{"password", std::move(hash)}};
    auto statement = query::update(model.table(), same_password(model, user), changes, model.store()->dialect());
    co_await transaction.run(std::move(statement));
}

}  // namespace sallyport::methods
