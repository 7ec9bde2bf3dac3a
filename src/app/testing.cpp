#include "sallyport/testing.hpp"

#include "app/parts.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

namespace sallyport::test_support {
namespace {

// Every table of a database but SQLite's own and the one that says what made it.
Task<std::vector<std::string>> tables_of(store::Transaction& transaction) {
    std::vector<std::string> names;
    co_await transaction.read(
        {"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
         "AND name <> 'sallyport_meta'",
         {}},
        [&names](store::Row const& row) { names.emplace_back(row.text(0)); });
    co_return names;
}

Task<> empty_tables(store::Transaction& transaction) {
    for (auto const& table : co_await tables_of(transaction)) {
        co_await transaction.run({fmt::format("DELETE FROM {}", query::quote(table)), {}});
    }
    co_await transaction.run({"DELETE FROM sqlite_sequence", {}});
}

template <class Value>
Value on_io_thread(App& app, Task<Value> task) {
    return boost::asio::co_spawn(app.parts().server->context(), std::move(task), boost::asio::use_future).get();
}

Task<std::string> all_of_stream(Producer producer) {
    std::string all;
    for (;;) {
        auto piece = co_await producer();
        if (piece.empty()) co_return all;
        all += piece;
    }
}

}  // namespace

std::int64_t AdvancingClock::now() const { return SystemClock{}.now() + offset_; }

Task<> KeepingSender::send(Message message) {
    std::lock_guard const lock{mutex_};
    messages_.push_back(std::move(message));
    co_return;
}

std::vector<Message> KeepingSender::sent() const {
    std::lock_guard const lock{mutex_};
    return messages_;
}

void KeepingSender::clear() {
    std::lock_guard const lock{mutex_};
    messages_.clear();
}

void lift_limits(App& app) { app.parts().throttle->lift(); }

Task<> reset(App& app, std::string source) {
    auto& stores = app.parts().stores;
    auto const found = stores.find(source);
    if (found == stores.end())
        throw Error{404, fmt::format("There is no data source \"{}\" that keeps records.", source)};
    co_await found->second->write(empty_tables);
}

Response ask(App& app, std::string verb, std::string target, Json const& body, Headers headers) {
    if (!body.is_undefined()) headers.emplace_back("Content-Type", "application/json");
    return ask_with(app, std::move(verb), std::move(target), body.is_undefined() ? "" : to_text(body),
                    std::move(headers));
}

Response ask_with(App& app, std::string verb, std::string target, std::string body, Headers headers) {
    Request const request{.verb = std::move(verb),
                          .target = std::move(target),
                          .headers = std::move(headers),
                          .body = std::move(body),
                          .peer = "127.0.0.1"};
    return on_io_thread(app, app.parts().api->answer(request));
}

std::string text_of(App& app, Response const& response) {
    if (auto const* text = std::get_if<std::string>(&response.body)) return *text;
    return on_io_thread(app, all_of_stream(std::get<Producer>(response.body)));
}

Json json_of(Response const& response) {
    auto const* text = std::get_if<std::string>(&response.body);
    try {
        return text == nullptr ? Json{} : parse_json(*text);
    } catch (JsonError const&) {
        return {};
    }
}

Task<> flush(App& app) { co_await app.parts().outbox->flush(); }

}  // namespace sallyport::test_support
