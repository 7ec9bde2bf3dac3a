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

Task<> put_notice(store::Transaction& transaction, AccountParts& parts, Message notice, bool is_verified) {
    auto& throttle = parts.throttle;
    auto const tag = throttle.tag(notice.to);
    if (co_await throttle.take(transaction, notices_to_address(tag, is_verified)) > 0) {
        if (co_await throttle.take(transaction, {{"notice:many:" + tag, 86400, 1}}) > 0) co_return;
        auto const* const model = &parts.models.get(notice.model).definition();
        JsonObject const nobody{{"email", notice.account}};
        notice = notice_mail(parts.rules, *model, Json{nobody}, too_many);
    }
    co_await parts.outbox.put(transaction, std::move(notice));
}

}  // namespace sallyport::methods
