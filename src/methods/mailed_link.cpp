#include "methods/mailed_link.hpp"

#include "auth/client.hpp"
#include "auth/device.hpp"

#include <utility>

namespace sallyport::methods {
namespace {

Task<> remember(store::Transaction& transaction, auth::Account account, auth::Client client, std::int64_t now,
                std::string& device) {
    device = co_await auth::remember(transaction, std::move(account), std::move(client), now);
}

}  // namespace

Task<> make_device_known(AccountParts const& parts, model::StoredModel& model, Invocation& call, Json user_id) {
    auto const account = auth::Account::of(model.name(), user_id);
    auto client = auth::client_of(call.request, {});
    client.network.clear();
    std::string device;
    co_await model.store()->write([&](store::Transaction& transaction) {
        return remember(transaction, account, client, parts.clock.now(), device);
    });
    call.response_headers.emplace_back("Set-Cookie", auth::set_device_cookie(device, call.request));
}

}  // namespace sallyport::methods
