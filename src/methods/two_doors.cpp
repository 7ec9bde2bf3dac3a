#include "methods/two_doors.hpp"

#include "auth/audit.hpp"
#include "auth/closed_email.hpp"
#include "auth/number_breaker.hpp"
#include "auth/recovery_code.hpp"
#include "http/network.hpp"
#include "methods/account_mail.hpp"
#include "query/sql.hpp"
#include "query/table.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <ranges>

namespace sallyport::methods {
namespace {

std::int64_t constexpr minute = 60;
std::int64_t constexpr hour = 3600;
std::int64_t constexpr day = 86400;

// One a minute, three in ten minutes, five an hour, ten a day.
void add_send_limits(std::vector<auth::Limit>& limits, std::string const& key) {
    limits.insert(limits.end(), {{key, minute, 1}, {key, 10 * minute, 3}, {key, hour, 5}, {key, day, 10}});
}

bool has(std::vector<auth::Factor> const& factors, auth::Factor::State state, std::string const& number) {
    return std::ranges::any_of(factors, [&](auth::Factor const& factor) {
        return factor.type == "sms" && factor.state == state && (number.empty() || factor.target == number);
    });
}

bool has_app(std::vector<auth::Factor> const& factors) {
    return std::ranges::any_of(factors, [](auth::Factor const& factor) {
        return factor.type == "totp" && factor.state == auth::Factor::State::confirmed;
    });
}

bool is_preferred(std::vector<auth::Factor> const& factors, std::string_view type) {
    return std::ranges::any_of(factors, [&](auth::Factor const& factor) {
        return factor.is_preferred && factor.type == type && counts(factor);
    });
}

// The number in the record, unless it was dropped.
std::string own_number(std::string const& property, Json const& record, std::vector<auth::Factor> const& factors) {
    if (property.empty()) return {};
    auto number = text_of(record[property]);
    return has(factors, auth::Factor::State::dropped, number) ? std::string{} : number;
}

// The number that a text message goes to: the confirmed one; else the one set when the account was made.
std::string reachable_number(std::vector<auth::Factor> const& factors, std::string const& own) {
    for (auto const& factor : factors) {
        if (factor.type == "sms" && factor.state == auth::Factor::State::confirmed) return factor.target;
    }
    return auth::is_phone_number(own) ? own : std::string{};
}

auth::Limit daily_limit(TwoDoors const& doors) {
    return {"send:all", day, doors.numbers ? doors.numbers->daily_cap() : auth::NumberRules{}.daily_cap};
}

// Rounded up, so that the smallest cap leaves one.
std::int64_t four_fifths(std::int64_t all) { return (all * 4 + 4) / 5; }

// Whoever asks for a number that the account has confirmed, from where the account is known, is taken for its owner.
Asker asker_of(auth::Acquaintance const& acquaintance, Way const& way) {
    return acquaintance.is_known() && way.is_confirmed ? Asker::owner : Asker::stranger;
}

// Once in a window, at four fifths of what may be sent in it.
Task<> warn_of_cap(store::Transaction& transaction, TwoFactorModel const& two) {
    auto const limit = daily_limit(*two.doors);
    auto const count = co_await two.doors->parts.throttle.count_of(transaction, limit);
    if (count == four_fifths(limit.limit)) {
        two.doors->parts.log.tell(
            "alarm", {{"about", "daily cap"}, {"sent", count}, {"cap", limit.limit}},
            fmt::format("alarm: {} of {} text messages of 24 hours are sent", count, limit.limit));
    }
}

std::string_view constexpr range_charge = "range:";

std::string minutes(std::int64_t seconds) {
    auto const count = std::max<std::int64_t>(1, seconds / minute);
    return count == 1 ? "a minute" : fmt::format("{} minutes", count);
}

}  // namespace

KnownUser known_user(TwoFactorModel const& two, Json record) {
    auto const& definition = two.model.definition();
    KnownUser user;
    user.id = record[definition.id()->name];
    user.account = auth::Account::of(definition.name, user.id);
    user.email = text_of(record["email"]);
    user.record = std::move(record);
    return user;
}

bool has_verified_address(KnownUser const& user) {
    return !user.email.empty() && user.record["emailVerified"] == Json{true};
}

std::optional<Credentials> named_user(TwoFactorModel const& two, Json const& body) {
    auto const& email = body["email"];
    if (!email.is_nothing() && !email.is_string()) throw Error{400, "The email has to be a text.", "INVALID_EMAIL"};
    if (text_of(email).empty()) return std::nullopt;
    return read_credentials(two.model.definition(), body);
}

Task<std::optional<KnownUser>> find_user(TwoFactorModel const& two, std::optional<Credentials> named) {
    if (!named) co_return std::nullopt;
    Filter filter;
    filter.where = named->where();
    auto record = co_await two.model.find_one(std::move(filter));
    if (!record) co_return std::nullopt;
    co_return known_user(two, std::move(*record));
}

std::string text_of(Json const& value) { return value.is_string() ? value.as_string() : std::string{}; }

std::int64_t whole_number(Json const& value, std::int64_t usual, std::int64_t least, std::int64_t most) {
    if (!value.is_number()) return usual;
    auto const bounded = std::clamp(value.as_number(), static_cast<double>(least), static_cast<double>(most));
    return static_cast<std::int64_t>(bounded);
}

Task<Reachable> reach(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user,
                      auth::Acquaintance acquaintance) {
    Reachable found;
    found.factors = co_await auth::factors_of(transaction, user.account);
    auto const own = own_number(two.options.phone, user.record, found.factors);
    auto const number = reachable_number(found.factors, own);
    found.number = number.empty() ? own : number;
    found.had_factor = !own.empty() || std::ranges::any_of(found.factors, [](auth::Factor const& factor) {
        return auth::counts(factor) || (factor.state == auth::Factor::State::removed && factor.type != "email");
    });
    // Who never had a factor enrols one: the mailbox alone is none.
    bool const may_be_mailed = has_verified_address(user) && (found.had_factor || !two.options.lets_enrol());
    for (auto const& channel : two.options.channels) {
        if (channel == "totp" ? !has_app(found.factors) : !two.doors->senders.contains(channel)) continue;
        if (channel == "email" && !may_be_mailed) continue;
        if (channel == "sms" && (number.empty() || !two.doors->serves(number))) continue;
        bool const is_closed = channel == "email" && !auth::email_is_open(found.factors);
        if (is_closed || co_await auth::is_switched_off(transaction, user.account, channel, acquaintance)) {
            found.is_reduced = true;
            continue;
        }
        if (channel == "sms")
            found.ways.push_back({channel, number, auth::phone_hint(number),
                                  has(found.factors, auth::Factor::State::confirmed, number)});
        if (channel == "console") found.ways.push_back({channel, "", "the server's console"});
        if (channel == "email") found.ways.push_back({channel, user.email, "your email address"});
        if (channel == "totp") found.ways.push_back({channel, "", "authenticator app"});
    }
    if (co_await auth::recovery_codes_left(transaction, user.account) > 0 &&
        !co_await auth::is_switched_off(transaction, user.account, "recovery", acquaintance)) {
        found.ways.push_back({"recovery", "", "recovery code"});
    }
    auto const first =
        std::ranges::find_if(found.ways, [&](Way const& way) { return is_preferred(found.factors, way.channel); });
    if (first != found.ways.end()) std::rotate(found.ways.begin(), first, first + 1);
    co_return found;
}

Task<bool> has_second_factor(store::Transaction& transaction, definition::Model const& model, Json user) {
    auto const options = auth::two_factor_options(model);
    if (!options) co_return false;
    auto const factors = co_await auth::factors_of(transaction, auth::Account::of(model.name, user[model.id()->name]));
    co_return has_factor(*options, user, factors);
}

bool has_factor(auth::TwoFactorOptions const& options, Json const& user, std::vector<auth::Factor> const& factors) {
    return std::ranges::any_of(factors, auth::counts) || !own_number(options.phone, user, factors).empty();
}

std::vector<auth::Limit> send_limits(TwoFactorModel const& two, auth::Account const& account,
                                     auth::Acquaintance const& acquaintance, auth::Client const& client,
                                     Way const& way) {
    std::vector<auth::Limit> limits;
    add_send_limits(limits, "send:" + (acquaintance.is_known() ? acquaintance.budget
                                                               : "account:" + account.model + ":" + account.id));
    if (!acquaintance.is_known()) {
        auto const address = "send:address:" + http::network_of(client.peer, 32, 64);
        limits.push_back({address, hour, 10});
        limits.push_back({address, day, 30});
        limits.push_back({"send:network:" + http::network_of(client.peer, 24, 48), hour, 60});
    }
    if (way.channel == "sms") {
        auto const asker = asker_of(acquaintance, way);
        // The owner's own budget is as small already.
        if (asker == Asker::stranger) add_send_limits(limits, "send:number:" + two.doors->parts.throttle.tag(way.to));
        std::ranges::move(cost_limits(*two.doors, way.to, asker), std::back_inserter(limits));
    }
    return limits;
}

auth::Numbers::Range range_of(TwoDoors const& doors, std::string_view number) {
    static auth::Numbers const usual{{}};
    return (doors.numbers ? *doors.numbers : usual).range_of(number);
}

std::vector<auth::Limit> cost_limits(TwoDoors const& doors, std::string_view number, Asker asker) {
    auto const range = range_of(doors, number);
    if (asker == Asker::owner)
        return {{"send:prefix:known:" + range.prefix, hour, range.per_hour}, {"send:all", 20, 20}, daily_limit(doors)};
    auto daily = daily_limit(doors);
    daily.limit = four_fifths(daily.limit);
    return {{"send:prefix:" + range.prefix, hour, range.per_hour}, {"send:all", 20, four_fifths(20)}, std::move(daily)};
}

Task<Charge> charge_message(store::Transaction& transaction, TwoFactorModel const& two, auth::Account account,
                            auth::Acquaintance acquaintance, auth::Client const& client, Way const& way) {
    auto& throttle = two.doors->parts.throttle;
    if (throttle.lifted()) co_return Charge{};
    if (!auth::is_sent(way.channel))
        co_return Charge{.wait = co_await throttle.wait_of(transaction, auth::code_budget(account, acquaintance))};
    auto const range = way.channel == "sms" ? range_of(*two.doors, way.to).prefix : std::string{};
    auto limits = send_limits(two, account, acquaintance, client, way);
    Charge charge{.wait = co_await throttle.wait_of(transaction, auth::code_budget(account, acquaintance))};
    if (charge.wait == 0 && !range.empty() && asker_of(acquaintance, way) == Asker::stranger)
        charge.wait = co_await auth::stopped_for(transaction, range, two.now(), two.doors->parts.log);
    if (charge.wait == 0) charge.wait = co_await throttle.take(transaction, limits);
    if (charge.wait > 0) co_return charge;
    charge.charged = auth::Throttle::names_of(limits);
    if (range.empty()) co_return charge;
    co_await auth::count_sent(transaction, range, two.now());
    charge.charged.push_back(std::string{range_charge} + range);
    co_await warn_of_cap(transaction, two);
    co_return charge;
}

Task<> give_back(store::Transaction& transaction, auth::Throttle& throttle, std::vector<std::string> charged) {
    for (auto const& name : charged) {
        if (name.starts_with(range_charge))
            co_await auth::take_back_sent(transaction, name.substr(range_charge.size()));
    }
    std::erase_if(charged, [](std::string const& name) { return name.starts_with(range_charge); });
    co_await throttle.give_back_named(transaction, std::move(charged));
}

Task<> record_factor(store::Transaction& transaction, TwoFactorModel const& two, Request const& request,
                     auth::Account account, std::string event, auth::Factor factor) {
    co_await auth::record(transaction,
                          {.name = std::move(event),
                           .account = std::move(account),
                           .factor = factor.type,
                           .about = factor.hint(),
                           .source = auth::Source::of(request)},
                          two.now());
}

Task<> note_verified(store::Transaction& transaction, TwoFactorModel const& two, std::string number) {
    if (!number.empty()) co_await auth::count_verified(transaction, range_of(*two.doors, number).prefix);
}

std::int64_t resend_after(TwoFactorModel const& two) { return two.doors->parts.throttle.lifted() ? 0 : minute; }

Message code_message(TwoFactorModel const& two, KnownUser const& user, Way const& way,
                     auth::Challenges::Opened const& opened) {
    Message message;
    message.kind = Message::Kind::code;
    message.id = opened.stored_id;
    message.channel = way.channel;
    message.model = user.account.model;
    message.account = user.email;
    message.to = way.to;
    message.subject = "Your sign-in code";
    message.text = fmt::format("{} is your sign-in code. It is good for {}. Nobody will ever ask you for it.",
                               opened.code, minutes(two.options.code.ttl_seconds));
    if (way.channel == "email") {
        two.doors->parts.rules.mails.word(
            message,
            {{"email", user.email}, {"code", opened.code}, {"minutes", minutes(two.options.code.ttl_seconds)}});
    }
    // The last line lets a phone offer the code to that site only. The host is the configured one, never what a
    // request claims.
    if (auto const host = http::host_of(two.doors->parts.rules.base_url); way.channel == "sms" && !host.empty()) {
        message.text += fmt::format("\n\n@{} #{}", host, opened.code);
    }
    message.secret = opened.code;
    message.expires_at = opened.expires_at;
    return message;
}

Error password_refused() { return Error{401, "Sorry, but that email and password do not match!", "LOGIN_FAILED"}; }

Error code_refused() { return Error{401, "Sorry, but that verification code does not work!", "LOGIN_FAILED"}; }

}  // namespace sallyport::methods
