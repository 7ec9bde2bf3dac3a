#include "auth/trusted_device.hpp"

#include "auth/client.hpp"
#include "crypto/digest.hpp"
#include "http/network.hpp"

#include <utility>

namespace sallyport::auth {
namespace {

std::int64_t constexpr most_devices = 10;
std::int64_t constexpr day_ms = 86'400'000;
std::size_t constexpr name_digits = 8;

// What a client shows; all empty where it shows nothing.
struct Shown {
    std::string series;
    std::string series_digest;
    std::string secret_digest;
};

Shown shown_in(Request const& request, Account const& account) {
    auto const cookie = request.cookie(cookie_name(trust_cookie(account), request.is_secure));
    auto const dot = cookie ? cookie->find('.') : std::string_view::npos;
    if (dot == std::string_view::npos) return {};
    auto const series = cookie->substr(0, dot);
    Shown shown{std::string{series}, secret_digest(series), secret_digest(cookie->substr(dot + 1))};
    return shown.series_digest.empty() || shown.secret_digest.empty() ? Shown{} : shown;
}

Json date(std::int64_t time) { return Json::date(static_cast<double>(time)); }

}  // namespace

Json TrustedDevice::to_json(int days) const {
    return JsonObject{{"id", id},
                      {"created", date(created)},
                      {"lastUsed", date(last_used)},
                      {"network", network},
                      {"client", agent},
                      {"trustedUntil", date(created + days * day_ms)},
                      {"current", is_current}};
}

std::string trust_cookie(Account const& account) {
    auto const digest = crypto::to_hex(crypto::sha256(account.model + "|" + account.id));
    return "trust-" + digest.substr(0, name_digits);
}

Task<std::string> trust(store::Transaction& transaction, Account account, Request const& request, std::int64_t now) {
    auto const series = client_secret();
    auto const secret = client_secret();
    // The same device once more: its trust begins anew.
    co_await transaction.run(
        {"DELETE FROM sallyport_trusted_devices WHERE user_model = ?1 AND user_id = ?2 AND series = ?3",
         {account.model, account.id, shown_in(request, account).series_digest}});
    co_await transaction.run({R"(
INSERT INTO sallyport_trusted_devices (user_model, user_id, series, secret, created, last_used, network, agent)
VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7))",
                              {account.model, account.id, secret_digest(series), secret_digest(secret), now,
                               http::network_of(request.peer), agent_of(request)}});
    co_await transaction.run({R"(
DELETE FROM sallyport_trusted_devices WHERE id IN
  (SELECT id FROM sallyport_trusted_devices WHERE user_model = ?1 AND user_id = ?2
   ORDER BY last_used DESC, id DESC LIMIT 1000000 OFFSET ?3))",
                              {account.model, account.id, most_devices}});
    co_return series + "." + secret;
}

Task<Trust> use_trust(store::Transaction& transaction, Account account, Request const& request, int days,
                      std::int64_t now) {
    Trust trust;
    auto const shown = shown_in(request, account);
    if (shown.series.empty()) co_return trust;
    auto const begun_after = now - days * day_ms;
    auto const secret = client_secret();
    co_await transaction.read(
        {R"(
UPDATE sallyport_trusted_devices SET secret = ?5, last_used = ?6, network = ?7, agent = ?8
WHERE user_model = ?1 AND user_id = ?2 AND series = ?3 AND secret = ?4 AND created > ?9 RETURNING created)",
         {account.model, account.id, shown.series_digest, shown.secret_digest, secret_digest(secret), now,
          http::network_of(request.peer), agent_of(request), begun_after}},
        [&](store::Row const& row) {
            trust.kind = Trust::Kind::good;
            trust.seconds_left = (row.integer(0) - begun_after) / 1000;
        });
    if (trust.kind == Trust::Kind::good) {
        trust.cookie = shown.series + "." + secret;
        co_return trust;
    }
    // Whose series it is had the secret once; one whose time is over proves nothing by it.
    co_await transaction.read({"DELETE FROM sallyport_trusted_devices"
                               " WHERE user_model = ?1 AND user_id = ?2 AND series = ?3 RETURNING created",
                               {account.model, account.id, shown.series_digest}},
                              [&](store::Row const& row) {
                                  if (row.integer(0) > begun_after) trust.kind = Trust::Kind::copied;
                              });
    co_return trust;
}

Task<bool> distrust(store::Transaction& transaction, Account account, std::int64_t id) {
    co_return co_await transaction.run(
        {"DELETE FROM sallyport_trusted_devices WHERE user_model = ?1 AND user_id = ?2 AND id = ?3",
         {account.model, account.id, id}}) > 0;
}

Task<std::int64_t> distrust_all(store::Transaction& transaction, Account account) {
    co_return co_await transaction.run(
        {"DELETE FROM sallyport_trusted_devices WHERE user_model = ?1 AND user_id = ?2", {account.model, account.id}});
}

store::Statement select_trusted_devices(Account const& account, int days, std::int64_t now) {
    return {
        "SELECT id, created, last_used, network, agent, series, secret FROM sallyport_trusted_devices"
        " WHERE user_model = ?1 AND user_id = ?2 AND created > ?3 ORDER BY created DESC, id DESC",
        {account.model, account.id, now - days * day_ms}};
}

TrustedDevice read_trusted_device(store::Row const& row, Account const& account, Request const& request) {
    auto const shown = shown_in(request, account);
    return {.id = row.integer(0),
            .created = row.integer(1),
            .last_used = row.integer(2),
            .network = std::string{row.text(3)},
            .agent = std::string{row.text(4)},
            .is_current = row.text(5) == shown.series_digest && row.text(6) == shown.secret_digest};
}

}  // namespace sallyport::auth
