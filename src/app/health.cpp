#include "app/health.hpp"

#include <exception>
#include <string>
#include <utility>

namespace sallyport::app {
namespace {

Response answer(int status, std::string_view word) {
    Response response;
    response.status = status;
    response.headers = {{"Content-Type", "application/json; charset=utf-8"}, {"Cache-Control", "no-store"}};
    response.body = "{\"status\":\"" + std::string{word} + "\"}";
    return response;
}

Task<Response> readiness(Stores const& stores) {
    for (auto const& [name, store] : stores) {
        try {
            co_await store->read({"SELECT 1", {}}, [](store::Row const&) {});
        } catch (std::exception const&) {
            co_return answer(503, "unavailable");
        }
    }
    co_return answer(200, "ok");
}

Task<Response> liveness() { co_return answer(200, "ok"); }

}  // namespace

Handler with_health(Stores const& stores, Handler handler) {
    return [&stores, handler = std::move(handler)](Request const& request) {
        auto const path = request.path();
        bool const is_read = request.verb == "GET" || request.verb == "HEAD";
        if (is_read && path == "/health") return liveness();
        if (is_read && path == "/ready") return readiness(stores);
        return handler(request);
    };
}

}  // namespace sallyport::app
