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

using Body = Task<Json> (*)(Office const&, Invocation&, Json wanted);

std::string actor(Caller const& caller) { return fmt::format("{} {}", caller.user_model, to_display(caller.user_id)); }

// The arguments of a call, with the user model they are about.
Json wanted_of(Office const& office, Invocation const& call) {
    auto wanted = call.arguments;
    auto const& models = office.administration.models;
    auto const named = call.get<std::string>("model", models.front());
    if (std::ranges::find(models, named) == models.end())
        throw Error{400, fmt::format("`model` has to be one of: {}.", fmt::join(models, ", ")), "UNKNOWN_MODEL"};
    wanted.set("model", named);
    return Json{std::move(wanted)};
}

// Nobody makes a ticket for themselves, which would let a weak factor replace a strong one, or shuts themselves out.
void refuse_own(Invocation const& call, Json const& wanted) {
    if (wanted["model"] != Json{call.caller.user_model} || to_display(wanted["id"]) != to_display(call.caller.user_id))
        return;
    throw Error{400, "This is your own account: another administrator has to do that.", "OWN_ACCOUNT"};
}

Task<Json> find(Office const& office, Invocation&, Json wanted) {
    return list_accounts(office.parts(), std::move(wanted));
}

Task<Json> limits(Office const& office, Invocation&, Json wanted) {
    return show_limits(office.parts(), office.two->store(), std::move(wanted));
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

Task<Json> lift(Office const& office, Invocation& call, Json wanted) {
    return lift_limits(office.parts(), office.two->store(), std::move(wanted), actor(call.caller));
}

// Rules decide who may; that it takes a second factor is not left to them.
Task<Result> run(std::shared_ptr<Office const> office, Invocation& call, Body body) {
    if (!auth::has_second(call.caller.factors)) throw step_up_required(*office->two);
    co_return co_await body(*office, call, wanted_of(*office, call));
}

}  // namespace

void add_administration(std::shared_ptr<TwoFactorModel const> const& two) {
    auto administration = administration_of(two->model.definition());
    if (!administration) return;
    // Shared by the methods.
    auto const office = std::make_shared<Office const>(two, std::move(*administration));
    std::pair<char const*, Body> const bodies[] = {{"administerAccounts", find}, {"administerLimits", limits},
                                                   {"administerEvents", events}, {"administerDisable", disable},
                                                   {"administerEnable", enable}, {"administerSignOut", sign_out},
                                                   {"administerTicket", ticket}, {"administerLift", lift}};
    for (auto const& [name, body] : bodies)
        two->model.add_method(name, [office, body](Invocation& call) { return run(office, call, body); });
}

}  // namespace sallyport::methods
