#include "auth/address_change.hpp"

#include <string_view>
#include <utility>

namespace sallyport::auth {
namespace {

constexpr std::string_view columns = "user_model, user_id, email, session, new_agreed, old_agreed, created, expires_at";

}  // namespace

Task<> begin_email_change(store::Transaction& transaction, EmailChange change, EmailChangeLinks links) {
    co_await transaction.run({"DELETE FROM sallyport_email_changes WHERE expires_at <= ?1", {change.created}});
    co_await drop_email_change(transaction, change.account);
    co_await transaction.run(
        {"INSERT INTO sallyport_email_changes (user_model, user_id, email, session, new_agreed, old_agreed, created,"
         " expires_at, to_new, to_old) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9)",
         {change.account.model, change.account.id, change.email, change.session,
          std::int64_t{change.old_agreed ? 1 : 0}, change.created, change.expires_at, links.to_new, links.to_old}});
}

store::Statement select_email_change(Account const& account) {
    return {"SELECT " + std::string{columns} + " FROM sallyport_email_changes WHERE user_model = ?1 AND user_id = ?2",
            {account.model, account.id}};
}

EmailChange read_email_change(store::Row const& row) {
    return {.account = {.model = std::string{row.text(0)}, .id = std::string{row.text(1)}},
            .email = std::string{row.text(2)},
            .session = std::string{row.text(3)},
            .new_agreed = row.integer(4) != 0,
            .old_agreed = row.integer(5) != 0,
            .created = row.integer(6),
            .expires_at = row.integer(7)};
}

Task<std::optional<EmailChange>> agree_to_email_change(store::Transaction& transaction, std::string link,
                                                       std::int64_t now) {
    std::optional<EmailChange> found;
    co_await transaction.read({"UPDATE sallyport_email_changes SET new_agreed = new_agreed OR to_new = ?1,"
                               " old_agreed = old_agreed OR to_old = ?1"
                               " WHERE (to_new = ?1 OR to_old = ?1) AND expires_at > ?2 RETURNING " +
                                   std::string{columns},
                               {link, now}},
                              [&](store::Row const& row) { found = read_email_change(row); });
    co_return found;
}

Task<std::optional<RefusedEmailChange>> refuse_email_change(store::Transaction& transaction, std::string link,
                                                            std::int64_t now) {
    std::optional<RefusedEmailChange> found;
    co_await transaction.read(
        {"DELETE FROM sallyport_email_changes"
         " WHERE (to_new = ?1 OR to_old = ?1) AND expires_at > ?2 RETURNING " +
             std::string{columns} + ", to_old = ?1",
         {link, now}},
        [&](store::Row const& row) { found = {.change = read_email_change(row), .by_old = row.integer(8) != 0}; });
    co_return found;
}

Task<bool> use_email_change(store::Transaction& transaction, EmailChange change) {
    co_return co_await transaction.run(
        {"DELETE FROM sallyport_email_changes WHERE user_model = ?1 AND user_id = ?2 AND email = ?3"
         " AND created = ?4 AND new_agreed = 1 AND old_agreed = 1",
         {change.account.model, change.account.id, change.email, change.created}}) == 1;
}

Task<> drop_other_email_changes(store::Transaction& transaction, Account account, std::string keep) {
    co_await transaction.run(
        {"DELETE FROM sallyport_email_changes WHERE user_model = ?1 AND user_id = ?2 AND session <> ?3",
         {account.model, account.id, std::move(keep)}});
}

Task<> drop_email_change_of(store::Transaction& transaction, std::string session) {
    co_await transaction.run({"DELETE FROM sallyport_email_changes WHERE session = ?1", {std::move(session)}});
}

Task<bool> drop_email_change(store::Transaction& transaction, Account account) {
    co_return co_await transaction.run({"DELETE FROM sallyport_email_changes WHERE user_model = ?1 AND user_id = ?2",
                                        {account.model, account.id}}) == 1;
}

}  // namespace sallyport::auth
