#include "methods/password_change.hpp"

#include "methods/credentials.hpp"
#include "methods/fresh_login.hpp"
#include "methods/mailed_link.hpp"
#include "methods/password_attempt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sallyport::methods {
namespace {

std::string required_text(Invocation const& call, char const* name) {
    auto const& value = call.argument(name);
    if (value.is_string() && !value.as_string().empty()) return value.as_string();
    throw Error{400, fmt::format("{} is a required argument", name)};
}

// The caller's own record, whole.
Task<Json> own_record(model::StoredModel& model, Caller const& caller) {
    if (!caller.is_known()) throw Error{401, "Authorization Required", "AUTHORIZATION_REQUIRED"};
    // A token of another user model is somebody else's, whatever the ids.
    if (caller.user_model != model.name()) throw Error{403, "Access Denied"};
    auto user = co_await model.find_by_id(caller.user_id);
    if (!user) throw Error{401, fmt::format("User {} not found", to_display(caller.user_id)), "USER_NOT_FOUND"};
    co_return std::move(*user);
}

Task<> save_password(model::StoredModel& model, Json const& user, std::string password, Caller const& caller) {
    OperationOptions options;
    options.caller = &caller;
    options.is_remote = true;
    options.set_password = true;
    JsonObject changes{{"password", std::move(password)}};
    co_await model.patch_attributes(user[model.definition().id()->name], std::move(changes), options);
}

Task<Result> change_password(AccountParts& parts, model::StoredModel& model, Invocation& call) {
    auto const old_password = required_text(call, "oldPassword");
    auto new_password = required_text(call, "newPassword");
    auto const user = co_await own_record(model, call.caller);
    co_await require_fresh_login(parts, model, call.caller, "Log in again to change the password.");

    auto const identifier = identifier_of(model.definition(), user);
    Json const shown{old_password};
    auto const tried = co_await try_password(parts, model, identifier, user, shown, call.request);
    if (!tried.is_right()) throw Error{400, "Invalid current password", "INVALID_PASSWORD"};
    co_await model.store()->write(
        [&](store::Transaction& transaction) { return auth::succeeded(transaction, parts.throttle, tried.attempt); });
    co_await save_password(model, user, std::move(new_password), call.caller);
    co_return std::monostate{};
}

Task<Result> set_password(AccountParts const& parts, model::StoredModel& model, Invocation& call) {
    auto new_password = required_text(call, "newPassword");
    auto const user = co_await own_record(model, call.caller);
    co_await save_password(model, user, std::move(new_password), call.caller);
    auto const& scopes = call.caller.scopes;
    if (std::ranges::find(scopes, reset_scope) != scopes.end())
        co_await make_device_known(parts, model, call, call.caller.user_id);
    co_return std::monostate{};
}

ArgumentSpec password_argument(char const* name) {
    return {.name = name, .type = {"string"}, .required = true, .source = ArgumentSpec::Source::form};
}

MethodSpec change_spec() {
    MethodSpec spec;
    spec.name = "changePassword";
    spec.description = "Change a user's password.";
    spec.accepts = {password_argument("oldPassword"), password_argument("newPassword")};
    spec.http = {{"POST", "/change-password"}};
    return spec;
}

MethodSpec set_spec(bool is_restricted) {
    MethodSpec spec;
    spec.name = "setPassword";
    spec.description = "Choose a new password with the token of a mailed link.";
    spec.accepts = {password_argument("newPassword")};
    spec.http = {{"POST", "/reset-password"}};
    if (is_restricted) spec.access_scopes = {reset_scope};
    return spec;
}

}  // namespace

bool restricts_reset_tokens(AccountRules const& rules, definition::Model const& model) {
    return is_stricter_than_loopback(rules, model) || model.flag("restrictResetPasswordTokenScope", false);
}

void add_password_change(AccountParts& parts, model::StoredModel& model) {
    model.add_method(change_spec(), [&parts, &model](Invocation& call) { return change_password(parts, model, call); });
    model.add_method(set_spec(restricts_reset_tokens(parts.rules, model.definition())),
                     [&parts, &model](Invocation& call) { return set_password(parts, model, call); });
}

}  // namespace sallyport::methods
