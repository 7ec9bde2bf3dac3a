#include "sallyport/testing.hpp"

#include "app/parts.hpp"

#include <fmt/format.h>

namespace sallyport::testing {
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

Task<> flush(App& app) { co_await app.parts().outbox->flush(); }

}  // namespace sallyport::testing
