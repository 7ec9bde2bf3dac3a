#include "explorer/operation.hpp"

#include "explorer/company.hpp"

#include <algorithm>

namespace sallyport::explorer {
namespace {

using In = Parameter::In;

struct Operations : testing::Test {
    Company company;
    std::vector<Operation> all = operations(*company.models);

    Operation const* find(std::string_view id) const {
        auto const found = std::ranges::find(all, id, &Operation::id);
        return found == all.end() ? nullptr : &*found;
    }
};

TEST_F(Operations, AreNamedAndPlacedAsLoopBackDoes) {
    struct Row {
        char const* id;
        char const* verb;
        char const* path;
    };
    Row const rows[] = {
        {"Note.find", "get", "/Notes"},
        {"Note.exists__get_Notes_{id}_exists", "get", "/Notes/{id}/exists"},
        {"Note.exists__head_Notes_{id}", "head", "/Notes/{id}"},
        {"Note.prototype.patchAttributes", "patch", "/Notes/{id}"},
        {"Note.deleteById", "delete", "/Notes/{id}"},
        {"Note.add", "get", "/Notes/add/{b}"},
        {"Note.post", "post", "/Notes/post"},  // Of any verb.
        {"Note.prototype.close", "post", "/Notes/{id}/close"},
        {"Person.prototype.__findById__accessTokens", "get", "/People/{id}/accessTokens/{fk}"},
    };
    for (auto const& row : rows) {
        auto const* operation = find(row.id);
        ASSERT_NE(operation, nullptr) << row.id;
        EXPECT_EQ(operation->verb + " " + operation->path, std::string{row.verb} + " " + row.path);
    }
}

TEST_F(Operations, LeaveOutWhatIsNotPublicOrNotDocumented) {
    EXPECT_EQ(find("Note.quiet"), nullptr);
    EXPECT_TRUE(std::ranges::none_of(all, [](auto const& one) { return one.model->name == "Secret"; }));
}

TEST_F(Operations, TakeEachArgumentFromWhereItIsRead) {
    struct Row {
        char const* id;
        char const* name;
        In in;
        bool is_required;
    };
    Row const rows[] = {
        {"Note.add", "a", In::query, true},
        {"Note.add", "b", In::path, true},  // The route names it, so it is there.
        {"Note.post", "a", In::form, true},
        {"Note.create", "data", In::body, false},
        {"Note.prototype.close", "id", In::path, true},  // No argument of its own.
        {"Note.find", "filter", In::query, false},
    };
    for (auto const& row : rows) {
        auto const& parameters = find(row.id)->parameters;
        auto const found = std::ranges::find(parameters, row.name, &Parameter::name);
        ASSERT_NE(found, parameters.end()) << row.id << " " << row.name;
        EXPECT_EQ(found->in, row.in) << row.id << " " << row.name;
        EXPECT_EQ(found->is_required, row.is_required) << row.id << " " << row.name;
    }
}

}  // namespace
}  // namespace sallyport::explorer
