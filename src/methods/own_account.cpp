#include "methods/own_account.hpp"

#include "auth/audit.hpp"
#include "auth/recovery_code.hpp"
#include "auth/session_list.hpp"
#include "methods/email_change.hpp"
#include "methods/fresh_login.hpp"
#include "methods/own_factors.hpp"
#include "methods/owned.hpp"
#include "methods/trusted_devices.hpp"

#include <utility>

namespace sallyport::methods {
namespace {

constexpr std::int64_t usual_events = 50;
constexpr std::int64_t most_events = 200;
constexpr std::int64_t most_exported = 1000;

Json date(std::int64_t time) { return Json::date(static_cast<double>(time)); }

void add_text(JsonObject& event, std::string name, std::string_view text) {
    if (!text.empty()) event.append(std::move(name), std::string{text});
}

// Who runs the service is told to nobody by name.
Json own_event(store::Row const& row) {
    JsonObject event{{"id", row.integer(11)},
                     {"at", date(row.integer(0))},
                     {"event", std::string{row.text(1)}},
                     {"outcome", std::string{row.text(2)}}};
    add_text(event, "factor", row.text(6));
    add_text(event, "about", row.text(7));
    add_text(event, "network", row.text(9));
    add_text(event, "client", row.text(10));
    if (!row.text(8).empty()) event.append("by", "operator");
    return Json{std::move(event)};
}

Task<JsonArray> events_of(TwoFactorModel const& two, auth::EventFilter filter) {
    JsonArray events;
    co_await two.store().read(auth::select_events(filter),
                              [&](store::Row const& row) { events.push_back(own_event(row)); });
    co_return events;
}

Task<JsonArray> factors_of(TwoFactorModel const& two, auth::Account account) {
    JsonArray factors;
    co_await two.store().read(auth::select_factors(account), [&](store::Row const& row) {
        auto const factor = auth::read_factor(row);
        if (auth::counts(factor)) factors.push_back(factor.to_json());
    });
    co_return factors;
}

Task<JsonArray> sessions_of(TwoFactorModel const& two, auth::Account account, std::string current) {
    JsonArray sessions;
    co_await two.store().read(auth::select_sessions(account, two.now()), [&](store::Row const& row) {
        auto const session = auth::read_session(row);
        sessions.push_back(session.to_json(session.id == current));
    });
    co_return sessions;
}

Task<JsonArray> devices_of(TwoFactorModel const& two, auth::Account account) {
    JsonArray devices;
    co_await two.store().read(
        {"SELECT network, last_login, agent FROM sallyport_devices WHERE user_model = ?1 AND user_id = ?2"
         " ORDER BY last_login DESC",
         {account.model, account.id}},
        [&](store::Row const& row) {
            JsonObject device{{"network", std::string{row.text(0)}}, {"lastLogin", date(row.integer(1))}};
            add_text(device, "client", row.text(2));
            devices.emplace_back(std::move(device));
        });
    co_return devices;
}

Task<double> recovery_codes_of(TwoFactorModel const& two, auth::Account account) {
    double left = 0;
    co_await two.store().read(auth::select_recovery_codes_left(account),
                              [&](store::Row const& row) { left = static_cast<double>(row.integer(0)); });
    co_return left;
}

Task<JsonObject> records_of(TwoFactorModel const& two, Json user_id) {
    JsonObject records;
    for (auto* model : two.model.models().all()) {
        auto const* const relation = owner_relation(model->definition(), model->models().registry());
        if (relation == nullptr || relation->model != two.model.name() || !model->keeps_records()) continue;
        Filter filter;
        filter.where = equals(relation->foreign_key, user_id);
        filter.order = {{.property = model->definition().id()->name, .descending = true}};
        filter.limit = most_exported;
        JsonArray shown;
        for (auto& record : co_await model->find(std::move(filter))) shown.push_back(model->visible(std::move(record)));
        records.append(model->name(), std::move(shown));
    }
    co_return records;
}

}  // namespace

Task<Result> list_events(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    auth::EventFilter filter{.account = auth::Account::of(two.model.name(), call.id)};
    filter.limit = whole_number(call.argument("limit"), usual_events, 1, most_events);
    filter.before = whole_number(call.argument("before"), 0, 0, 1LL << 53U);
    co_return Json{co_await events_of(two, std::move(filter))};
}

Task<Result> export_account(TwoFactorModel const& two, Invocation& call) {
    require_owner(two, call);
    co_await require_fresh_login(two.doors->parts, two.model, call.caller, "Log in again for a copy of your data.");
    auto user = co_await user_of(two, call.id);
    auto const& account = user.account;
    JsonObject all{{"account", two.model.visible(std::move(user.record))}};
    all.append("factors", co_await factors_of(two, account));
    all.append("recoveryCodesLeft", co_await recovery_codes_of(two, account));
    all.append("sessions", co_await sessions_of(two, account, call.caller.token_id));
    all.append("devices", co_await devices_of(two, account));
    all.append("trustedDevices", co_await trusted_devices_of(two, account, call.request));
    if (auto change = co_await waiting_email_change(two, account); change.is_object())
        all.append("emailChange", std::move(change));
    all.append("events", co_await events_of(two, {.account = account, .limit = most_exported}));
    all.append("records", co_await records_of(two, user.id));
    call.response_headers.emplace_back("Cache-Control", "no-store");
    co_return Json{std::move(all)};
}

}  // namespace sallyport::methods
