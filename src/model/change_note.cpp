#include "model/change_note.hpp"

#include "model/stored_model.hpp"
#include "query/sql.hpp"
#include "store/row.hpp"

#include <utility>

namespace sallyport::model {
namespace {

// Hidden properties are in it: rules and conditions look at them, and whoever shows it takes them out.
Task<std::vector<Json>> rows(StoredModel const& model, store::Transaction& transaction, Where where) {
    Filter filter;
    filter.where = std::move(where);
    filter.limit = ChangeNote::most_records + 1;
    auto const selection = query::select(model.table(), filter, model.store()->dialect(), true);
    std::vector<Json> records;
    co_await transaction.read(selection.statement, [&](store::Row const& row) {
        records.push_back(store::read_record(row, model.table(), selection));
    });
    co_return records;
}

}  // namespace

ChangeNote::ChangeNote(StoredModel& model, ChangedRecords records) {
    if (model.changes().has_readers()) state_ = std::make_shared<State>(State{.model = model, .records = records});
}

store::Work ChangeNote::around(store::Work work) {
    if (!state_) return work;
    return [state = state_, work = std::move(work)](store::Transaction& transaction) {
        return run(state, work, transaction);
    };
}

void ChangeNote::tell() {
    for (auto const& tell_other : others_) tell_other();
    if (!state_) return;
    if (state_->is_too_many) {
        state_->place.tell_too_many();
    } else {
        state_->place.tell(std::move(state_->changes));
    }
}

Task<> ChangeNote::run(std::shared_ptr<State> state, store::Work const& work, store::Transaction& transaction) {
    state->changes.clear();
    co_await look_before(*state, transaction);
    co_await work(transaction);
    co_await look_after(*state, transaction);
    state->place = state->model.changes().take_place();
}

Task<> ChangeNote::look_before(State& state, store::Transaction& transaction) {
    if (state.records.where == nullptr) co_return;
    auto found = co_await rows(state.model, transaction, *state.records.where);
    state.is_too_many = found.size() > static_cast<std::size_t>(most_records);
    if (state.is_too_many) co_return;
    for (auto& record : found) {
        auto id = state.model.id_of(record);
        state.changes.push_back({.kind = state.records.kind, .id = std::move(id), .record = std::move(record)});
    }
}

Task<> ChangeNote::look_after(State& state, store::Transaction& transaction) {
    if (state.records.record != nullptr)
        state.changes.push_back(
            {.kind = state.records.kind, .id = state.model.id_of(*state.records.record), .record = {}});
    if (state.records.kind != Change::Kind::remove) co_await refresh(state, transaction);
}

Task<> ChangeNote::refresh(State& state, store::Transaction& transaction) {
    auto const& id = state.model.definition().id()->name;
    for (auto& change : state.changes) {
        auto found = co_await rows(state.model, transaction, equals(id, change.id));
        if (!found.empty()) change.record = std::move(found.front());
    }
}

}  // namespace sallyport::model
