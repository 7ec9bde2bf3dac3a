// A database with the tables that auth/ uses, a clock and keys.

#pragma once

#include "crypto/keys.hpp"
#include "store/migrate.hpp"
#include "store/sqlite.hpp"
#include "support.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace sallyport::auth {

class AuthStore {
public:
    AuthStore() : store_{store::open_sqlite({.file = {}, .synchronous = "OFF", .vfs = {}})} {
        store_->prepare(store::plan_own_tables(*store_));
        // LoopBack's columns, as the AccessToken model has them.
        store_->prepare(
            {{"CREATE TABLE accesstoken (id TEXT NOT NULL PRIMARY KEY, ttl REAL, scopes TEXT, created INTEGER,"
              " userid REAL, _more TEXT)",
              {}}});
    }

    store::Store& store() { return *store_; }

    /// Runs `work` in a transaction of its own and gives back what it returns. `work` must not be a coroutine with
    /// captures: let it call one.
    template <class Work>
    auto write(Work work) {
        using Value = typename std::invoke_result_t<Work&, store::Transaction&>::value_type;
        if constexpr (std::is_void_v<Value>) {
            wait_for(store_->write([&](store::Transaction& transaction) { return work(transaction); }));
        } else {
            std::optional<Value> value;
            wait_for(store_->write([&](store::Transaction& transaction) { return keep(work(transaction), value); }));
            return std::move(*value);
        }
    }

    std::int64_t number(std::string sql, std::vector<store::Value> values = {}) {
        std::int64_t found = 0;
        store_->inspect({std::move(sql), std::move(values)}, [&](store::Row const& row) { found = row.integer(0); });
        return found;
    }

    StillClock clock;
    crypto::Keys keys = crypto::Keys::make();

private:
    template <class T>
    static Task<> keep(Task<T> task, std::optional<T>& value) {
        value = co_await std::move(task);
    }

    std::unique_ptr<store::Store> store_;
};

/// A request from `peer` with these headers.
inline Request request_from(std::string peer, Headers headers = {}) {
    Request request;
    request.verb = "POST";
    request.target = "/api/Employees/loginWithCode";
    request.headers = std::move(headers);
    request.peer = std::move(peer);
    return request;
}

}  // namespace sallyport::auth
