#include "auth/ticket.hpp"

#include "crypto/digest.hpp"
#include "crypto/random.hpp"

#include <algorithm>
#include <iterator>

namespace sallyport::auth {
namespace {

std::size_t constexpr digits = 24;
std::size_t constexpr group = 4;

std::string digest(std::string_view text) {
    std::string plain;
    std::ranges::copy_if(text, std::back_inserter(plain), [](char c) { return c >= '0' && c <= '9'; });
    return plain.size() == digits ? crypto::to_hex(crypto::sha256(plain)) : std::string{};
}

}  // namespace

Task<std::string> issue_ticket(store::Transaction& transaction, Account account, std::int64_t now) {
    auto const plain = crypto::random_digits(digits);
    std::string shown;
    for (std::size_t i = 0; i < digits; i += group) shown += (i == 0 ? "" : "-") + plain.substr(i, group);
    co_await transaction.run({R"(
INSERT INTO sallyport_tickets (user_model, user_id, digest, expires_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (user_model, user_id) DO UPDATE SET digest = ?3, expires_at = ?4)",
                              {account.model, account.id, digest(plain), now + ticket_seconds * 1000}});
    co_return shown;
}

TicketHalves halves_of(std::string_view ticket) {
    auto const middle = ticket.size() / 2;  // A dash.
    return {.first = std::string{ticket.substr(0, middle)}, .second = std::string{ticket.substr(middle + 1)}};
}

Task<bool> use_ticket(store::Transaction& transaction, Account account, std::string_view text, std::int64_t now) {
    co_return co_await transaction.run(
        {"DELETE FROM sallyport_tickets"
         " WHERE user_model = ?1 AND user_id = ?2 AND digest = ?3 AND digest <> '' AND expires_at > ?4",
         {account.model, account.id, digest(text), now}}) > 0;
}

}  // namespace sallyport::auth
