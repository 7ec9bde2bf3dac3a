#include "methods/notices.hpp"

#include "auth/number_breaker.hpp"
#include "http/network.hpp"
#include "methods/account_mail.hpp"
#include "methods/notice_mail.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sallyport::methods {
namespace {

std::int64_t constexpr day = 86400;           // seconds
std::int64_t constexpr kept_ms = day * 1000;  // how long a notice may wait to be sent
std::int64_t constexpr texts_a_day = 3;

Message text_message(TwoDoors const& doors, auth::Account const& account, std::string email, std::string number,
                     std::string const& subject) {
    Message message;
    message.id = "notice:" + auth::client_secret();
    message.channel = "sms";
    message.model = account.model;
    message.account = std::move(email);
    message.to = std::move(number);
    message.subject = subject;
    auto const host = http::host_of(doors.parts.rules.base_url);
    message.text = fmt::format("{}{}. If that was not you, sign in and look at your account.",
                               host.empty() ? "" : host + ": ", subject);
    message.expires_at = doors.parts.clock.now() + kept_ms;
    return message;
}

Task<> text_number(store::Transaction& transaction, TwoDoors const& doors, Message message) {
    auto& throttle = doors.parts.throttle;
    auto const now = doors.parts.clock.now();
    if (!doors.serves(message.to)) co_return;
    if (co_await auth::stopped_for(transaction, range_of(doors, message.to).prefix, now, doors.parts.log) > 0)
        co_return;
    auto limits = cost_limits(doors, message.to);
    limits.push_back({"notice:number:" + throttle.tag(message.to), day, texts_a_day});
    auto charged = auth::Throttle::names_of(limits);
    if (co_await throttle.take(transaction, std::move(limits)) > 0) co_return;
    co_await doors.parts.outbox.put(transaction, std::move(message), std::move(charged));
}

// Of all challenges of an account: whoever tries many times is told of once.
std::vector<auth::Limit> one_unanswered(auth::Account const& account) {
    std::int64_t constexpr hour = 3600;
    return {{"notice:unanswered:" + account.model + ":" + account.id, hour, 1}};
}

Message unanswered_notice(TwoFactorModel const& two, KnownUser const& user, Request const& request) {
    auto message = notice_mail(
        two.doors->parts.rules, two.model.definition(), user.record,
        "Somebody gave the right password of your account, but no right code followed" + whence(request, two.now()));
    message.subject = "Your password was used, and no code followed";
    return message;
}

std::string unanswered(std::string const& challenge) { return "unanswered:" + challenge; }

}  // namespace

std::string whence(Request const& request, std::int64_t now) {
    std::chrono::sys_seconds const time{std::chrono::seconds{now / 1000}};
    return fmt::format(" ({:%Y-%m-%d %H:%M} UTC, network {}).", time, http::network_of(request.peer));
}

Task<> mail_owner(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user, std::string id,
                  std::string subject, std::string what) {
    if (user.email.empty() || !two.doors->senders.contains("email")) co_return;
    auto message = notice_mail(two.doors->parts.rules, two.model.definition(), user.record, std::move(what));
    NoticeOf of{.account = user.account, .kind = id.substr(0, id.find(':')), .is_verified = has_verified_address(user)};
    message.id = std::move(id);
    message.subject = std::move(subject);
    message.expires_at = two.now() + kept_ms;
    co_await put_notice(transaction, two.doors->parts, std::move(message), std::move(of));
}

Task<> tell_owner(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user, std::string id,
                  std::string subject, std::string what) {
    co_await text_owner(transaction, *two.doors, user.account, user.email, subject);
    co_await mail_owner(transaction, two, user, std::move(id), std::move(subject), std::move(what));
}

Task<> text_owner(store::Transaction& transaction, TwoDoors const& doors, auth::Account account, std::string email,
                  std::string subject) {
    if (!doors.senders.contains("sms")) co_return;
    for (auto const& factor : co_await auth::factors_of(transaction, account)) {
        if (factor.type != "sms" || factor.state != auth::Factor::State::confirmed) continue;
        co_await text_number(transaction, doors, text_message(doors, account, email, factor.target, subject));
    }
}

Task<> await_answer(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user,
                    Request const& request, auth::Challenges::Opened const& opened) {
    auto& parts = two.doors->parts;
    bool is_charged = false;
    auto first_due = opened.expires_at;
    for (auto const& replaced : opened.replaced) {
        auto const expires_at = co_await parts.outbox.take_back(transaction, unanswered(replaced));
        if (!expires_at) continue;
        is_charged = true;
        first_due = std::min(first_due, *expires_at - kept_ms);
    }
    if (user.email.empty() || !two.doors->senders.contains("email")) co_return;
    if (!is_charged && co_await parts.throttle.take(transaction, one_unanswered(user.account)) > 0) co_return;
    auto message = unanswered_notice(two, user, request);
    message.id = unanswered(opened.stored_id);
    message.expires_at = first_due + kept_ms;
    // Another code puts it off once, as for one that was slow to come: whoever asks on and on is told of all the same.
    auto const last_due = first_due + std::int64_t{two.options.code.ttl_seconds} * 1000;
    co_await parts.outbox.put_for_later(transaction, std::move(message), std::min(opened.expires_at, last_due));
}

Task<> tell_unanswered(store::Transaction& transaction, TwoFactorModel const& two, KnownUser const& user,
                       Request const& request) {
    if (user.email.empty() || !two.doors->senders.contains("email")) co_return;
    if (co_await two.doors->parts.throttle.take(transaction, one_unanswered(user.account)) > 0) co_return;
    auto message = unanswered_notice(two, user, request);
    message.expires_at = two.now() + kept_ms;
    co_await two.doors->parts.outbox.put(transaction, std::move(message));
}

Task<> was_answered(store::Transaction& transaction, TwoFactorModel const& two, auth::Account account,
                    std::string challenge) {
    auto& parts = two.doors->parts;
    if (co_await parts.outbox.take_back(transaction, unanswered(challenge)))
        co_await parts.throttle.give_back(transaction, one_unanswered(account));
}

}  // namespace sallyport::methods
