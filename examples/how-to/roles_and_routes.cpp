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

Task<Response> count_books(Model& books) {
    auto const count = co_await books.count();
    co_return Response{200, {{"Content-Type", "application/json"}}, to_text(JsonObject{{"books", count}})};
}

}  // namespace

namespace library {

void add_roles_and_routes(App& app) {
    app.add_role("borrower", is_borrower);
    app.add_route("GET", "/opening-hours", opening_hours);
    app.add_route("GET", "/size", [&books = app.model("Book")](Request const&) { return count_books(books); });
}

}  // namespace library
