// A store that keeps the statements it is asked for, transaction by transaction: two requests that do the same work
// leave the same list.

#pragma once

#include "store/store.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace sallyport {

class CountingStore final : public store::Store {
public:
    /// The texts of what ran together: of one transaction, or of one read. What they are bound to is left out.
    struct Step {
        bool is_transaction = false;
        std::vector<std::string> statements;

        bool operator==(Step const&) const = default;
    };

    explicit CountingStore(std::unique_ptr<store::Store> inner) : inner_{std::move(inner)} {}

    /// Steps since the last call.
    std::vector<Step> take_steps() {
        std::lock_guard const lock{mutex_};
        return std::exchange(steps_, {});
    }

    query::Dialect dialect() const override { return inner_->dialect(); }
    Task<> read(store::Statement statement, store::RowReader reader, store::Plan plan) override {
        keep({false, {statement.sql}});
        return inner_->read(std::move(statement), std::move(reader), plan);
    }
    Task<> write(store::Work work, Priority priority) override {
        Step step{true, {}};
        co_await inner_->write(
            [&](store::Transaction& transaction) -> Task<> { return run_counted(work, transaction, step); }, priority);
        keep(std::move(step));
    }
    void prepare(std::vector<store::Statement> const& statements) override { inner_->prepare(statements); }
    store::RowChanges const* watch(std::string const& table) override { return inner_->watch(table); }
    void inspect(store::Statement const& statement, store::RowReader const& reader) override {
        inner_->inspect(statement, reader);
    }
    void back_up(std::filesystem::path const& file, std::stop_token const& stop) override {
        inner_->back_up(file, stop);
    }

private:
    class Counted final : public store::Transaction {
    public:
        Counted(store::Transaction& inner, Step& step) : inner_{inner}, step_{step} {}

        Task<std::int64_t> run(store::Statement statement) override {
            step_.statements.push_back(statement.sql);
            return inner_.run(std::move(statement));
        }
        Task<> read(store::Statement statement, store::RowReader reader) override {
            step_.statements.push_back(statement.sql);
            return inner_.read(std::move(statement), std::move(reader));
        }
        std::int64_t last_id() const override { return inner_.last_id(); }

    private:
        store::Transaction& inner_;
        Step& step_;
    };

    static Task<> run_counted(store::Work const& work, store::Transaction& transaction, Step& step) {
        Counted counted{transaction, step};
        co_await work(counted);
    }

    void keep(Step step) {
        std::lock_guard const lock{mutex_};
        steps_.push_back(std::move(step));
    }

    std::unique_ptr<store::Store> inner_;
    std::mutex mutex_;
    std::vector<Step> steps_;
};

}  // namespace sallyport
