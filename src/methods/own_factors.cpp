#include "methods/own_factors.hpp"

#include "auth/attempt.hpp"
#include "methods/fresh_login.hpp"
#include "methods/mail_limits.hpp"
#include "query/sql.hpp"
#include "sallyport/error.hpp"

#include <algorithm>
#include <utility>

namespace sallyport::methods {
namespace {

std::size_t constexpr longest_label = 64;  // bytes

Task<> work_for(store::Transaction& transaction, TwoFactorModel const& two, Caller const& caller,
                store::Work const& work) {
    co_await two.doors->parts.tokens.require(transaction, caller.token_id);
    co_await work(transaction);
}

}  // namespace

void require_owner(TwoFactorModel const& two, Invocation const& call) {
    if (call.caller.is_known() && call.caller.user_model == two.model.name() && call.caller.user_id == call.id) return;
    throw Error{401, "Authorization Required", "AUTHORIZATION_REQUIRED"};
}

Error step_up_required(TwoFactorModel const& two) {
    JsonArray channels(two.options.channels.begin(), two.options.channels.end());
    return Error{401, "This needs a second factor shown within the last five minutes.", "STEP_UP_REQUIRED"}
        .with_details(JsonObject{{"channels", std::move(channels)}});
}

void require_fresh_factor(TwoFactorModel const& two, Caller const& caller) {
    if (!auth::has_second(caller.factors) || two.now() - caller.authenticated_at > fresh_within_ms)
        throw step_up_required(two);
}

Task<> write_own(TwoFactorModel const& two, Invocation const& call, store::Work work) {
    co_await two.store().write(
        [&](store::Transaction& transaction) { return work_for(transaction, two, call.caller, work); });
}

Task<> count_change(store::Transaction& transaction, TwoFactorModel const& two, auth::Account account,
                    std::string_view kind) {
    auto const wait = co_await two.doors->parts.throttle.take(transaction, {changes_of_account(kind, account)});
    if (wait > 0) throw auth::too_many_attempts(wait);
}

bool is_enrolment(Caller const& caller) { return std::ranges::find(caller.scopes, "enrol") != caller.scopes.end(); }

Task<KnownUser> user_of(TwoFactorModel const& two, Json id) {
    auto record = co_await two.model.find_by_id(id);
    if (!record) throw not_found(two.model.name(), to_display(id));
    co_return known_user(two, std::move(*record));
}

Task<> set_number(store::Transaction& transaction, TwoFactorModel const& two, Json user_id, Json number) {
    auto const& id = two.model.definition().id()->name;
    co_await transaction.run(query::update(two.model.table(), equals(id, std::move(user_id)),
                                           {{two.options.phone, std::move(number)}}, two.store().dialect()));
}

std::string label_of(Json const& label) {
    if (label.is_nothing()) return {};
    auto text = text_of(label);
    bool const is_shown = std::ranges::none_of(text, [](unsigned char c) { return c < ' ' || c == 127; });
    if (label.is_string() && text.size() <= longest_label && is_shown) return text;
    throw Error{422, "`label` has to be a line of text of at most 64 bytes.", "INVALID_LABEL"};
}

}  // namespace sallyport::methods
