// A model that cannot do anything, for what only needs one to be there.

#pragma once

#include "sallyport/model.hpp"

#include <stdexcept>
#include <string>

namespace sallyport {

class NoModel final : public Model {
public:
    std::string const& name() const override { return name_; }
    Json build(Json) const override { throw unasked(); }
    Task<Json> create(Json, OperationOptions) override { throw unasked(); }
    Task<std::vector<Json>> find(Filter, OperationOptions) override { throw unasked(); }
    Task<std::optional<Json>> find_one(Filter, OperationOptions) override { throw unasked(); }
    Task<std::optional<Json>> find_by_id(Json, Filter, OperationOptions) override { throw unasked(); }
    Task<bool> exists(Json, OperationOptions) override { throw unasked(); }
    Task<std::int64_t> count(Where, OperationOptions) override { throw unasked(); }
    Task<Json> patch_attributes(Json, Json, OperationOptions) override { throw unasked(); }
    Task<Json> replace_by_id(Json, Json, OperationOptions) override { throw unasked(); }
    Task<std::int64_t> update_all(Where, Json, OperationOptions) override { throw unasked(); }
    Task<std::int64_t> delete_by_id(Json, OperationOptions) override { throw unasked(); }
    Task<std::int64_t> delete_all(Where, OperationOptions) override { throw unasked(); }
    void add_validation(RecordValidation) override { throw unasked(); }
    void observe(Moment, Hook) override { throw unasked(); }
    void add_method(std::string, MethodBody) override { throw unasked(); }
    void add_method(MethodSpec, MethodBody) override { throw unasked(); }
    void before_remote(std::string, RemoteHook) override { throw unasked(); }
    void after_remote(std::string, RemoteHook) override { throw unasked(); }
    void after_remote_error(std::string, RemoteHook) override { throw unasked(); }

private:
    static std::logic_error unasked() { return std::logic_error{"this model cannot do anything"}; }

    std::string name_ = "Nothing";
};

}  // namespace sallyport
