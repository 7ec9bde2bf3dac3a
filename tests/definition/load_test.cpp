#include "definition/load.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sallyport::definition {
namespace {

/// What matters of a model in one line: "path | name:type ... | relation ...".
std::string in_short(PropertyType const& type) {
    if (type.element) return "[" + in_short(*type.element) + "]";
    return std::string{type.name()};
}

std::string properties_of(Model const& model) {
    std::string text;
    for (auto const& property : model.properties) {
        if (!text.empty()) text += ' ';
        text += property.name + ":" + in_short(property.type) + (property.is_id ? "#" : "") +
                (property.is_generated ? "g" : "");
    }
    return text;
}

std::string relations_of(Model const& model) {
    std::string text;
    for (auto const& relation : model.relations) {
        if (!text.empty()) text += "; ";
        text += relation.name + ">" + relation.model + " " + relation.foreign_key;
        if (!relation.through.empty()) text += " via " + relation.through + " " + relation.key_through;
    }
    return text;
}

MixinDefinition fake_two_factor() {
    return {.name = "TwoFactor",
            .options = {{.name = "channels", .type = {.name = "string", .is_array = true}, .check = {}},
                        {.name = "tokenTtl", .type = {.name = "number", .is_array = false}, .check = {}}},
            .apply = [](Model& model, Json const&) { model.settings["isTwoFactor"] = Json{true}; },
            .check = {}};
}

class ContractApp : public testing::Test {
protected:
    static Project const& project() {
        static Project const loaded =
            load(CONTRACT_APP, {.environment = "development", .variable = {}, .mixins = {fake_two_factor()}});
        return loaded;
    }

    static Model const& model(std::string_view name) { return project().models.get(name); }
};

TEST_F(ContractApp, LoadsWithoutAMistake) {
    for (auto const& finding : project().findings) {
        EXPECT_TRUE(finding.text.ends_with("is known to LoopBack, but has no effect here")) << to_text(finding);
    }
    EXPECT_FALSE(project().has_mistakes());
    EXPECT_EQ(project().data_sources.size(), 3U);
    EXPECT_TRUE(project().scripts.empty());
}

// As LoopBack 3.28 itself defines them from the same folder.
TEST_F(ContractApp, HasTheModelsThatLoopBackMakesOfIt) {
    struct Row {
        char const* name;
        char const* path;
        bool force_id;
        char const* properties;
        char const* relations;
    };
    Row const rows[] = {
        {"ACL", "/ACLs", true,
         "model:string property:string accessType:string permission:string principalType:string principalId:string "
         "id:number#g",
         ""},
        {"AccessToken", "/AccessTokens", false, "id:string# ttl:number scopes:[string] created:date userId:number",
         "user>Customer userId"},
        {"Address", "/Addresses", false, "street:string city:string zip:string id:string#g", ""},
        {"Appointment", "/Appointments", true, "when:date room:string id:number#g physicianId:number patientId:number",
         "physician>Physician physicianId; patient>Patient patientId"},
        {"Calc", "/Calc", true, "id:number#g", ""},
        {"Category", "/Categories", true, "name:string rank:number id:number#g parentId:number",
         "products>Product categoryId via CategoryProduct productId; parent>Category parentId; children>Category "
         "parentId"},
        {"CategoryProduct", "/CategoryProducts", true, "id:number#g categoryId:number productId:number",
         "category>Category categoryId; product>Product productId"},
        {"Contact", "/Contacts", false, "id:number# kind:string value:string", ""},
        {"Coupon", "/Coupons", false, "code:string# pct:number", ""},
        {"Customer", "/Customers", true,
         "name:string phone:string vip:boolean realm:string username:string password:string email:string "
         "emailVerified:boolean verificationToken:string id:number#g",
         "accessTokens>AccessToken userId; orders>Order customerId; memos>Memo ownerId"},
        {"Doc", "/Docs", false, "id:string# title:string rev:string", ""},
        {"Email", "/Emails", true, "to:string from:string subject:string text:string html:string id:number#g", ""},
        {"Gadget", "/Gadgets", false, "id:number# name:string", ""},
        {"Gizmo", "/things", true, "name:string id:number#g", ""},
        {"Item", "/Items", true, "label:string qty:number price:number id:number#g orderId:number productId:number",
         "order>Order orderId; product>Product productId"},
        {"Memo", "/Memos", true, "text:string ownerId:number id:number#g", "owner>Customer ownerId"},
        {"Note", "/Notes", true,
         "title:string body:string count:number done:boolean due:date tags:array words:[string] nums:[number] "
         "meta:object loc:geopoint misc:any "
         "created:date uid:string level:number address:object id:number#g",
         ""},
        {"Patient", "/Patients", true, "name:string age:number id:number#g",
         "appointments>Appointment patientId; physicians>Physician patientId via Appointment physicianId"},
        {"Place", "/places", true,
         "name:string location:geopoint info:object ratings:[number] nickname:string score:number opened:date "
         "open:boolean id:number#g",
         ""},
        {"Playlist", "/Playlists", true, "title:string id:number#g trackIds:[number]", "tracks>Track trackIds"},
        {"Product", "/Products", true,
         "name:string sku:string price:number stock:number active:boolean tags:[string] dims:object released:date "
         "where:geopoint id:number#g",
         "items>Item productId; reviews>Review productId; categories>Category productId via CategoryProduct "
         "categoryId"},
        {"Profile", "/Profiles", true, "name:string id:number#g billing:Address contactList:[Contact]",
         "billingAddress>Address ; contacts>Contact "},
        {"Role", "/Roles", true, "id:number#g name:string description:string created:date modified:date",
         "principals>RoleMapping roleId"},
        {"RoleMapping", "/RoleMappings", true, "id:number#g principalType:string principalId:string roleId:number",
         "role>Role roleId"},
        {"Secret", "/Secrets", true, "name:string pin:string deep:object hint:string id:number#g keeperId:number",
         "keeper>Keeper keeperId"},
        {"Team", "/Teams", true, "name:string city:string id:number#g", "captain>Captain teamId"},
    };

    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto const& found = model(row.name);
        EXPECT_EQ(found.http_path, row.path);
        EXPECT_EQ(found.force_id, row.force_id);
        EXPECT_EQ(properties_of(found), row.properties);
        EXPECT_EQ(relations_of(found), row.relations);
    }
}

