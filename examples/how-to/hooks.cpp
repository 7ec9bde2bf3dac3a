#include "library.hpp"

#include <cmath>
#include <cstdio>

using namespace sallyport;

namespace {

Task<> note_donor(Invocation& call) {
    auto& data = call.arguments["book"];
    if (data.is_object()) data.as_object().set("donorId", call.caller.user_id);
    co_return;
}

Task<> thank(Invocation& call) {
    call.response_headers.emplace_back("X-Thanks", "yes");
    co_return;
}

Task<> explain(Invocation& call) {
    if (!call.argument("book")["title"].is_string()) *call.error = Error{422, "A book needs a title.", "NO_TITLE"};
    co_return;
}

Task<> tidy_title(HookContext& context) {
    auto* title = context.values().find("title");
    if (title != nullptr && title->is_string() && title->as_string().starts_with(" ")) {
        title->as_string().erase(0, title->as_string().find_first_not_of(' '));
    }
    co_return;
}

Task<> remember_shelf(HookContext& context) {
    if (context.current != nullptr) context.state = (*context.current)["shelf"];
    co_return;
}

Task<> report_move(HookContext& context) {
    if (context.instance == nullptr || context.is_new || context.state.is_undefined()) co_return;
    auto const& shelf = (*context.instance)["shelf"];
    if (shelf != context.state)
        std::printf("moved from %s to %s\n", to_display(context.state).c_str(), to_display(shelf).c_str());
}

Task<> keep_what_is_lent(HookContext& context) {
    if (context.current != nullptr && !(*context.current)["borrowerId"].is_nothing())
        throw Error{409, "A book that is lent cannot be removed.", "BOOK_LENT"};
    co_return;
}

Task<> only_shelved_for_strangers(HookContext& context) {
    auto const* caller = context.options.caller;
    if (caller == nullptr || caller->is_known()) co_return;
    auto shelved = compare("shelf", Operator::neq, nullptr);
    context.filter->where = all_of({std::move(context.filter->where), std::move(shelved)});
}

Task<> note_loan(Transaction& transaction, Model& loans, JsonObject loan) {
    auto const open = all_of({equals("bookId", loan["bookId"]), equals("returned", false)});
    co_await transaction.update_all(loans, open, JsonObject{{"returned", true}});
    if (!loan["readerId"].is_null()) co_await transaction.create(loans, std::move(loan));
}

Task<> keep_history(HookContext& context, Model& loans) {
    auto const* reader = context.values().find("borrowerId");
    if (reader == nullptr) co_return;
    context.also([&loans, reader = *reader](Transaction& transaction, Json book) {
        return note_loan(transaction, loans, {{"bookId", std::move(book)}, {"readerId", reader}, {"returned", false}});
    });
}

Task<> title_is_no_number(Json const& book, std::vector<Problem>& problems) {
    if (book["title"].is_string() && !std::isnan(to_number(book["title"])))
        problems.push_back({"title", "custom.title", "is a number"});
    co_return;
}

}  // namespace

namespace library {

void add_hooks(App& app) {
    auto& books = app.model("Book");
    books.before_remote("donate", note_donor);
    books.after_remote("donate", thank);
    books.after_remote_error("donate", explain);
    books.observe(Moment::before_save, tidy_title);
    books.observe(Moment::before_save, remember_shelf);
    books.observe(Moment::after_save, report_move);
    books.observe(Moment::before_delete, keep_what_is_lent);
    books.observe(Moment::access, only_shelved_for_strangers);
    books.observe(Moment::before_save,
                  [&loans = app.model("Loan")](HookContext& context) { return keep_history(context, loans); });
    books.add_validation(title_is_no_number);
}

}  // namespace library
