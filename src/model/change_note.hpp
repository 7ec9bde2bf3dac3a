// What a write changes, looked at inside its transaction and told once that has committed.

#pragma once

#include "model/change_feed.hpp"
#include "sallyport/filter.hpp"
#include "store/store.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace sallyport::model {

class StoredModel;

/// Which records a write is about.
struct ChangedRecords {
    Change::Kind kind = Change::Kind::create;
    Where const* where = nullptr;  ///< Of a bulk change or a removal.
    Json const* record = nullptr;  ///< Of the others: the record, which has its id once the work is done.
};

/// Empty and silent where nobody listens, which costs a write nothing.
class ChangeNote {
public:
    /// More records than this in one write are not told one by one: every stream of the model ends instead.
    static constexpr std::int64_t most_records = 1000;

    /// `model` and what `records` points to must outlive the transaction.
    ChangeNote(StoredModel& model, ChangedRecords records);

    /// The same work, with its records looked at before and after.
    store::Work around(store::Work work);

    /// Has tell() do this first: the changes of other models in the same transaction.
    void tell_with(std::vector<std::function<void()>> others) { others_ = std::move(others); }

    /// To be called after the commit; whoever does not call it says nothing.
    void tell();

private:
    struct State {
        StoredModel& model;
        ChangedRecords records;
        std::vector<Change> changes = {};
        bool is_too_many = false;
        ChangeFeed::Place place = {};
    };

    static Task<> run(std::shared_ptr<State> state, store::Work const& work, store::Transaction& transaction);
    static Task<> look_before(State& state, store::Transaction& transaction);
    static Task<> look_after(State& state, store::Transaction& transaction);
    static Task<> refresh(State& state, store::Transaction& transaction);

    std::shared_ptr<State> state_;
    std::vector<std::function<void()>> others_;
};

}  // namespace sallyport::model
