// Transaction over a store: what the additions of a hook read and change.

#pragma once

#include "sallyport/model.hpp"
#include "store/store.hpp"

#include <vector>

namespace sallyport::model {

class ChangeNote;
class StoredModel;

/// Collects in `once_committed` what must be told of its changes. Both references must outlive it.
class RecordTransaction final : public Transaction {
public:
    RecordTransaction(StoredModel const& written, store::Transaction& rows, HookContext& context)
        : written_{written}, rows_{rows}, context_{context} {}

    Task<std::vector<Json>> find(Model& model, Filter filter = {}) override;
    Task<Json> create(Model& model, Json data) override;
    Task<std::int64_t> update_all(Model& model, Where where, Json data) override;
    Task<std::int64_t> delete_all(Model& model, Where where) override;
    store::Transaction& rows() override { return rows_; }

private:
    StoredModel& neighbour(Model& model) const;
    StoredModel& plain_neighbour(Model& model) const;
    void tell_later(ChangeNote note);

    StoredModel const& written_;
    store::Transaction& rows_;
    HookContext& context_;
};

}  // namespace sallyport::model
