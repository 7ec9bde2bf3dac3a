// A lending library: what JSON cannot say about it.
//
//     build/release/library examples/extension

#include "sallyport/app.hpp"

#include <cstdio>

using namespace sallyport;

namespace {

Task<Result> lend(Invocation& call) {
    if (!call.instance["borrowerId"].is_nothing()) throw Error{409, "This book is lent already.", "BOOK_LENT"};
    auto const days = call.get<double>("days", 14);
    if (!(days >= 1 && days <= 60)) throw Error{422, "A book is lent for 1 to 60 days.", "BAD_DAYS"};
    auto const due = static_cast<double>(SystemClock{}.now()) + days * 86'400'000;
    co_return co_await call.model.patch_attributes(
        call.id, JsonObject{{"borrowerId", call.caller.user_id}, {"due", Json::date(due)}}, {.caller = &call.caller});
}

Task<Result> give_back(Invocation& call) {
    co_await call.model.patch_attributes(call.id, JsonObject{{"borrowerId", nullptr}, {"due", nullptr}});
    co_return std::monostate{};
}

Task<> keep_what_is_lent(HookContext& context) {
    if (context.current != nullptr && !(*context.current)["borrowerId"].is_nothing())
        throw Error{409, "A book that is lent cannot be removed.", "BOOK_LENT"};
    co_return;
}

Task<bool> is_borrower(Caller const& caller, Model& books, Json id) {
    auto const book = co_await books.find_by_id(id);
    co_return book&& caller.is_known() && (*book)["borrowerId"] == caller.user_id;
}

Task<Response> opening_hours(Request const&) {
    co_return Response{200, {{"Content-Type", "text/plain"}}, "Monday to Friday, 10 to 18\n"};
}

}  // namespace

int main(int argc, char** argv) try {
    App app{argc > 1 ? argv[1] : ".", {.make_keys = true}};
    auto& books = app.model("Book");
    books.add_method("prototype.lend", lend);
    books.add_method("prototype.giveBack", give_back);
    books.observe(Moment::before_delete, keep_what_is_lent);
    app.add_role("borrower", is_borrower);
    app.add_route("GET", "/opening-hours", opening_hours);
    return app.run();
} catch (std::exception const& error) {
    std::fprintf(stderr, "library: %s\n", error.what());
    return 1;
}
