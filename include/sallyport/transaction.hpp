// Transaction: what commits together with the write that a hook stands at, or not at all.

#pragma once

#include "sallyport/filter.hpp"
#include "sallyport/json.hpp"
#include "sallyport/task.hpp"

#include <cstdint>
#include <vector>

namespace sallyport {

class Model;

namespace store {
class Transaction;
}

/// Reads and changes records of any model of the same data source. Used only by the function it was handed to.
///
/// Nobody else writes until it is over: what find() gives is still so when the write commits. The validations that the
/// JSON declares are made, but no hooks run; so records of user models and access tokens, which need theirs, are
/// refused. All members throw Error, which undoes the write as well unless it is caught.
class Transaction {
public:
    virtual ~Transaction() = default;

    virtual Task<std::vector<Json>> find(Model& model, Filter filter = {}) = 0;

    /// The new record, with its id and defaults.
    virtual Task<Json> create(Model& model, Json data) = 0;
    /// Changes the given properties of every record that matches, without validating them; the count.
    virtual Task<std::int64_t> update_all(Model& model, Where where, Json data) = 0;
    virtual Task<std::int64_t> delete_all(Model& model, Where where) = 0;

    virtual store::Transaction& rows() = 0;  ///< For Sallyport's own tables.
};

}  // namespace sallyport
