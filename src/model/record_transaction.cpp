#include "model/record_transaction.hpp"

#include "model/change_note.hpp"
#include "model/stored_model.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace sallyport::model {

// Its rows are in another database, which this transaction cannot reach.
StoredModel& RecordTransaction::neighbour(Model& model) const {
    auto& stored = static_cast<StoredModel&>(model);
    if (stored.keeps_records() && stored.store() == written_.store()) return stored;
    throw std::logic_error{
        fmt::format("{} is not kept where {} is: one transaction cannot hold both", model.name(), written_.name())};
}

// Passwords are hashed and sessions ended by hooks, which do not run here.
StoredModel& RecordTransaction::plain_neighbour(Model& model) const {
    auto& stored = neighbour(model);
    auto const& definition = stored.definition();
    if (!definition.is("User") && !definition.is("AccessToken")) return stored;
    throw std::logic_error{fmt::format("records of {} change only by the methods of Model", model.name())};
}

void RecordTransaction::tell_later(ChangeNote note) {
    context_.once_committed.emplace_back([note = std::move(note)]() mutable { note.tell(); });
}

Task<std::vector<Json>> RecordTransaction::find(Model& model, Filter filter) {
    co_return co_await neighbour(model).find_in(rows_, std::move(filter));
}

Task<Json> RecordTransaction::create(Model& model, Json data) {
    auto& stored = plain_neighbour(model);
    ChangeNote note{stored, {.kind = Change::Kind::create, .record = &data}};
    auto const work = note.around([&](store::Transaction& rows) { return stored.create_in(rows, data); });
    co_await work(rows_);
    tell_later(std::move(note));
    co_return data;
}

Task<std::int64_t> RecordTransaction::update_all(Model& model, Where where, Json data) {
    auto& stored = plain_neighbour(model);
    std::int64_t changed = 0;
    ChangeNote note{stored, {.kind = Change::Kind::update, .where = &where}};
    auto const work =
        note.around([&](store::Transaction& rows) { return stored.update_in(rows, where, data, changed); });
    co_await work(rows_);
    tell_later(std::move(note));
    co_return changed;
}

Task<std::int64_t> RecordTransaction::delete_all(Model& model, Where where) {
    auto& stored = plain_neighbour(model);
    std::int64_t deleted = 0;
    ChangeNote note{stored, {.kind = Change::Kind::remove, .where = &where}};
    auto const work = note.around([&](store::Transaction& rows) { return stored.delete_in(rows, where, deleted); });
    co_await work(rows_);
    tell_later(std::move(note));
    co_return deleted;
}

}  // namespace sallyport::model
