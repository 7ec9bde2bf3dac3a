#include "rest/exposed.hpp"

#include "rest/reply.hpp"
#include "rest/routes.hpp"

#include <utility>

namespace sallyport::rest {
namespace {

Response answer(Request const& request, std::string const& root, std::string const& base_url) {
    bool const is_read = request.verb == "GET" || request.verb == "HEAD";
    bool const is_api = below(root, request.path()).data() != nullptr;
    if (is_read && !is_api && base_url.starts_with("https://")) {
        return {308, {{"Location", base_url + request.target}, {"Cache-Control", "no-store"}}, std::string{}};
    }
    Error const refusal{403, "This server answers over HTTPS only.", "HTTPS_REQUIRED"};
    return error_reply(refusal, request);
}

Task<Response> as_task(Response response) { co_return response; }

}  // namespace

Handler refuse_exposed(std::string root, std::string base_url) {
    return [root = std::move(root), base_url = std::move(base_url)](Request const& request) {
        return as_task(answer(request, root, base_url));
    };
}

}  // namespace sallyport::rest
