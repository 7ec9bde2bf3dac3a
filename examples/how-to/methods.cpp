#include "library.hpp"

#include <algorithm>
#include <memory>

using namespace sallyport;

namespace {

Task<Result> lend(Invocation& call) {
    if (!call.instance["borrowerId"].is_nothing()) throw Error{409, "This book is lent already.", "BOOK_LENT"};
    auto const days = call.get<double>("days", 14);
    auto const due = static_cast<double>(SystemClock{}.now()) + days * 86'400'000;
    co_return co_await call.model.patch_attributes(
        call.id, JsonObject{{"borrowerId", call.caller.user_id}, {"due", Json::date(due)}}, {.caller = &call.caller});
}

Task<Result> give_back(Invocation& call) {
    co_await call.model.patch_attributes(call.id, JsonObject{{"borrowerId", nullptr}, {"due", nullptr}});
    co_return std::monostate{};
}

Task<Result> count_by_author(Invocation& call) {
    auto const author = call.get<std::string>("author");
    auto const books = co_await call.model.count(equals("author", author));
    co_return JsonObject{{"author", author}, {"books", books}, {"language", call.argument("language")}};
}

void add_count(Model& books) {
    using Source = ArgumentSpec::Source;
    books.add_method({.name = "countByAuthor",
                      .accepts = {{.name = "author", .type = {"string"}, .required = true, .source = Source::path},
                                  {.name = "language", .type = {"string"}, .source = Source::query}},
                      .returns = {{.name = "author", .type = {"string"}},
                                  {.name = "books", .type = {"number"}},
                                  {.name = "language",
                                   .type = {"string"},
                                   .target = ReturnSpec::Target::header,
                                   .header = "Content-Language"}},
                      .http = {{"GET", "/by/:author/count"}},
                      .access_type = "READ"},
                     count_by_author);
}

Task<Result> donate(Invocation& call) {
    auto book = co_await call.model.create(call.argument("book"), {.caller = &call.caller});
    call.status = 201;
    call.response_headers.emplace_back("Location", "/api/Books/" + to_display(book["id"]));
    co_return book;
}

void add_donate(Model& books) {
    books.add_method({.name = "donate",
                      .accepts = {{.name = "book", .type = {"object"}, .source = ArgumentSpec::Source::body}},
                      .returns = {{.name = "book", .type = {"Book"}, .root = true}},
                      .http = {{"POST", "/donate"}}},
                     donate);
}

Task<Result> shelve(Invocation& call) {
    co_return co_await call.model.patch_attributes(
        call.id, JsonObject{{"shelf", call.argument("shelf")}, {"shelvedBy", call.argument("X-Shelver")}});
}

void add_shelve(Model& books) {
    books.add_method({.name = "prototype.shelve",
                      .accepts = {{.name = "shelf", .type = {"string"}, .source = ArgumentSpec::Source::form},
                                  {.name = "X-Shelver", .type = {"string"}, .source = ArgumentSpec::Source::header}},
                      .returns = {{.name = "book", .type = {"Book"}, .root = true}},
                      .http = {{"POST", "/shelve"}}},
                     shelve);
}

// What is still to be sent of a list.
struct Catalogue {
    Model& books;
    std::int64_t sent = 0;
};

Task<std::string> next_page(std::shared_ptr<Catalogue> catalogue) {
    Filter page;
    page.skip = catalogue->sent;
    page.limit = 100;
    std::string lines;
    for (auto const& book : co_await catalogue->books.find(page)) lines += to_display(book["title"]) + "\n";
    catalogue->sent += 100;
    co_return lines;
}

Task<Result> export_titles(Invocation& call) {
    call.response_headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
    auto catalogue = std::make_shared<Catalogue>(Catalogue{.books = call.model});
    co_return Producer{[catalogue] { return next_page(catalogue); }};
}

}  // namespace

namespace library {

void add_methods(App& app) {
    auto& books = app.model("Book");
    books.add_method("prototype.lend", lend);
    books.add_method("prototype.giveBack", give_back);
    add_count(books);
    add_donate(books);
    add_shelve(books);
    books.add_method({.name = "titles", .http = {{"GET", "/titles"}}, .access_type = "READ"}, export_titles);
}

}  // namespace library
