#include "cli/new_model.hpp"

#include "app/project_folder.hpp"
#include "cli/new_project.hpp"
#include "folder.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace sallyport::cli {
namespace {

class NewModelCommand : public testing::Test {
protected:
    NewModelCommand() { write_project(folder_, "api-server"); }

    std::string refusal(NewModel const& model) {
        try {
            write_model(folder_, model);
        } catch (std::runtime_error const& error) {
            return error.what();
        }
        return {};
    }

    definition::Project project() { return app::load_project(folder_, {}); }

    Folder outer_;
    std::filesystem::path folder_ = outer_.path() / "company";
};

NewModel employee() {
    NewModel model;
    model.name = "Employee";
    model.base = "User";
    model.properties = {"mobile:string"};
    model.mixins = {"TwoFactor"};
    return model;
}

TEST_F(NewModelCommand, WritesTheEmployeeOfTheTutorial) {
    auto const written = write_model(folder_, employee());

    EXPECT_EQ(written.file, "common/models/employee.json");
    EXPECT_TRUE(written.is_reachable);
    auto const json = parse_json(outer_.read("company/common/models/employee.json"));
    EXPECT_EQ(to_text(json["properties"]), R"({"mobile":{"type":"string"}})");
    EXPECT_EQ(to_text(json["mixins"]), R"({"TwoFactor":{"channels":["console"],"phone":"mobile"}})");
    auto const loaded = project();
    EXPECT_FALSE(loaded.has_mistakes());
    EXPECT_EQ(loaded.models.get("Employee").data_source, "db");
    EXPECT_TRUE(loaded.models.get("Employee").is("User"));
}

TEST_F(NewModelCommand, NamesAPhoneOnlyWhereThereIsAMobile) {
    auto model = employee();
    model.properties = {};

    write_model(folder_, model);

    auto const json = parse_json(outer_.read("company/common/models/employee.json"));
    EXPECT_EQ(to_text(json["mixins"]), R"({"TwoFactor":{"channels":["console"]}})");
}

TEST_F(NewModelCommand, TakesEveryFlag) {
    write_model(folder_, employee());
    NewModel model;
    model.name = "TimeSheet";
    model.properties = {"day:date:required", "tags:[string]"};
    model.relations = {"employee:belongsTo:Employee", "notes:hasMany:TimeSheet:parentId"};
    model.allow = {"$authenticated:READ", "admin"};
    model.plural = "sheets";
    model.is_public = false;
    model.data_source = "none";

    auto const written = write_model(folder_, model);

    EXPECT_EQ(written.file, "common/models/time-sheet.json");
    EXPECT_TRUE(written.is_reachable);
    auto const after = project();
    auto const& loaded = after.models.get("TimeSheet");
    EXPECT_EQ(loaded.http_path, "/sheets");
    EXPECT_FALSE(loaded.is_public);
    EXPECT_EQ(loaded.data_source, "");
    EXPECT_TRUE(loaded.property("day")->is_required);
    EXPECT_EQ(loaded.property("tags")->type.element->kind, definition::PropertyType::Kind::string);
    EXPECT_EQ(loaded.rules.size(), 2U);
    EXPECT_EQ(loaded.rules.front().access_type, "READ");
}

TEST_F(NewModelCommand, KeepsWhatPeopleWroteIntoModelConfig) {
    auto const before = outer_.read("company/server/model-config.json");

    write_model(folder_, employee());

    auto const after = outer_.read("company/server/model-config.json");
    auto const kept = before.substr(0, before.rfind('}') - 1);
    EXPECT_EQ(after, kept + ",\n  \"Employee\": {\"dataSource\": \"db\", \"public\": true}\n}\n");
}

TEST_F(NewModelCommand, WhatWouldBeAMistakeIsRefusedAndTakenBack) {
    struct Row {
        void (*change)(NewModel&);
        char const* text;
    };
    Row const rows[] = {
        {[](NewModel& model) { model.properties = {"mobile:strng"}; },
         "there is no type or model \"strng\"\n  hint: did you mean \"string\"?"},
        {[](NewModel& model) { model.base = "Usr"; },
         "there is no model \"Usr\" to be the base of \"Employee\"\n  hint: did you mean \"User\"?"},
        {[](NewModel& model) { model.mixins = {"TwoFactors"}; },
         "there is no mixin \"TwoFactors\"\n  hint: did you mean \"TwoFactor\"?"},
        {[](NewModel& model) { model.data_source = "dbb"; },
         "there is no data source \"dbb\"\n  hint: did you mean \"db\"?"},
        {[](NewModel& model) { model.relations = {"boss:belongsTo:Bos"}; },
         "there is no model \"Bos\"\n  hint: write its definition into common/models"},
        {[](NewModel& model) { model.properties = {"mobile"}; },
         "\"mobile\" is no property\n  hint: write name:type or name:type:required, as in mobile:string"},
        {[](NewModel& model) { model.name = "1st"; },
         "\"1st\" is no name for a model\n  hint: letters, digits, \"-\" and \"_\", as in Employee"},
        {[](NewModel& model) { model.name = "User"; },
         "there is a model \"User\" already\n  hint: see common/models/user.json"},
    };
    auto const before = outer_.read("company/server/model-config.json");

    for (auto const& row : rows) {
        SCOPED_TRACE(row.text);
        auto model = employee();
        row.change(model);
        EXPECT_EQ(refusal(model), row.text);
        EXPECT_FALSE(outer_.has("company/common/models/employee.json"));
        EXPECT_EQ(outer_.read("company/server/model-config.json"), before);
    }
}

}  // namespace
}  // namespace sallyport::cli
