#include "auth/device.hpp"

namespace sallyport::auth {
namespace {

std::int64_t constexpr most_devices = 20;

}  // namespace

Task<Acquaintance> recognise(store::Transaction& transaction, Account account, Client client, std::int64_t now) {
    Acquaintance found;
    std::string budget;
    auto const read = [&](store::Row const& row) {
        bool const is_device = row.integer(0) != 0;
        if (found.kind == Acquaintance::Kind::device) return;
        found.kind = is_device ? Acquaintance::Kind::device : Acquaintance::Kind::network;
        if (is_device) budget = row.text(1);
    };
    co_await transaction.read({R"(
SELECT id = ?3 AS is_device, budget FROM sallyport_devices
WHERE user_model = ?1 AND user_id = ?2
  AND ((id = ?3 AND last_login > ?5) OR (network <> '' AND network = ?4 AND last_login > ?6)))",
                               {account.model, account.id, client.device, client.network,
                                now - device_kept_seconds * 1000, now - network_kept_seconds * 1000}},
                              read);
    auto const whose = account.model + ":" + account.id;
    if (found.kind == Acquaintance::Kind::device) found.budget = "device:" + budget + ":" + whose;
    if (found.kind == Acquaintance::Kind::network) found.budget = "network:" + client.network + ":" + whose;
    co_return found;
}

Task<bool> is_new(store::Transaction& transaction, Account account, Client client, std::int64_t now) {
    bool has_devices = false;
    bool is_among_them = false;
    co_await transaction.read(
        {R"(
SELECT id = ?3 OR (network <> '' AND network = ?4 AND agent = ?5 AND last_login > ?6) AS is_this FROM sallyport_devices
WHERE user_model = ?1 AND user_id = ?2)",
         {account.model, account.id, client.device, client.network, client.agent, now - network_kept_seconds * 1000}},
        [&](store::Row const& row) {
            has_devices = true;
            is_among_them = is_among_them || row.integer(0) != 0;
        });
    co_return has_devices && !is_among_them;
}

Task<std::string> remember(store::Transaction& transaction, Account account, Client client, std::int64_t now) {
    auto secret = client_secret();
    auto const id = secret_digest(secret);
    if (!client.device.empty()) {
        // Other accounts of the same browser move along. What they are charged to stays, or whoever has an account of
        // his own in that browser could log in to have the others' tries forgotten.
        co_await transaction.run({"UPDATE sallyport_devices SET id = ?2 WHERE id = ?1", {client.device, id}});
    }
    co_await transaction.run({R"(
INSERT INTO sallyport_devices (id, user_model, user_id, network, last_login, agent, budget)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?1)
ON CONFLICT (id, user_model, user_id) DO UPDATE SET last_login = ?5, agent = ?6,
  network = CASE WHEN ?4 = '' THEN sallyport_devices.network ELSE ?4 END)",
                              {id, account.model, account.id, client.network, now, client.agent}});
    co_await transaction.run({R"(
DELETE FROM sallyport_devices WHERE user_model = ?1 AND user_id = ?2 AND (last_login < ?3 OR id IN
  (SELECT id FROM sallyport_devices WHERE user_model = ?1 AND user_id = ?2
   ORDER BY last_login DESC, id = ?4 DESC LIMIT 1000000 OFFSET ?5)))",
                              {account.model, account.id, now - device_kept_seconds * 1000, id, most_devices}});
    co_return secret;
}

std::string set_device_cookie(std::string_view value, Request const& request) {
    return set_cookie(device_cookie, value, device_kept_seconds, request.is_secure);
}

}  // namespace sallyport::auth
