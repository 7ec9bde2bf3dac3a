#include "methods/phone_guard.hpp"

#include "methods/fresh_login.hpp"
#include "sallyport/error.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sallyport::methods {
namespace {

using Two = std::shared_ptr<TwoFactorModel const>;

Error change_refused(std::string const& property) {
    return {401, "`" + property + "` of an account with two-factor authentication cannot be changed this way.",
            "FACTOR_CHANGE_NOT_ALLOWED"};
}

// What a write would make of a property: nothing if it leaves it alone.
std::optional<Json> new_value(HookContext const& context, std::string_view property) {
    if (context.data != nullptr) {
        auto const* value = context.data->as_object().find(property);
        return value == nullptr ? std::nullopt : std::optional{*value};
    }
    return context.instance == nullptr ? std::nullopt : std::optional{(*context.instance)[property]};
}

bool is_same(Json const& a, Json const& b) { return a == b || (a.is_nothing() && b.is_nothing()); }

bool changes(HookContext const& context, std::string_view property) {
    auto const value = new_value(context, property);
    if (!value) return false;
    return context.current == nullptr || !is_same(*value, (*context.current)[property]);
}

Task<bool> has_confirmed_factor(TwoFactorModel const& two, Json user_id) {
    auto const account = auth::Account::of(two.model.name(), user_id);
    bool found = false;
    co_await two.store().read(auth::select_factors(account), [&](store::Row const& row) {
        found = found || auth::read_factor(row).state == auth::Factor::State::confirmed;
    });
    co_return found;
}

Task<> refuse_changes(TwoFactorModel const& two, HookContext& context) {
    if (context.is_new || !context.options.is_remote) co_return;
    if (!two.options.phone.empty() && changes(context, two.options.phone)) throw change_refused(two.options.phone);
    for (std::string const property : {"email", "username"}) {
        if (!changes(context, property)) continue;
        // A bulk change names nobody in particular.
        bool const is_bulk = context.current == nullptr;
        auto const id = is_bulk ? Json{} : (*context.current)[two.model.definition().id()->name];
        if (is_bulk || co_await has_confirmed_factor(two, id)) throw change_refused(property);
        co_await require_fresh_owner(two.doors->parts, two.model, context.options, id,
                                     "Log in again to change the " + property + ".");
    }
}

Task<> add_pending(store::Transaction& transaction, auth::Account account, std::string number, std::int64_t now) {
    auth::Factor const factor{
        .id = 0, .type = "sms", .target = std::move(number), .state = auth::Factor::State::pending, .created = now};
    co_await auth::add_factor(transaction, std::move(account), factor);
}

// A number set when the account is made counts as its factor from the first moment.
Task<> note_number(TwoFactorModel const& two, HookContext& context) {
    if (!context.is_new || context.instance == nullptr) co_return;
    auto const number = text_of((*context.instance)[two.options.phone]);
    if (number.empty()) co_return;
    context.also([name = two.model.name(), number, now = two.now()](Transaction& transaction, Json const& id) {
        return add_pending(transaction.rows(), auth::Account::of(name, id), number, now);
    });
}

Task<> check_number(TwoFactorModel const& two, JsonObject const& record,
                    std::vector<model::StoredModel::Problem>& problems) {
    auto const* number = record.find(two.options.phone);
    if (number == nullptr || number->is_nothing()) co_return;
    if (!number->is_string() || !auth::is_phone_number(number->as_string())) {
        problems.push_back({two.options.phone, "format", "is not a number in international form"});
    } else if (!two.doors->serves(number->as_string())) {
        problems.push_back({two.options.phone, "served", "is not a mobile number of a country served here"});
    }
}

}  // namespace

void guard_phone(std::shared_ptr<TwoFactorModel const> const& two) {
    auto& model = two->model;
    model.observe_own(Moment::before_save, [two](HookContext& context) { return refuse_changes(*two, context); });
    if (two->options.phone.empty()) return;
    model.observe_own(Moment::before_save, [two](HookContext& context) { return note_number(*two, context); });
    model.add_validator(
        [two](model::StoredModel&, JsonObject const& record, OperationOptions const&,
              std::vector<model::StoredModel::Problem>& problems) { return check_number(*two, record, problems); });
}

}  // namespace sallyport::methods
