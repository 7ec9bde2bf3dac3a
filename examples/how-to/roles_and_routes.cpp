#include "library.hpp"

using namespace sallyport;

namespace {

Task<bool> is_borrower(Caller const& caller, Model& books, Json id) {
    auto const book = co_await books.find_by_id(id);
    co_return book&& caller.is_known() && (*book)["borrowerId"] == caller.user_id;
}

Task<Response> opening_hours(Request const&) {
    co_return Response{200, {{"Content-Type", "text/plain"}}, "Monday to Friday, 10 to 18\n"};
}

Task<Response> lent_to_me(App& app, Request const& request) {
    auto const caller = co_await app.caller_of(request);
    if (!caller.is_known()) throw Error{401, "Log in first.", "AUTHORIZATION_REQUIRED"};
    std::vector<Where> wanted{equals("borrowerId", caller.user_id)};
    if (auto const shelf = request.parameter("shelf")) wanted.push_back(equals("shelf", *shelf));
    co_return json_response(co_await app.model("Book").find({.where = all_of(std::move(wanted))}));
}

}  // namespace

namespace library {

void add_roles_and_routes(App& app) {
    app.add_role("borrower", is_borrower);
    app.add_route("GET", "/opening-hours", opening_hours);
    app.add_route("GET", "/my-books", [&app](Request const& request) { return lent_to_me(app, request); });
}

}  // namespace library
