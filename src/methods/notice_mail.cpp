#include "methods/notice_mail.hpp"

#include "methods/account_mail.hpp"
#include "methods/mail_limits.hpp"

#include <utility>

namespace sallyport::methods {
namespace {

// The words of the app's own template stand around it, as around every notice.
constexpr auto too_many =
    "So much was changed on this account that you are not told all of it today: sign in to see what happened.";

}  // namespace

Task<> put_notice(store::Transaction& transaction, AccountParts& parts, Message notice, NoticeOf of) {
    auto& throttle = parts.throttle;
    if (co_await throttle.take(transaction, notices_of_account(of.kind, of.account, of.is_verified)) > 0) {
        auto const once = "notice:many:" + of.kind + ":" + of.account.model + ":" + of.account.id;
        if (co_await throttle.take(transaction, {{once, 86400, 1}}) > 0) co_return;
        Json const nobody{JsonObject{{"email", notice.account}}};
        notice = notice_mail(parts.rules, parts.models.get(notice.model).definition(), nobody, too_many);
    }
    co_await parts.outbox.put(transaction, std::move(notice));
}

}  // namespace sallyport::methods
