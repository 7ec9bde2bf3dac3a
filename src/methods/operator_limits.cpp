#include "methods/operator_limits.hpp"

#include "auth/audit.hpp"
#include "auth/factor.hpp"
#include "auth/limit_report.hpp"
#include "http/network.hpp"
#include "methods/credentials.hpp"
#include "methods/operator_accounts.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sallyport::methods {
namespace {

std::int64_t constexpr most_events = 10'000;

/// The account somebody is called by, if there is one, and the tags of all it is called.
struct Called {
    std::string model;
    std::optional<auth::Account> account;
    std::vector<std::string> tags;
};

// As a login that names it is charged (Credentials::identifier).
void add_tags(AccountParts const& parts, Credentials const& credentials, std::vector<std::string>& tags) {
    if (credentials.email.empty() && credentials.username.empty()) return;
    auto tag = parts.throttle.tag(credentials.identifier());
    if (std::ranges::find(tags, tag) == tags.end()) tags.push_back(std::move(tag));
}

bool names_account(Json const& wanted) { return !wanted["id"].is_nothing() || !text_of(wanted["who"]).empty(); }

Task<Called> called(AccountParts const& parts, Json wanted) {
    auto& model = user_model(parts, text_of(wanted["model"]));
    auto const who = text_of(wanted["who"]);
    Called found{.model = model.name(), .account = {}, .tags = {}};
    std::string realm;
    std::vector<Credentials> names{{.email = stored_email(model.definition(), who)}, {.username = who}};
    try {
        auto const account = co_await account_meant(parts, wanted);
        found.account = account.account();
        if (has_realms(model.definition())) realm = text_of(account.record["realm"]);
        names = {{.email = text_of(account.record["email"]), .realm = realm},
                 {.username = text_of(account.record["username"]), .realm = realm}};
    } catch (Error const& error) {
        // Limits hold for those who are not there as well.
        if (error.status != 404 || !wanted["id"].is_nothing()) throw;
    }
    for (auto const& name : names) add_tags(parts, name, found.tags);
    co_return found;
}

Task<auth::LimitSubject> subject_of(AccountParts const& parts, Json wanted) {
    auth::LimitSubject subject;
    if (names_account(wanted)) {
        auto found = co_await called(parts, wanted);
        subject.model = std::move(found.model);
        subject.account = std::move(found.account);
        subject.identifiers = std::move(found.tags);
    }
    subject.address = text_of(wanted["address"]);
    if (!subject.address.empty() && http::network_of(subject.address).empty())
        throw Error{400, fmt::format("\"{}\" is no address, such as 192.0.2.7 or 2001:db8::1", subject.address)};
    auto const number = text_of(wanted["number"]);
    if (!number.empty() && !auth::is_phone_number(number))
        throw Error{400, "a number is written in international form, such as +33612345678"};
    if (!number.empty()) subject.number = parts.throttle.tag(number);
    subject.range = text_of(wanted["range"]);
    co_return subject;
}

/// What is lifted, and what is said of it.
struct Lifting {
    AccountParts& parts;
    auth::LimitSubject subject;
    std::string actor;
    std::int64_t lifted = 0;
};

Task<> lift(store::Transaction& transaction, Lifting& lifting) {
    lifting.lifted = co_await auth::lift_limits(transaction, lifting.subject);
    auto const& tags = lifting.subject.identifiers;
    co_await auth::record(transaction,
                          {.name = "limits.lifted",
                           .account = lifting.subject.account.value_or(auth::Account{}),
                           .identifier = tags.empty() ? "" : tags.front(),
                           .about = fmt::format("{} limits", lifting.lifted),
                           .actor = lifting.actor},
                          lifting.parts.clock.now());
}

}  // namespace

Task<Json> show_limits(AccountParts& parts, store::Store& store, Json wanted) {
    auto subject = co_await subject_of(parts, std::move(wanted));
    co_return co_await auth::limits_of(store, std::move(subject), parts.clock.now());
}

Task<Json> lift_limits(AccountParts& parts, store::Store& store, Json wanted, std::string actor) {
    Lifting lifting{
        .parts = parts, .subject = co_await subject_of(parts, std::move(wanted)), .actor = std::move(actor)};
    if (lifting.subject.is_everybody())
        throw Error{400, "say whose limits: an account, --address, --number or --range"};
    co_await store.write([&](store::Transaction& transaction) { return lift(transaction, lifting); });
    co_return JsonObject{{"lifted", lifting.lifted}};
}

Task<Json> show_audit(AccountParts& parts, store::Store& store, Json wanted) {
    auth::EventFilter filter{.name = text_of(wanted["event"])};
    if (wanted["since"].is_number()) filter.since = static_cast<std::int64_t>(wanted["since"].as_number());
    filter.limit = whole_number(wanted["limit"], filter.limit, 1, most_events);
    if (names_account(wanted)) {
        auto found = co_await called(parts, wanted);
        filter.account = std::move(found.account);
        if (!filter.account) filter.identifier = found.tags.front();
    } else {
        filter.model = text_of(wanted["model"]);
    }
    JsonArray events;
    co_await store.read(auth::select_events(filter),
                        [&](store::Row const& row) { events.push_back(auth::read_event(row)); });
    co_return Json{std::move(events)};
}

}  // namespace sallyport::methods
