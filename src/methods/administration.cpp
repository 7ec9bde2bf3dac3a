#include "methods/administration.hpp"

#include "methods/operator_accounts.hpp"
#include "methods/operator_limits.hpp"
#include "methods/own_factors.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace sallyport::methods {
namespace {

// Who administers, and over what.
struct Office {
    std::shared_ptr<TwoFactorModel const> two;
    Administration administration;

    AccountParts& parts() const { return two->doors->parts; }
};

/// What a method does, and whether it changes something.
struct Duty {
    char const* name;
    Task<Json> (*body)(Office const&, Invocation&, Json wanted);
    bool is_change = false;
};

Actor actor(Caller const& caller) { return Actor{caller}; }

// The arguments of a call, with the user model they are about. An id may be spelt in many ways: from here on in one.
Json wanted_of(Office const& office, Invocation const& call) {
    auto wanted = call.arguments;
    auto const& models = office.administration.models;
    auto const named = call.get<std::string>("model", models.front());
    if (std::ranges::find(models, named) == models.end())
        throw Error{400, fmt::format("`model` has to be one of: {}.", fmt::join(models, ", ")), "UNKNOWN_MODEL"};
    wanted.set("model", named);
    auto const* const id = wanted.find("id");
    if (id == nullptr) return Json{std::move(wanted)};
    auto known = user_model(office.parts(), named).to_id(*id);
    if (known.is_undefined())
        throw Error{404, fmt::format("no {} has the id \"{}\"", named, to_display(*id)), "MODEL_NOT_FOUND"};
    wanted.set("id", std::move(known));
    return Json{std::move(wanted)};
}

// Nobody makes a ticket for themselves, which would let a weak factor replace a strong one, or shuts themselves out.
void refuse_own(Invocation const& call, Json const& wanted) {
    if (wanted["model"] != Json{call.caller.user_model} || wanted["id"] != call.caller.user_id) return;
    throw Error{400, "This is your own account: another administrator has to do that.", "OWN_ACCOUNT"};
}

Task<Json> find(Office const& office, Invocation&, Json wanted) {
    return list_accounts(office.parts(), std::move(wanted));
}

// Limits that name an account name its model.
bool is_of_another(Office const& office, AccountParts const& parts, std::string const& limit) {
    return std::ranges::any_of(parts.models.registry().user_models(), [&](definition::Model const* model) {
        return std::ranges::find(office.administration.models, model->name) == office.administration.models.end() &&
               limit.contains(":" + model->name + ":");
    });
}

Task<Json> limits(Office const& office, Invocation&, Json wanted) {
    auto shown = co_await show_limits(office.parts(), office.two->store(), std::move(wanted));
    std::erase_if(shown.as_array(),
                  [&](Json const& row) { return is_of_another(office, office.parts(), text_of(row["limit"])); });
    co_return shown;
}

Task<Json> events(Office const& office, Invocation&, Json wanted) {
    return show_audit(office.parts(), office.two->store(), std::move(wanted));
}

Task<Json> disable(Office const& office, Invocation& call, Json wanted) {
    refuse_own(call, wanted);
    return disable_account(office.parts(), std::move(wanted), actor(call.caller));
}

Task<Json> enable(Office const& office, Invocation& call, Json wanted) {
    return enable_account(office.parts(), std::move(wanted), actor(call.caller));
}

Task<Json> sign_out(Office const& office, Invocation& call, Json wanted) {
    refuse_own(call, wanted);
    return sign_out_account(office.parts(), std::move(wanted), actor(call.caller));
}

Task<Json> ticket(Office const& office, Invocation& call, Json wanted) {
    refuse_own(call, wanted);
    if (!office.two->doors->senders.contains("email"))
        throw Error{422,
                    "The second half of a ticket goes by mail, which is not set up here. An operator makes a whole one "
                    "with `sallyport user reset-factors`.",
                    "NO_MAIL"};
    auto made = co_await reset_factors(office.parts(), std::move(wanted), actor(call.caller), Handover::halves);
    office.parts().outbox.pump(co_await boost::asio::this_coro::executor);
    co_return made;
}

// By the account's own id from here on, however it was named.
Task<Json> lift(Office const& office, Invocation& call, Json wanted) {
    if (!wanted["id"].is_nothing() || !text_of(wanted["who"]).empty()) {
        try {
            auto const found = co_await account_meant(office.parts(), wanted);
            wanted.as_object().set("id", found.account().user_id());
        } catch (Error const& error) {
            if (error.status != 404) throw;  // Limits hold for those who are not there as well.
        }
        refuse_own(call, wanted);
    }
    co_return co_await lift_limits(office.parts(), office.two->store(), std::move(wanted), actor(call.caller).name);
}

// Rules decide who may; who is asked about, and that it takes a second factor, is not left to them.
Task<Result> run(std::shared_ptr<Office const> office, Invocation& call, Duty duty) {
    auto const& [name, body, is_change] = duty;
    auto const& two = *office->two;
    if (call.caller.user_model != two.model.name()) throw Error{403, "Access Denied", "ACCESS_DENIED"};
    if (!auth::has_second(call.caller.factors)) throw step_up_required(two);
    if (is_change) require_fresh_factor(two, call.caller);
    co_return co_await body(*office, call, wanted_of(*office, call));
}

}  // namespace

void add_administration(std::shared_ptr<TwoFactorModel const> const& two) {
    auto administration = administration_of(two->model.definition());
    if (!administration) return;
    // Shared by the methods.
    auto const office = std::make_shared<Office const>(two, std::move(*administration));
    Duty const duties[] = {{"administerAccounts", find},       {"administerLimits", limits},
                           {"administerEvents", events},       {"administerDisable", disable, true},
                           {"administerEnable", enable, true}, {"administerSignOut", sign_out, true},
                           {"administerTicket", ticket, true}, {"administerLift", lift, true}};
    for (auto const& duty : duties)
        two->model.add_method(duty.name, [office, duty](Invocation& call) { return run(office, call, duty); });
}

}  // namespace sallyport::methods