TEST_F(ContractApp, KeepsTheRulesOfTheBaseBeforeOwnOnes) {
    auto const& rules = model("Employee").rules;

    ASSERT_EQ(rules.size(), 15U);
    EXPECT_EQ(rules.front().permission, "DENY");
    EXPECT_EQ(rules.front().model, "User");
    EXPECT_EQ(rules.front().access_type, "*");
    EXPECT_EQ(rules.back().properties, std::vector<std::string>{"loginWithCode"});
    EXPECT_EQ(rules.back().model, "Employee");
}

TEST_F(ContractApp, ReadsWhatElseTheFilesSay) {
    EXPECT_TRUE(model("User").property("password")->is_hidden);
    EXPECT_TRUE(model("Customer").property("password")->is_hidden);
    EXPECT_TRUE(model("Secret").property("pin")->is_hidden);
    EXPECT_TRUE(model("Secret").property("hint")->is_protected);
    EXPECT_TRUE(model("Product").property("sku")->is_unique);
    EXPECT_EQ(model("StrictNote").strict, Strict::validate);
    EXPECT_EQ(model("ThrowNote").strict, Strict::validate);
    EXPECT_EQ(model("LooseNote").strict, Strict::off);
    EXPECT_EQ(model("Member").number("ttl", 0), 3600);
    EXPECT_FALSE(model("Member").flag("caseSensitiveEmail", true));
    EXPECT_TRUE(model("Customer").flag("caseSensitiveEmail", false));
    EXPECT_TRUE(model("RoleMapping").flag("strictObjectIDCoercion", false));
    EXPECT_EQ(model("Article").default_scope["order"], Json{"title ASC"});
    EXPECT_EQ(model("Product").scopes.size(), 3U);
    EXPECT_EQ(model("Account").validations.size(), 9U);
    EXPECT_TRUE(model("Employee").flag("isTwoFactor", false));
    ASSERT_EQ(model("Employee").mixins.size(), 1U);
    EXPECT_EQ(model("Employee").mixins.front().options["tokenTtl"], Json{86400});
    EXPECT_TRUE(model("Customer").relation("accessTokens")->disable_include);
    EXPECT_FALSE(model("User").is_public);
    EXPECT_TRUE(model("Employee").is_public);
    EXPECT_TRUE(model("Employee").is_persisted());
    EXPECT_FALSE(model("Address").is_persisted());
    auto const limited =
        std::vector<std::pair<std::string, bool>>{{"*", false}, {"find", true}, {"findById", true}, {"create", true}};
    EXPECT_EQ(model("Limited").shared_methods, limited);
    EXPECT_EQ(project().models.user_models().size(), 5U);
}

TEST_F(ContractApp, ReadsMethodsInAllTheirForms) {
    auto const& calc = model("Calc").methods;
    auto const named = [&](std::string_view name) { return *std::ranges::find(calc, name, &MethodSpec::name); };

    auto const add = named("add");
    ASSERT_EQ(add.accepts.size(), 2U);
    EXPECT_TRUE(add.accepts[0].required);
    EXPECT_EQ(add.http.front().verb, "GET");
    EXPECT_EQ(add.http.front().path, "/add");
    EXPECT_EQ(named("noHttp").http.front().path, "/noHttp");
    EXPECT_EQ(named("noHttp").http.front().verb, "ALL");
    EXPECT_EQ(named("takesDel").http.front().verb, "DELETE");
    EXPECT_EQ(named("multi").http.size(), 3U);
    EXPECT_EQ(named("created").status, 201);
    EXPECT_EQ(named("failTeapot").error_status, 418);
    EXPECT_EQ(named("fromHeader").accepts[0].source, ArgumentSpec::Source::header);
    EXPECT_EQ(named("defaults").accepts[1].default_value, Json{7});
    EXPECT_EQ(named("echoGeo").accepts[0].type.name, "geopoint");
    EXPECT_TRUE(named("echoNumbers").accepts[0].type.is_array);
    EXPECT_TRUE(named("echoArray").accepts[0].type.is_array);
    EXPECT_EQ(named("withHeader").returns[1].header, "X-Where");
    EXPECT_EQ(named("withStatus").returns[1].target, ReturnSpec::Target::status);
    EXPECT_EQ(named("takesNote").accepts[0].type.name, "Note");
    auto const& close = model("Ticket").methods.front();
    EXPECT_EQ(close.name, "prototype.close");
    EXPECT_FALSE(close.is_static);
    EXPECT_EQ(close.http.front().path, "/:id/close");
}

}  // namespace
}  // namespace sallyport::definition
